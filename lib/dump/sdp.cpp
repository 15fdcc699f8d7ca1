#include "dump/sdp.h"

#include <algorithm>
#include <set>

#include "base/parse.h"
#include "base/text.h"

namespace greffe::dump {

namespace {

constexpr std::size_t MostMedia = 64;
constexpr std::size_t LongestName = 64;
constexpr std::size_t LongestFmtp = 1024;
constexpr std::size_t MostGroups = 64;
constexpr std::size_t MostGrouped = 16;
constexpr std::size_t MostNames = 64;
constexpr std::size_t LongestRid = 32;

// Takes the text up to the next blank off the front of `text`.
std::string_view take_word(std::string_view& text) {
  const std::size_t start = text.find_first_not_of(' ');
  text.remove_prefix(std::min(start, text.size()));
  const std::string_view word = text.substr(0, text.find(' '));
  text.remove_prefix(word.size());
  return word;
}

bool is_rid(std::string_view word) {
  constexpr std::string_view Allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
  return !word.empty() && word.size() <= LongestRid &&
         word.find_first_not_of(Allowed) == std::string_view::npos;
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
    for (std::size_t i = 0; i < media_.size(); ++i) keep_layers(media_[i].description, simulcast_[i]);
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
    if (type == 'a' && value.starts_with("rid:")) read_rid(value.substr(4));
    if (type == 'a' && value.starts_with("simulcast:")) read_simulcast(value.substr(10));
  }

  // "audio 49170 RTP/AVP 0 8"
  void begin_media(std::string_view value) {
    take_word(value);
    const auto port = find_number<int>(take_word(value));
    skipping_ = media_.size() >= MostMedia;
    if (skipping_) return;
    port_ = port && *port > 0 && *port <= 0xFFFF ? static_cast<std::uint16_t>(*port) : std::uint16_t{0};
    media_.emplace_back();
    media_.back().description.extmap = session_extmap_;
    simulcast_.emplace_back();
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
    const auto type = find_number<int>(take_word(value));
    if (media_.empty() || skipping_ || !type || *type < 0 || *type > 127) return std::nullopt;
    return PayloadType{static_cast<std::uint8_t>(*type)};
  }

  // "111 opus/48000/2"
  void read_rtpmap(std::string_view value) {
    const auto type = take_type(value);
    std::string_view encoding = take_word(value);
    const std::string_view name = take_until(encoding, '/');
    if (!type || name.empty() || name.size() > LongestName) return;
    media_.back().description.payload_types[*type] = valid_utf8(name);
    PayloadFormat& format = media_.back().description.formats[*type];
    if (const auto rate = find_number<int>(take_until(encoding, '/')); rate && *rate > 0)
      format.clock = ClockRate{static_cast<std::uint32_t>(*rate)};
    if (const auto channels = find_number<int>(take_until(encoding, '/'));
        channels && *channels > 0 && *channels < 256)
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
    const auto id = find_number<int>(id_word.substr(0, id_word.find('/')));
    const std::string_view uri = take_word(value);
    if (skipping_ || !id || *id < 1 || *id > 255 || uri.empty()) return;
    auto& extmap = media_.empty() ? session_extmap_ : media_.back().description.extmap;
    extmap[*id] = valid_utf8(uri.substr(0, 256));
  }

  // "FID 2231627014 632943048"
  void read_ssrc_group(std::string_view value) {
    const std::string_view semantics = take_word(value);
    if (media_.empty() || skipping_ || semantics.size() > LongestName) return;
    SsrcGroup group{.semantics = valid_utf8(semantics), .ssrcs = {}};
    while (group.ssrcs.size() < MostGrouped) {
      const auto ssrc = find_number<std::uint32_t>(take_word(value));
      if (!ssrc) break;
      group.ssrcs.push_back(Ssrc{*ssrc});
    }
    auto& groups = media_.back().description.groups;
    if (group.ssrcs.size() >= 2 && groups.size() < MostGroups) groups.push_back(std::move(group));
  }

  // "hi send pt=96,97;max-width=1280"
  void read_rid(std::string_view value) {
    const std::string_view rid = take_word(value);
    take_word(value);
    if (media_.empty() || skipping_ || !is_rid(rid)) return;
    StreamName name{.rid = std::string(rid), .types = {}};
    std::string_view restrictions = take_word(value);
    while (!restrictions.empty()) {
      std::string_view restriction = take_until(restrictions, ';');
      if (!restriction.starts_with("pt=")) continue;
      restriction.remove_prefix(3);
      while (!restriction.empty())
        if (const auto type = find_number<int>(take_until(restriction, ','));
            type && *type >= 0 && *type <= 127)
          name.types.push_back(PayloadType{static_cast<std::uint8_t>(*type)});
    }
    auto& names = media_.back().description.names;
    const bool is_new =
        std::none_of(names.begin(), names.end(), [&](const auto& known) { return known.rid == rid; });
    if (is_new && names.size() < MostNames && name.types.size() <= MostNames)
      names.push_back(std::move(name));
  }

  // "send hi;~mid,other recv low": streams apart by ";", other formats of one by ",", "~" where it is paused.
  void read_simulcast(std::string_view value) {
    if (media_.empty() || skipping_) return;
    for (std::string_view word = take_word(value); !word.empty(); word = take_word(value)) {
      if (word == "send" || word == "recv") continue;
      while (!word.empty()) {
        std::string_view formats = take_until(word, ';');
        while (!formats.empty()) {
          std::string_view rid = take_until(formats, ',');
          if (rid.starts_with('~')) rid.remove_prefix(1);
          if (is_rid(rid) && simulcast_.back().size() < MostNames) simulcast_.back().emplace(rid);
        }
      }
    }
  }

  // Where a=simulcast says which streams are layers, the other names are none.
  static void keep_layers(FlowDescription& description, const std::set<std::string>& simulcast) {
    if (simulcast.empty()) return;
    std::erase_if(description.names, [&](const StreamName& name) { return !simulcast.contains(name.rid); });
  }

  std::vector<SdpMedia> media_;
  std::vector<std::set<std::string>> simulcast_;  // by media line: the names that a=simulcast has
  std::map<int, std::string> session_extmap_;
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
