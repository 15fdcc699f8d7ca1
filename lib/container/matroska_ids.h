// The elements of Matroska that greffe writes or looks for (RFC 9559 §5), by their names there.
#pragma once

#include <cstdint>

namespace greffe::container::id {

enum : std::uint32_t {
  Ebml = 0x1A45DFA3,
  DocType = 0x4282,
  DocTypeVersion = 0x4287,
  DocTypeReadVersion = 0x4285,
  Segment = 0x18538067,
  SeekHead = 0x114D9B74,
  Seek = 0x4DBB,
  SeekId = 0x53AB,
  SeekPosition = 0x53AC,
  Info = 0x1549A966,
  TimestampScale = 0x2AD7B1,
  Duration = 0x4489,
  MuxingApp = 0x4D80,
  WritingApp = 0x5741,
  Tracks = 0x1654AE6B,
  TrackEntry = 0xAE,
  TrackNumber = 0xD7,
  TrackUid = 0x73C5,
  TrackType = 0x83,
  FlagLacing = 0x9C,
  Name = 0x536E,
  Language = 0x22B59C,
  CodecId = 0x86,
  CodecPrivate = 0x63A2,
  CodecDelay = 0x56AA,
  SeekPreRoll = 0x56BB,
  Video = 0xE0,
  PixelWidth = 0xB0,
  PixelHeight = 0xBA,
  Audio = 0xE1,
  SamplingFrequency = 0xB5,
  Channels = 0x9F,
  BitDepth = 0x6264,
  Cluster = 0x1F43B675,
  Timestamp = 0xE7,
  SimpleBlock = 0xA3,
  BlockGroup = 0xA0,
  Cues = 0x1C53BB6B,
  CuePoint = 0xBB,
  CueTime = 0xB3,
  CueTrackPositions = 0xB7,
  CueTrack = 0xF7,
  CueClusterPosition = 0xF1,
  CueRelativePosition = 0xF0,
  Tags = 0x1254C367,
  Void = 0xEC,
};

}  // namespace greffe::container::id
