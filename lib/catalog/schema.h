// The steps of schemas/sql, built into the programs.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace greffe::catalog {

// Step n brings a catalog of version n to version n + 1.
std::span<const std::string_view> schema_steps();

constexpr std::int32_t ApplicationId = 0x67726666;  // "grff": tells our files from other SQLite databases

}  // namespace greffe::catalog
