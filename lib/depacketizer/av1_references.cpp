#include "depacketizer/av1_references.h"

namespace greffe::depacketizer {

void Av1References::lose_unknown() {
  for (Slot& slot : slots_) slot.intact = false;
}

void Av1References::lose(const media::Av1FrameHeader& header) {
  if (header.existing) {
    // Whether it held a key frame is known only of a slot that is intact.
    const Slot& slot = slots_[*header.existing];
    if (!slot.intact || slot.key) lose_unknown();
    return;
  }
  for (std::size_t at = 0; at < slots_.size(); ++at)
    if ((header.refreshed >> at & 1) != 0) slots_[at] = {};
}

bool Av1References::names_all_said(const media::Av1FrameHeader& header, const Av1Dependencies& said) const {
  for (std::size_t reference = 0; reference < said.references; ++reference) {
    const auto number = static_cast<std::uint16_t>(said.number - said.distances[reference]);
    bool named = false;
    for (std::size_t at = 0; at < slots_.size(); ++at)
      named = named || ((header.named >> at & 1) != 0 && slots_[at].number == number);
    if (!named) return false;
  }
  return said.references > 0;
}

bool Av1References::is_decodable(const media::Av1FrameHeader& header,
                                 const std::optional<Av1Dependencies>& said) const {
  if (header.starts()) return true;
  if (!any_key_) return false;
  if (header.existing) return slots_[*header.existing].intact;
  if (header.intra()) return true;
  const bool names_said = said && names_all_said(header, *said);
  if (said && said->spatial_layer > 0) return names_said;
  bool all_intact = true;
  for (std::size_t at = 0; at < slots_.size(); ++at)
    all_intact = all_intact && ((header.named >> at & 1) == 0 || slots_[at].intact);
  return all_intact || names_said;
}

void Av1References::take(const media::Av1FrameHeader& header, media::PictureSize size,
                         const std::optional<Av1Dependencies>& said) {
  if (header.existing) {
    const Slot shown = slots_[*header.existing];
    if (shown.key) slots_.fill(shown);
    return;
  }
  any_key_ = any_key_ || header.starts();
  Slot slot{.intact = true, .key = header.type == media::Av1FrameType::Key, .size = size};
  if (said) slot.number = said->number;
  for (Slot& other : slots_)  // an old frame of the same number, a turn of the counter ago
    if (said && other.number == said->number) other.number.reset();
  for (std::size_t at = 0; at < slots_.size(); ++at)
    if ((header.refreshed >> at & 1) != 0) slots_[at] = slot;
}

media::PictureSize Av1References::size_of(const media::Av1FrameHeader& header) const {
  if (header.existing) return slots_[*header.existing].size;
  return header.size ? *header.size : slots_[header.size_slot].size;
}

}  // namespace greffe::depacketizer
