#include "intake/track_coding.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "base/text.h"
#include "intake/audio_coding.h"
#include "intake/video_looks.h"
#include "rtp/redundancy.h"
#include "rtp/ulpfec_finder.h"
#include "units/rtp.h"

namespace greffe::intake {
namespace {

constexpr std::uint64_t FirstPackets = 2000;
constexpr std::uint8_t FirstUnassigned = 35;  // of the payload types of RFC 3551 §6

// Of a stream that has fewer, the file need not be read to its end to see that no more come.
std::uint64_t packets_to_see(const TrackSource& source) {
  return std::min(FirstPackets, source.packets.value_or(FirstPackets));
}

// What the first packets of one payload type look like.
struct TypeSeen {
  std::uint64_t packets = 0;
  std::uint64_t four_byte_payloads = 0;
  std::uint64_t vp8_key_starts = 0;
  std::optional<media::CodecId> parameter_sets;  // the codec whose sets some packet begins with
  std::optional<media::CodecId> sequence;        // VP9 or AV1, where some packet begins one
  std::uint64_t not_vp9 = 0;
  std::uint64_t not_av1 = 0;
  std::uint64_t wrapped = 0;              // with copies, all blocks of one type
  std::optional<PayloadType> first_type;  // of the primary block of the first packet that can be redundancy
  RtpTimestamp first_time, last_time;
  ArrivalTime first_arrival{}, last_arrival{};

  // Ticks a second by arrival; 0 when nothing can be told.
  double rate_hz() const {
    const double seconds = std::chrono::duration<double>(last_arrival - first_arrival).count();
    return seconds < 0.2 ? 0 : static_cast<double>(distance(first_time, last_time)) / seconds;
  }
};

// A VP8 key frame behind its payload descriptor shows the start code 9d 01 2a within its first bytes
// (RFC 7741 §4.2, RFC 6386 §9.1).
bool looks_like_vp8_key_start(Bytes payload) {
  for (std::size_t at = 4; at + 3 <= payload.size() && at <= 9; ++at)
    if (payload[at] == 0x9D && payload[at + 1] == 0x01 && payload[at + 2] == 0x2A) return true;
  return false;
}

void note_redundancy(TypeSeen& seen, const rtp::RtpPacket& packet) {
  const auto red = packet.payload.empty() ? std::nullopt : std::optional(rtp::parse_red(packet.payload));
  if (!red || !*red || (*red)->primary.type == packet.payload_type) return;
  if (!seen.first_type) seen.first_type = (*red)->primary.type;
  const auto copies = (*red)->redundant();
  const bool alike = std::all_of(copies.begin(), copies.end(), [&](const rtp::RedBlock& block) {
    return block.type == *seen.first_type && block.offset_ticks > 0;
  });
  if (!copies.empty() && alike && (*red)->primary.type == *seen.first_type) ++seen.wrapped;
}

void note(TypeSeen& seen, const rtp::ReceivedPacket& received) {
  const rtp::RtpPacket& packet = received.parsed.packet;
  if (seen.packets++ == 0) {
    seen.first_time = packet.timestamp;
    seen.first_arrival = received.arrival;
  }
  seen.last_time = packet.timestamp;
  seen.last_arrival = received.arrival;
  if (packet.payload.size() == 4) ++seen.four_byte_payloads;
  if (looks_like_vp8_key_start(packet.payload)) ++seen.vp8_key_starts;
  if (!seen.parameter_sets) seen.parameter_sets = codec_of_parameter_sets(packet.payload);
  if (!seen.sequence) seen.sequence = codec_of_sequence_start(packet.payload);
  if (!packet.payload.empty()) {
    if (!can_be(media::CodecId::Vp9, packet.payload)) ++seen.not_vp9;
    if (!can_be(media::CodecId::Av1, packet.payload)) ++seen.not_av1;
  }
  note_redundancy(seen, packet);
}

// Of VP9 and AV1 all packets have a form that can be checked, so one that begins a sequence is not enough.
std::optional<media::CodecId> codec_of_sequence(const TypeSeen& seen) {
  constexpr std::uint64_t MostOdd = 50;  // of them one may be of another form
  const std::uint64_t odd = seen.sequence == media::CodecId::Vp9 ? seen.not_vp9 : seen.not_av1;
  return odd * MostOdd <= seen.packets ? seen.sequence : std::nullopt;
}

// Nothing names the codec: RTP time tells audio from video, VP8 shows its start code, H.264 and H.265 their
// parameter sets, VP9 and AV1 how their sequences begin. Where two codecs could be meant, none is.
std::optional<media::CodecId> guess(const TypeSeen& seen) {
  const double rate = seen.rate_hz();
  const bool can_be_video = rate == 0 || (rate > 60'000 && rate < 120'000);
  const auto sequence = codec_of_sequence(seen);
  const int meant = (seen.vp8_key_starts > 0 ? 1 : 0) + (seen.parameter_sets ? 1 : 0) + (sequence ? 1 : 0);
  if (can_be_video && meant == 1)
    return sequence ? sequence : seen.parameter_sets ? seen.parameter_sets : media::CodecId::Vp8;
  if (rate > 40'000 && rate < 56'000) return media::CodecId::Opus;
  return std::nullopt;
}

struct FirstLook {
  std::map<PayloadType, TypeSeen> types;
  std::map<PayloadType, std::string> described;
  std::map<PayloadType, dump::PayloadFormat> formats;
  std::optional<rtp::UlpfecFinder::Found> ulpfec;  // by its looks
};

Result<FirstLook> look(const TrackSource& source, DumpPackets& packets, TrackCoding& coding) {
  FirstLook first;
  rtp::UlpfecFinder ulpfec;
  const std::uint64_t count = packets_to_see(source);
  for (std::uint64_t i = 0; i < count; ++i) {
    GREFFE_TRY(const auto received, packets.next());
    if (!received) break;
    note(first.types[received->parsed.packet.payload_type], *received);
    ulpfec.see(received->parsed.packet);
    first.described.insert(packets.description().payload_types.begin(),
                           packets.description().payload_types.end());
    first.formats.insert(packets.description().formats.begin(), packets.description().formats.end());
    coding.extmap.insert(packets.description().extmap.begin(), packets.description().extmap.end());
    if (i > 0) continue;
    coding.groups = packets.description().groups;
    coding.names = packets.description().names;
  }
  first.ulpfec = ulpfec.found();
  return first;
}

// The types again, of packets that come in redundancy of one block: what is in it, in its place.
Status look_inside(const TrackSource& source, PayloadType red, FirstLook& first) {
  DamageLog ignored;
  GREFFE_TRY(const auto packets, DumpPackets::open(source, ignored));
  first.types.clear();
  for (std::uint64_t i = packets_to_see(source); i > 0; --i) {
    GREFFE_TRY(const auto received, packets->next());
    if (!received) break;
    rtp::RtpPacket& packet = received->parsed.packet;
    if (packet.payload_type == red) {
      const auto wrapped = rtp::parse_red(packet.payload);
      if (!wrapped) continue;
      packet.payload_type = wrapped->primary.type;
      packet.payload = wrapped->primary.data;
    }
    note(first.types[packet.payload_type], *received);
  }
  return {};
}

PayloadType commonest(const std::map<PayloadType, TypeSeen>& types,
                      const std::map<PayloadType, media::CodecId>& known) {
  PayloadType best{};
  std::uint64_t most = 0;
  for (const auto& [type, seen] : types)
    if (!known.contains(type) && seen.packets > most) best = type, most = seen.packets;
  return best;
}

// The type of wrapped packets, when there are any.
std::optional<PayloadType> find_red(const FirstLook& first, const dump::Header& header) {
  constexpr std::uint64_t LeastWrapped = 10;
  for (const auto& [type, seen] : first.types) {
    if (!seen.first_type) continue;
    if (type == header.red) return type;
    const auto described = first.described.find(type);
    if (described != first.described.end()) {
      if (media::find_codec(described->second) == media::CodecId::Red) return type;
      continue;
    }
    // Chance makes one packet look so, hardly ten, and never nine in ten of many.
    const bool looks_so = seen.wrapped >= LeastWrapped && seen.wrapped * 10 >= seen.packets * 9;
    if (looks_so && !media::find_static_codec(type)) return type;
  }
  // It may begin after the first packets.
  return header.red && !first.types.contains(*header.red) ? header.red : std::nullopt;
}

// The type of error correction in the track's own numbers (RFC 5109 §14.1).
std::optional<PayloadType> find_ulpfec(const FirstLook& first) {
  for (const auto& [type, name] : first.described)
    if (lower_case(name) == "ulpfec") return type;
  return std::nullopt;
}

// Puts what is wrapped in the place of its wrapping.
void unwrap(FirstLook& first, PayloadType red) {
  const auto node = first.types.extract(red);
  const TypeSeen& wrapped = node.mapped();
  const auto [inner, is_new] = first.types.try_emplace(*wrapped.first_type, wrapped);
  if (!is_new) inner->second.packets += wrapped.packets;
}

// Redundancy and error correction, where there are any; what is in them is put in their place.
Status find_protection(const TrackSource& source, const dump::Header& header, FirstLook& first,
                       TrackCoding& coding) {
  coding.red = find_red(first, header);
  coding.protection.ulpfec = find_ulpfec(first);
  if (!coding.protection.ulpfec && first.ulpfec) {
    coding.protection.ulpfec = first.ulpfec->ulpfec;
    coding.red = first.ulpfec->red;
    if (coding.red) GREFFE_CHECK(look_inside(source, *coding.red, first));
  } else if (coding.red && first.types.contains(*coding.red)) {
    unwrap(first, *coding.red);
  }
  if (coding.protection.ulpfec) first.types.erase(*coding.protection.ulpfec);
  return {};
}

// Names the types that the dump or RFC 3551 name.
void name_known_types(const FirstLook& first, TrackCoding& coding) {
  for (const auto& [type, seen] : first.types) {
    const auto described = first.described.find(type);
    if (const auto codec = described != first.described.end() ? media::find_codec(described->second)
                                                              : media::find_static_codec(type))
      coding.payload_types[type] = *codec;
  }
}

// Types that may come after the first packets: those that are described, and of sound the static ones.
void name_later_types(const FirstLook& first, TrackCoding& coding) {
  const media::Kind kind = media::facts_of(coding.codec).kind;
  for (const auto& [type, name] : first.described)
    if (const auto codec = media::find_codec(name); codec && media::facts_of(*codec).kind == kind)
      coding.payload_types.try_emplace(type, *codec);
  if (kind != media::Kind::Audio) return;
  for (std::uint8_t number = 0; number < FirstUnassigned; ++number)
    if (const auto codec = media::find_static_codec(PayloadType{number});
        codec && media::facts_of(*codec).kind == kind && PayloadType{number} != coding.red)
      coding.payload_types.try_emplace(PayloadType{number}, *codec);
}

// Payloads of four bytes beside audio of another type are keys pressed (RFC 4733 §2.3).
void name_telephone_events(const FirstLook& first, TrackCoding& coding) {
  if (media::facts_of(coding.codec).kind != media::Kind::Audio) return;
  for (const auto& [type, seen] : first.types)
    if (!coding.payload_types.contains(type) && seen.four_byte_payloads == seen.packets)
      coding.payload_types[type] = media::CodecId::TelephoneEvent;
}

using SeenType = std::map<PayloadType, TypeSeen>::value_type;

const SeenType& main_type(const FirstLook& first) {
  return *std::max_element(first.types.begin(), first.types.end(),
                           [](const auto& a, const auto& b) { return a.second.packets < b.second.packets; });
}

// The codec that was declared, and the type that holds it.
void take_declared(const std::string& name, const FirstLook& first, TrackCoding& coding) {
  coding.codec_name = name;
  coding.codec = media::find_codec(name).value_or(media::CodecId::Unknown);
  name_known_types(first, coding);
  std::erase_if(coding.payload_types, [&](const auto& known) {
    return known.second != coding.codec && !media::is_beside_sound(known.second);
  });
  const bool named = std::any_of(coding.payload_types.begin(), coding.payload_types.end(),
                                 [&](const auto& known) { return known.second == coding.codec; });
  if (!named) coding.payload_types[commonest(first.types, coding.payload_types)] = coding.codec;
}

// The codec of the commonest packets.
Status find_from_packets(const FirstLook& first, const std::string& place, TrackCoding& coding) {
  name_known_types(first, coding);
  const auto& [type, seen] = main_type(first);
  if (!coding.payload_types.contains(type)) {
    const auto guessed = guess(seen);
    const auto described = first.described.find(type);
    if (!guessed && described != first.described.end())
      return fail(ErrorKind::Damaged, "{}: payload type {} is {}, of which no track is made", place,
                  type.value, printable(described->second));
    if (!guessed)
      return fail(ErrorKind::Damaged,
                  "{}: payload type {} has no codec in the dump; name it in meeting.json (\"codec\")", place,
                  type.value);
    coding.payload_types[type] = *guessed;
  }
  coding.codec = coding.payload_types[type];
  return {};
}

// Whether nothing in these packets speaks against the codec. The clock of L16 may be any.
bool can_hold(media::CodecId codec, const SeenType& main) {
  const auto& [type, seen] = main;
  const double clock = media::facts_of(codec).rtp_clock.hz;
  const double rate = seen.rate_hz();
  if (rate != 0 && codec != media::CodecId::L16 && std::abs(rate - clock) > clock / 3) return false;
  if (media::find_static_codec(type).value_or(codec) != codec) return false;
  const auto guessed = guess(seen);
  return !guessed || *guessed == codec || media::facts_of(*guessed).kind != media::Kind::Video;
}

// The name that the dump has for its commonest packets, where it is of another codec than the declared one
// that greffe makes tracks of. None where other packets are said to be what was declared.
std::optional<std::string> find_other_name(const std::string& declared, const dump::Header& header,
                                           const FirstLook& first) {
  const auto described = first.described.find(main_type(first).first);
  std::optional<std::string> name;
  if (header.codec && !header.codec_assumed)
    name = header.codec;
  else if (described != first.described.end())
    name = described->second;
  const auto named = name ? media::find_codec(*name) : std::nullopt;
  if (!named || !media::facts_of(*named).supported || named == media::find_codec(declared))
    return std::nullopt;
  const bool is_beside = std::any_of(first.types.begin(), first.types.end(), [&](const SeenType& seen) {
    const auto other = first.described.find(seen.first);
    return other != first.described.end() && media::find_codec(other->second) == media::find_codec(declared);
  });
  return is_beside ? std::nullopt : name;
}

// The name to go by. That of the dump stands unless its packets say that the description is right.
std::string settled_name(const std::string& declared, const dump::Header& header, const FirstLook& first,
                         TrackCoding& coding) {
  const auto named = find_other_name(declared, header, first);
  if (!named) return declared;
  coding.contradiction = {*named, declared};
  const auto fits = [&](const std::string& name) {
    return can_hold(media::find_codec(name).value_or(media::CodecId::Unknown), main_type(first));
  };
  return fits(declared) && !fits(*named) ? declared : *named;
}

// Sets the clock and the parameters of the format, and what more must be known of sound.
Status find_format(const FirstLook& first, const dump::Header& header, TrackCoding& coding) {
  PayloadType type;
  for (const auto& [known, codec] : coding.payload_types)
    if (codec == coding.codec && (first.types.contains(known) || !first.types.contains(type))) type = known;
  const auto described = first.formats.find(type);
  const dump::PayloadFormat* const format = described == first.formats.end() ? nullptr : &described->second;
  coding.format_parameters = format != nullptr ? format->fmtp : header.fmtp.value_or("");
  coding.clock = media::facts_of(coding.codec).rtp_clock;
  if (media::facts_of(coding.codec).kind != media::Kind::Audio) return {};
  const bool is_named = header.codec && media::find_codec(*header.codec) == coding.codec;
  GREFFE_TRY(coding.audio, find_audio_format({.codec = coding.codec,
                                              .name = is_named ? *header.codec : coding.codec_name,
                                              .type = type,
                                              .described = format,
                                              .format_parameters = coding.format_parameters,
                                              .is_mjr = header.format == dump::Format::Mjr}));
  coding.clock = coding.audio.clock;
  return {};
}

using Chosen = std::function<Status(const dump::Header&, const FirstLook&, TrackCoding&)>;
// `choose` sets the codec and the payload types.
Result<TrackCoding> find_chosen(const TrackSource& source, const Chosen& choose) {
  DamageLog ignored;  // the survey reads these packets again and keeps what it finds
  GREFFE_TRY(const auto packets, DumpPackets::open(source, ignored));
  const dump::Header& header = packets->records().header();
  if (header.encrypted)
    return fail(ErrorKind::Damaged, "{}: encrypted end to end; the dump is kept, no track can be made of it",
                source.place);
  if (header.media == 'd')
    return fail(ErrorKind::Damaged, "{}: a data channel, not media; the dump is kept", source.place);
  TrackCoding coding{.extmap = header.extmap,
                     .has_arrival = header.has_arrival,
                     .wall_clock = header.wall_clock,
                     .arrival_grain = header.grain};
  GREFFE_TRY(FirstLook first, look(source, *packets, coding));
  if (first.types.empty()) return fail(ErrorKind::Damaged, "{}: no media in it", source.place);

  GREFFE_CHECK(find_protection(source, header, first, coding));
  if (first.types.empty()) return fail(ErrorKind::Damaged, "{}: no media in it", source.place);

  GREFFE_CHECK(choose(header, first, coding));
  if (coding.codec_name.empty()) coding.codec_name = media::facts_of(coding.codec).name;
  name_telephone_events(first, coding);
  name_later_types(first, coding);
  if (const Status found = find_format(first, header, coding); !found)
    return fail_within(source.place, found);
  return coding;
}

}  // namespace

Result<TrackCoding> find_coding(const TrackSource& source, const std::optional<std::string>& declared) {
  return find_chosen(source,
                     [&](const dump::Header& header, const FirstLook& first, TrackCoding& coding) -> Status {
                       if (declared)
                         take_declared(settled_name(*declared, header, first, coding), first, coding);
                       else if (header.codec)
                         take_declared(*header.codec, first, coding);
                       else
                         return find_from_packets(first, source.place, coding);
                       return {};
                     });
}

Result<TrackCoding> find_coding_of(const TrackSource& source, media::CodecId codec,
                                   const std::map<PayloadType, media::CodecId>& types) {
  return find_chosen(source, [&](const dump::Header&, const FirstLook&, TrackCoding& coding) -> Status {
    coding.codec = codec;
    coding.payload_types = types;
    return {};
  });
}

}  // namespace greffe::intake
