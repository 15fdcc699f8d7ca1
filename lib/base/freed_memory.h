// What becomes of memory that was freed.
#pragma once

namespace greffe {

// For programs that take and free the same large blocks again and again, as the encoder of each chunk does:
// they are kept for the next one, and not given back to the system, which would hand them out page by page
// anew (mallopt(3); 3 to 5 % of the processors' time of VP9 films). Call before other threads start.
void keep_freed_memory();

}  // namespace greffe
