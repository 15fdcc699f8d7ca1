#include "dump/sdp.h"

#include <charconv>

#include "base/text.h"

namespace greffe::dump {

namespace {

constexpr std::size_t MostMedia = 64;
constexpr std::size_t LongestName = 64;
constexpr std::size_t LongestFmtp = 1024;
constexpr std::size_t MostGroups = 64;
constexpr std::size_t MostGrouped = 16;

// Takes the text up to the next blank off the front of `text`.
std::string_view take_word(std::string_view& text) {
  const std::size_t start = text.find_first_not_of(' ');
  text.remove_prefix(std::min(start, text.size()));
  const std::string_view word = text.substr(0, text.find(' '));
  text.remove_prefix(word.size());
  return word;
}

// Takes the text up to the next slash off the front of `text`, and the slash.
std::string_view take_part(std::string_view& text) {
  const std::string_view part = text.substr(0, text.find('/'));
  text.remove_prefix(std::min(part.size() + 1, text.size()));
  return part;
}

std::optional<int> number_of(std::string_view word) {
  int number = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (error != std::errc{} || end != word.data() + word.size()) return std::nullopt;
  return number;
}

// "IN IP4 10.0.0.1" or "IN IP4 224.2.1.1/127".
std::optional<Address> address_of_connection(std::string_view value) {
  take_word(value);
  take_word(value);
  const std::string_view word = take_word(value);
  auto address = find_address(word.substr(0, word.find('/')));
  if (address && *address == Address{.is_ipv6 = address->is_ipv6}) return std::nullopt;
  return address;
}

class SdpParser {
 public:
  std::vector<SdpMedia> parse(std::string_view text) {
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      const std::string_view line = trimmed(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
      if (line.size() < 2 || line[1] != '=') continue;
      read_line(line[0], line.substr(2));
    }
    return std::move(media_);
  }

 private:
  void read_line(char type, std::string_view value) {
    if (type == 'm') begin_media(value);
    if (type == 'c') connect(address_of_connection(value));
    if (type == 'a' && value.starts_with("rtpmap:")) read_rtpmap(value.substr(7));
    if (type == 'a' && value.starts_with("fmtp:")) read_fmtp(value.substr(5));
    if (type == 'a' && value.starts_with("extmap:")) read_extmap(value.substr(7));
    if (type == 'a' && value.starts_with("ssrc-group:")) read_ssrc_group(value.substr(11));
  }

  // "audio 49170 RTP/AVP 0 8"
  void begin_media(std::string_view value) {
    take_word(value);
    const auto port = number_of(take_word(value));
    skipping_ = media_.size() >= MostMedia;
    if (skipping_) return;
    port_ = port && *port > 0 && *port <= 0xFFFF ? static_cast<std::uint16_t>(*port) : std::uint16_t{0};
    media_.emplace_back();
    set_endpoint(session_address_);
  }

  void connect(std::optional<Address> address) {
    if (media_.empty())
      session_address_ = address;
    else if (!skipping_)
      set_endpoint(address);
  }

  void set_endpoint(const std::optional<Address>& address) {
    media_.back().endpoint.reset();
    if (address && port_ != 0) media_.back().endpoint = Endpoint{*address, port_};
  }

  // The payload type at the front, when an m= line is open.
  std::optional<PayloadType> take_type(std::string_view& value) const {
    const auto type = number_of(take_word(value));
    if (media_.empty() || skipping_ || !type || *type < 0 || *type > 127) return std::nullopt;
    return PayloadType{static_cast<std::uint8_t>(*type)};
  }

  // "111 opus/48000/2"
  void read_rtpmap(std::string_view value) {
    const auto type = take_type(value);
    std::string_view encoding = take_word(value);
    const std::string_view name = take_part(encoding);
    if (!type || name.empty() || name.size() > LongestName) return;
    media_.back().description.payload_types[*type] = valid_utf8(name);
    PayloadFormat& format = media_.back().description.formats[*type];
    if (const auto rate = number_of(take_part(encoding)); rate && *rate > 0)
      format.clock = ClockRate{static_cast<std::uint32_t>(*rate)};
    if (const auto channels = number_of(take_part(encoding)); channels && *channels > 0 && *channels < 256)
      format.channels = *channels;
  }

  // "96 packetization-mode=1;profile-level-id=42e01f"
  void read_fmtp(std::string_view value) {
    const auto type = take_type(value);
    if (type)
      media_.back().description.formats[*type].fmtp = valid_utf8(trimmed(value).substr(0, LongestFmtp));
  }

  // "1 urn:…" or "1/sendonly urn:…" (RFC 8285 §8); before the first m= line it holds for all.
  void read_extmap(std::string_view value) {
    const std::string_view id_word = take_word(value);
    const auto id = number_of(id_word.substr(0, id_word.find('/')));
    const std::string_view uri = take_word(value);
    if (media_.empty() || skipping_ || !id || *id < 1 || *id > 255 || uri.empty()) return;
    media_.back().description.extmap[*id] = valid_utf8(uri.substr(0, 256));
  }

  // "FID 2231627014 632943048"
  void read_ssrc_group(std::string_view value) {
    const std::string_view semantics = take_word(value);
    if (media_.empty() || skipping_ || semantics.size() > LongestName) return;
    SsrcGroup group{.semantics = valid_utf8(semantics), .ssrcs = {}};
    while (group.ssrcs.size() < MostGrouped) {
      const std::string_view word = take_word(value);
      std::uint32_t ssrc = 0;
      const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), ssrc);
      if (word.empty() || error != std::errc{} || end != word.data() + word.size()) break;
      group.ssrcs.push_back(Ssrc{ssrc});
    }
    auto& groups = media_.back().description.groups;
    if (group.ssrcs.size() >= 2 && groups.size() < MostGroups) groups.push_back(std::move(group));
  }

  std::vector<SdpMedia> media_;
  std::optional<Address> session_address_;
  std::uint16_t port_ = 0;
  bool skipping_ = false;
};

}  // namespace

std::vector<SdpMedia> parse_sdp(std::string_view text) { return SdpParser().parse(text); }

std::string_view find_sdp_in_sip(Bytes payload) {
  const std::string_view text(reinterpret_cast<const char*>(payload.data()), payload.size());
  const std::string_view line = text.substr(0, text.find('\r'));
  if (!line.starts_with("SIP/2.0 ") && !line.ends_with(" SIP/2.0")) return {};
  const std::size_t body = text.find("\r\n\r\nv=0");
  return body == std::string_view::npos ? std::string_view{} : text.substr(body + 4);
}

}  // namespace greffe::dump
