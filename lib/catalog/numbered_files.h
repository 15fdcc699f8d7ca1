// Folders whose files have a kind and a number, "visa-3.json": written once each, from 1 without a hole.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "json/value.h"

namespace greffe::catalog {

// N of "PREFIXN.json" as we write it; nullopt for any other name.
std::optional<std::int64_t> number_of(std::string_view name, std::string_view prefix);

// Numbers of the files of one kind, in order. None where the folder is missing.
Result<std::vector<std::int64_t>> numbers_in(const Path& folder, std::string_view prefix);

// How many there are, which must be 1, 2, 3, … Fails with ErrorKind::Integrity where one is missing.
Result<std::int64_t> count_in(const Path& folder, std::string_view prefix);

// "FILE: why", as ErrorKind::Integrity.
template <class Failed>
tl::unexpected<Error> not_whole(const Path& file, const Failed& failed) {
  return fail(ErrorKind::Integrity, "{}: {}", file.string(), failed.error().message());
}

// Fails with ErrorKind::Integrity for what is no JSON.
Result<json::Value> read_json(const Path& file, std::size_t limit = 64u << 20);

}  // namespace greffe::catalog
