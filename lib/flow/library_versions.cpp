#include "flow/library_versions.h"

#include <iterator>

#include "catalog/connection.h"
#include "codec/audio_decoder.h"
#include "codec/video_encoder.h"
#include "container/library_versions.h"
#include "dump/library_versions.h"
#include "fixity/library_versions.h"

namespace greffe::flow {

LibraryVersions library_versions() {
  LibraryVersions all;
  for (const auto versions :
       {codec::video_library_versions, codec::audio_library_versions, container::library_versions,
        catalog::library_versions, dump::library_versions, fixity::library_versions}) {
    LibraryVersions some = versions();
    std::move(some.begin(), some.end(), std::back_inserter(all));
  }
  return all;
}

}  // namespace greffe::flow
