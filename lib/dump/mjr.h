// Janus recordings (.mjr): one track each, version 2, version 1 and the legacy form.
#pragma once

#include <memory>

#include "dump/block_reader.h"
#include "dump/record.h"

namespace greffe::dump {

// `damage` must outlive the source.
Result<std::unique_ptr<RecordSource>> open_mjr(BlockReader reader, std::string_view place, DamageLog& damage);

}  // namespace greffe::dump
