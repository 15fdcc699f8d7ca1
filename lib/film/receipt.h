// What a film was made of: the paper beside it (DESIGN 4, schemas/receipt.schema.json).
#pragma once

#include <optional>
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
  std::optional<fixity::Digest> captions;  // beside the film
  std::vector<ReceiptInput> inputs;        // sorted by file
  json::Object options;
  std::string tool_version;
  LibraryVersions libraries;
  json::Value scenes;  // scenes.json as it was used
  RenderedChunks chunks;
};

json::Value to_json(const Receipt& receipt);

// The text of a receipt as it lies there; not checked for what it should say.
Result<json::Value> read_receipt(const Path& receipt);
// Whether these captions are those of the film of this receipt alone, as they were written with it: they go
// with the film. Not where another receipt of the folder has them, too.
bool owns_captions(const Path& receipt, const Path& captions);

}  // namespace greffe::film
