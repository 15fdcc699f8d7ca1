#include "depacketizer/video_packet.h"

#include <gtest/gtest.h>

#include "support/packets.h"

namespace greffe::depacketizer {
namespace {

using test::Octets;

Octets with_trailer(Octets frame, const Octets& entries) {
  for (const std::uint8_t byte : entries) frame.push_back(static_cast<std::uint8_t>(~byte));
  frame.push_back(static_cast<std::uint8_t>(~(entries.size() + 5)));
  for (const char letter : std::string("LKTS")) frame.push_back(static_cast<std::uint8_t>(letter));
  return frame;
}

// formats/recordings.md 5: what LiveKit's clients append to each frame.
TEST(FrameTrailer, IsTakenOffOnlyWhenAllOfItFits) {
  const Octets frame(20, 7);
  const Octets time = {1, 8, 0, 0, 0, 1, 2, 3, 4, 5}, number = {2, 4, 0, 0, 0, 9}, user = {3, 2, 8, 8};
  Octets all = time;
  all.insert(all.end(), number.begin(), number.end());
  all.insert(all.end(), user.begin(), user.end());
  for (const Octets& entries : {time, number, all})
    EXPECT_EQ(without_frame_trailer(with_trailer(frame, entries)).size(), frame.size());
  for (const Octets& entries :
       {Octets{}, user, Octets{1, 9, 0, 0, 0, 1, 2, 3, 4, 5}, Octets{1, 7, 0, 0, 0, 1, 2, 3, 4, 5}}) {
    const Octets kept = with_trailer(frame, entries);
    EXPECT_EQ(without_frame_trailer(kept).size(), kept.size());
  }
  const Octets whole = with_trailer(frame, time);
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_EQ(without_frame_trailer(Bytes(whole).first(size)).size(), size);
  EXPECT_EQ(without_frame_trailer(Bytes(whole).last(9)).size(), 9u);  // longer than what is there
}

}  // namespace
}  // namespace greffe::depacketizer
