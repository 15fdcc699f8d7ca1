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
    if ((header.refreshed >> at & 1) != 0) slots_[at].intact = false;
}

bool Av1References::is_decodable(const media::Av1FrameHeader& header) const {
  if (header.starts()) return true;
  if (!any_key_) return false;
  if (header.existing) return slots_[*header.existing].intact;
  for (std::size_t at = 0; at < slots_.size(); ++at)
    if ((header.named >> at & 1) != 0 && !slots_[at].intact) return false;
  return true;
}

void Av1References::take(const media::Av1FrameHeader& header, media::PictureSize size) {
  if (header.existing) {
    const Slot shown = slots_[*header.existing];
    if (shown.key) slots_.fill(shown);
    return;
  }
  any_key_ = any_key_ || header.starts();
  const Slot slot{.intact = true, .key = header.type == media::Av1FrameType::Key, .size = size};
  for (std::size_t at = 0; at < slots_.size(); ++at)
    if ((header.refreshed >> at & 1) != 0) slots_[at] = slot;
}

media::PictureSize Av1References::size_of(const media::Av1FrameHeader& header) const {
  if (header.existing) return slots_[*header.existing].size;
  return header.size ? *header.size : slots_[header.size_slot].size;
}

}  // namespace greffe::depacketizer
