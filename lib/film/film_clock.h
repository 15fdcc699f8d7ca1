// Which meeting time an output frame shows (DESIGN 4).
#pragma once

#include <algorithm>
#include <cstdint>

#include "codec/video_encoder.h"
#include "units/time.h"

namespace greffe::film {

// Frame k covers [k/fps, (k+1)/fps) of meeting time. Reckoned from k each time, never added up.
struct FilmClock {
  codec::FrameRate rate;

  static constexpr std::int64_t SecondNs = 1'000'000'000;

  MeetingTime start_of(std::int64_t frame) const { return at_halves(2 * frame); }
  MeetingTime middle_of(std::int64_t frame) const { return at_halves(2 * frame + 1); }
  // Frames that cover [0, end).
  std::int64_t frames_until(MeetingTime end) const {
    const __int128 scaled = static_cast<__int128>(end.time_since_epoch().count()) * rate.numerator;
    const __int128 one = static_cast<__int128>(SecondNs) * rate.denominator;
    return static_cast<std::int64_t>((scaled + one - 1) / one);
  }
  // The first frame that shows what begins at `time`: whose middle is not before it.
  std::int64_t frame_of(MeetingTime time) const {
    if (time <= MeetingTime{}) return 0;
    std::int64_t frame = std::max<std::int64_t>(0, frames_until(time) - 2);
    while (middle_of(frame) < time) ++frame;
    return frame;
  }
  // 48 kHz samples of as many frames, rounded up.
  std::int64_t samples_of(std::int64_t frames) const {
    return (frames * 48'000 * rate.denominator + rate.numerator - 1) / rate.numerator;
  }

 private:
  MeetingTime at_halves(std::int64_t halves) const {
    const __int128 ns = static_cast<__int128>(halves) * SecondNs * rate.denominator / (2 * rate.numerator);
    return MeetingTime(Duration(static_cast<std::int64_t>(ns)));
  }
};

}  // namespace greffe::film
