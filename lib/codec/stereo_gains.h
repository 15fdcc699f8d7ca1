// How much of a channel is heard on each side when many are mixed down to two.
#pragma once

namespace greffe::codec {

struct StereoGains {
  float left = 0;
  float right = 0;
};

}  // namespace greffe::codec
