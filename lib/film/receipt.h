// What a film was made of: the paper beside it (DESIGN 4, schemas/receipt.schema.json).
#pragma once

#include <string>
#include <vector>

#include "base/library_version.h"
#include "film/render_film.h"
#include "fixity/digest.h"
#include "json/value.h"

namespace greffe::film {

struct ReceiptInput {
  std::string file;  // relative to the meeting folder
  fixity::Digest digest;
};

struct Receipt {
  std::string film;  // file name
  fixity::FileDigest output;
  std::vector<ReceiptInput> inputs;  // sorted by file
  json::Object options;
  std::string tool_version;
  LibraryVersions libraries;
  json::Value scenes;  // scenes.json as it was used
  RenderedChunks chunks;
};

json::Value to_json(const Receipt& receipt);

}  // namespace greffe::film
