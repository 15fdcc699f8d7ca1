#include "film/receipt.h"

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
  return json::Object{
      {"schema", "greffe.receipt/1"},
      {"output",
       json::Object{
           {"file", receipt.film}, {"sha256", receipt.output.digest.hex()}, {"bytes", receipt.output.bytes}}},
      {"inputs", std::move(inputs)},
      {"options", receipt.options},
      {"tools", json::Object{{"greffe-compose", receipt.tool_version}}},
      {"libraries", std::move(libraries)},
      {"scenes_sha256", fixity::digest_of(json::write(receipt.scenes, json::Style::Indented) + "\n").hex()},
      {"scenes", receipt.scenes},
      {"chunks", std::move(chunks)}};
}

}  // namespace greffe::film
