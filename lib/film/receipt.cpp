#include "film/receipt.h"

#include "base/folder.h"
#include "json/read_file.h"

namespace greffe::film {

json::Value to_json(const Receipt& receipt) {
  json::Array inputs;
  for (const ReceiptInput& input : receipt.inputs)
    inputs.push_back(json::Object{{"file", input.file}, {"sha256", input.digest.hex()}});
  json::Object libraries;
  for (const LibraryVersion& library : receipt.libraries) libraries.set(library.name, library.version);
  json::Array chunks;
  for (const RenderedChunk& chunk : receipt.chunks) {
    json::Object entry{{"key", chunk.id.key.hex()}};
    add_to(entry, chunk.report);
    chunks.push_back(std::move(entry));
  }
  json::Object output{
      {"file", receipt.film}, {"sha256", receipt.output.digest.hex()}, {"bytes", receipt.output.bytes}};
  if (receipt.captions) output.set("captions_sha256", receipt.captions->hex());
  return json::Object{
      {"schema", "greffe.receipt/1"},
      {"output", std::move(output)},
      {"inputs", std::move(inputs)},
      {"options", receipt.options},
      {"tools", json::Object{{"greffe-compose", receipt.tool_version}}},
      {"libraries", std::move(libraries)},
      {"scenes_sha256", fixity::digest_of(json::write(receipt.scenes, json::Style::Indented) + "\n").hex()},
      {"scenes", receipt.scenes},
      {"chunks", std::move(chunks)}};
}

Result<json::Value> read_receipt(const Path& receipt) {
  constexpr std::uint64_t LargestRead = 256u << 20;
  return json::read_file(receipt, LargestRead);
}

namespace {

// Whether the receipt says that these captions were written with its film, and they are as they were then.
bool wrote_captions(const Path& receipt, const Path& captions) {
  const auto paper = read_receipt(receipt);
  if (!paper) return false;
  json::Reader reader(*paper, "receipt");
  const json::Value* const output = reader.find("output");
  if (!output) return false;
  json::Reader of_output(*output, "output");
  const std::string sha256 = of_output.find_text("captions_sha256").value_or("");
  const auto digest = fixity::digest_of_file(captions);
  return of_output.status() && digest && digest->digest.hex() == sha256;
}

// The same of any other receipt in its folder.
bool others_have_captions(const Path& receipt, const Path& captions) {
  const Path folder = receipt.parent_path();
  const auto entries = list_folder(folder);
  return entries && std::any_of(entries->begin(), entries->end(), [&](const FolderEntry& entry) {
           return entry.name.ends_with(".receipt.json") &&
                  entry.name.starts_with(captions.stem().string() + ".") &&
                  entry.name != receipt.filename().string() && wrote_captions(folder / entry.name, captions);
         });
}

}  // namespace

bool owns_captions(const Path& receipt, const Path& captions) {
  return wrote_captions(receipt, captions) && !others_have_captions(receipt, captions);
}

}  // namespace greffe::film
