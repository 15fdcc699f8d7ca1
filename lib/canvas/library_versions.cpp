#include "canvas/library_versions.h"

#include <opencv2/core.hpp>

#include "canvas/text_engine.h"

namespace greffe::canvas {

LibraryVersions library_versions() {
  LibraryVersions all = text_library_versions();
  all.push_back({"opencv", cv::getVersionString()});
  return all;
}

}  // namespace greffe::canvas
