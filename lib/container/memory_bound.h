// How much FFmpeg may take at once in this process.
#pragma once

#include <cstddef>

namespace greffe::container {

// What reads files bounds it, since they name sizes that are not true (SAFETY S2). Who has a better reason
// for more, as an encoder of large pictures, asks for it here: it is never lowered again. From any thread.
void allow_at_once(std::size_t bytes);

}  // namespace greffe::container
