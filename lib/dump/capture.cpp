// The RTP and RTCP of a capture as records: one look through the file finds the flows, the second gives the
// packets in file order; who reads several streams of a file one by one looks once. Nothing is held back, so
// memory stays flat and order is the file's.
#include "dump/capture_file.h"
#include "dump/flow_finder.h"
#include "dump/open_dump.h"
#include "dump/packet_class.h"
#include "dump/wall_clock.h"

namespace greffe::dump {

struct CaptureLook {
  FlowFinder flows;
  std::optional<ArrivalTime> first;  // of any datagram
  bool times_differ = false;         // of any two
  FrameIndex frames;
};

namespace {

constexpr std::size_t MostFlows = 4096;
constexpr std::uint64_t LargestSdp = 1 << 20;

// A Selection with its addresses read.
struct Wanted {
  std::optional<Endpoint> from, to;
  Selection streams;
  std::vector<PacketOwner> beside;
  bool any() const { return streams.ssrc || from || to; }
};

Result<Wanted> wanted_of(const Selection& selection) {
  Wanted wanted{.streams = selection};
  for (const auto& [text, endpoint] :
       {std::pair(&selection.from, &wanted.from), {&selection.to, &wanted.to}}) {
    if (text->empty()) continue;
    *endpoint = find_endpoint(*text);
    if (!*endpoint) return fail(ErrorKind::Usage, "\"{}\" is not address:port", *text);
  }
  for (const auto& [ssrc, flow] : selection.beside) {
    const auto from = find_endpoint(flow.from), to = find_endpoint(flow.to);
    if (from && to) wanted.beside.push_back({.flow = {*from, *to}, .ssrc = ssrc});
  }
  return wanted;
}

Result<std::unique_ptr<CaptureFile>> open_file(BlockReader& reader, Format format, std::string_view place,
                                               DamageLog& damage) {
  return format == Format::Pcap ? open_pcap(reader, place, damage) : open_pcapng(reader, place, damage);
}

// RTCP goes to the port of its RTP or the next one (RFC 3550 §11).
bool matches(const std::optional<Endpoint>& wanted, const Endpoint& endpoint, bool rtcp) {
  if (!wanted || *wanted == endpoint) return true;
  return rtcp && wanted->address == endpoint.address && wanted->port + 1 == endpoint.port;
}

class CaptureSource final : public RecordSource {
 public:
  CaptureSource(BlockReader reader, Format format, std::string_view place, DamageLog& damage, Wanted wanted)
      : reader_(std::move(reader)),
        place_(place),
        damage_(damage),
        wanted_(wanted),
        look_(std::move(wanted.streams.look)) {
    header_.format = format;
  }

  Status open(const Path& sdp);
  const Header& header() const override { return header_; }
  std::shared_ptr<const CaptureLook> look() const override { return look_; }
  const Flow& flow(std::uint32_t index) const override { return flows_.at(index).flow; }
  const FlowDescription& description(std::uint32_t index) const override {
    return flows_.at(index).description;
  }
  std::uint64_t position() const override { return datagrams_->file().position(); }
  std::uint64_t size() const override { return reader_.size(); }
  Result<std::optional<Record>> next() override;

 private:
  struct KnownFlow {
    Flow flow;
    FlowDescription description;
  };
  Result<std::shared_ptr<const CaptureLook>> look_through(const Path& sdp);
  bool is_wanted(const PacketOwner& owner) const;
  std::optional<RecordKind> find_kind(const Datagram& datagram) const;
  std::optional<std::uint32_t> index_of(const FlowKey& key);
  void set_clock(ArrivalTime first);
  void finish();

  BlockReader reader_;
  std::string place_;
  DamageLog& damage_;
  Wanted wanted_;
  Header header_;
  std::shared_ptr<const CaptureLook> look_;
  std::unique_ptr<DatagramReader> datagrams_;
  std::map<FlowKey, std::uint32_t> indices_;
  std::vector<KnownFlow> flows_;
  ArrivalTime zero_{};  // taken off every arrival when there is no wall clock
  std::uint64_t records_ = 0;
  bool finished_ = false;
};

Status CaptureSource::open(const Path& sdp) {
  if (!look_) {
    GREFFE_TRY(look_, look_through(sdp));
  }
  if (look_->first) set_clock(*look_->first);
  header_.has_arrival = look_->times_differ;  // simple packet blocks of pcapng have no time
  GREFFE_TRY(auto file, open_file(reader_, header_.format, place_, damage_));
  header_.grain = file->grain();
  if (wanted_.any())
    file = skip_frames(std::move(file), std::shared_ptr<const FrameIndex>(look_, &look_->frames),
                       [this](const PacketOwner& owner) { return is_wanted(owner); });
  datagrams_ = std::make_unique<DatagramReader>(std::move(file), place_, damage_);
  return {};
}

Result<std::shared_ptr<const CaptureLook>> CaptureSource::look_through(const Path& sdp) {
  const auto found = std::make_shared<CaptureLook>();
  DamageLog later;  // the second look meets the same damage and reports it
  GREFFE_TRY(auto file, open_file(reader_, header_.format, place_, later));
  DatagramReader datagrams(std::move(file), place_, later, &found->frames);
  while (true) {
    GREFFE_TRY(const auto datagram, datagrams.next());
    if (!datagram) break;
    if (!found->first) found->first = datagram->arrival;
    found->times_differ = found->times_differ || datagram->arrival != *found->first;
    found->flows.see(*datagram);
  }
  if (!sdp.empty()) {
    GREFFE_TRY(const std::string text, read_text(sdp, LargestSdp));
    found->flows.see_sdp(text);
  }
  return found;
}

void CaptureSource::set_clock(ArrivalTime first) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(first.time_since_epoch());
  header_.wall_clock = is_plausible_wall_clock(seconds.count());
  if (!header_.wall_clock) zero_ = first;
}

Result<std::optional<Record>> CaptureSource::next() {
  while (true) {
    GREFFE_TRY(const auto datagram, datagrams_->next());
    if (!datagram) {
      finish();
      return std::nullopt;
    }
    const auto kind = find_kind(*datagram);
    if (!kind) continue;
    const auto index = index_of(FlowKey{datagram->from, datagram->to});
    if (!index) continue;
    ++records_;
    return Record{.kind = *kind,
                  .arrival = datagram->arrival - zero_.time_since_epoch(),
                  .bytes = datagram->payload,
                  .cut = datagram->cut,
                  .flow = *index,
                  .position = datagram->position};
  }
}

// Whether a datagram is a packet we give out. Given addresses or an SSRC overrule what the flows look like.
std::optional<RecordKind> CaptureSource::find_kind(const Datagram& datagram) const {
  const FlowKey flow{datagram.from, datagram.to};
  const auto owner = find_owner(flow, datagram.payload);
  if (!owner) return std::nullopt;
  const RecordKind kind = owner->rtcp ? RecordKind::Rtcp : RecordKind::Rtp;
  if (wanted_.any()) return is_wanted(*owner) ? std::optional(kind) : std::nullopt;
  if (look_->flows.is_rtp(flow) || (owner->rtcp && is_rtcp_compound(datagram.payload))) return kind;
  if (owner->rtcp && is_rtcp_chain(datagram.payload) && look_->flows.is_beside_rtp(flow)) return kind;
  return std::nullopt;
}

bool CaptureSource::is_wanted(const PacketOwner& owner) const {
  if (std::find(wanted_.beside.begin(), wanted_.beside.end(), owner) != wanted_.beside.end()) return true;
  return wanted_.streams.takes(owner.ssrc) && matches(wanted_.from, owner.flow.from, owner.rtcp) &&
         matches(wanted_.to, owner.flow.to, owner.rtcp);
}

std::optional<std::uint32_t> CaptureSource::index_of(const FlowKey& key) {
  const auto found = indices_.find(key);
  if (found != indices_.end()) return found->second;
  if (flows_.size() >= MostFlows) {
    damage_.add(
        {.condition = "too-many-flows",
         .place = place_,
         .unit = "packets",
         .text = fmt::format("more than {} flows of RTP in one capture; the rest is left out", MostFlows)});
    return std::nullopt;
  }
  const auto index = static_cast<std::uint32_t>(flows_.size());
  flows_.push_back({.flow = {.from = text_of(key.from), .to = text_of(key.to)},
                    .description = look_->flows.description(key)});
  indices_.emplace(key, index);
  return index;
}

void CaptureSource::finish() {
  if (std::exchange(finished_, true)) return;
  reader_.report_change(place_, damage_);
  if (records_ > 0) return;
  damage_.add({.condition = "no-media",
               .place = place_,
               .text = fmt::format("no media: no RTP among {} UDP datagrams", look_->flows.datagrams())});
}

}  // namespace

Result<std::unique_ptr<RecordSource>> open_capture(BlockReader reader, Format format, std::string_view place,
                                                   DamageLog& damage, const Selection& selection) {
  GREFFE_TRY(const Wanted wanted, wanted_of(selection));
  Path sdp = selection.sdp;
  if (sdp.empty()) sdp = find_session_description(Path(reader.name())).value_or(Path());
  auto source = std::make_unique<CaptureSource>(std::move(reader), format, place, damage, wanted);
  GREFFE_CHECK(source->open(sdp));
  return source;
}

}  // namespace greffe::dump
