#include "container/library_versions.h"

extern "C" {
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
}

namespace greffe::container {

LibraryVersions library_versions() { return {{"FFmpeg (libavformat)", av_version_info()}}; }

}  // namespace greffe::container
