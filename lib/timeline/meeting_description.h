// The user's meeting.json: who took part, and in which files their media is (DESIGN 4).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "json/value.h"
#include "units/rtp.h"
#include "units/time.h"

namespace greffe::timeline {

struct DescribedTrack {
  std::string file;  // relative to the description's folder, or absolute: as the user wrote it
  std::string role;  // camera, microphone, screen, screen-audio, room
  std::optional<std::string> codec;
  std::optional<Ssrc> ssrc;
  std::string from, to;  // address:port, where one file holds several streams
  std::map<int, std::string> extmap;
  // Of files of other platforms (WebM, Matroska, Ogg, MP4):
  std::optional<int> stream;           // which of its streams, from 0; else the first that fits the role
  std::optional<WallTime> started_at;  // when its time zero was, where the file does not say or is wrong
};

struct DescribedParticipant {
  std::string id;
  std::string name;
  std::vector<DescribedTrack> tracks;
};

struct DescribedTranscript {
  std::string file;
  Duration offset{};
  std::string language;
};

// Anything else that belongs to the record: minutes, an agenda, a film that is kept as it is.
struct DescribedDocument {
  std::string file;
  std::string title;  // may be empty
};

struct MeetingDescription {
  std::string title;
  std::optional<WallTime> start;
  std::vector<DescribedParticipant> participants;
  std::vector<DescribedTranscript> transcripts;
  std::vector<DescribedDocument> documents;
  std::vector<std::string> witnesses;
  std::string meeting_class;
  std::vector<std::string> producers;  // each named once
  std::string origin;
};

// Reads and checks a description. Unknown keys come back as `warnings`; ids that stand twice, unknown roles
// or codecs are refused with their place.
Result<MeetingDescription> description_of(const json::Value& value, std::vector<std::string>& warnings);

}  // namespace greffe::timeline
