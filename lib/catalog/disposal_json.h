// The documents of disposals/ as JSON. What is read is exactly what we write: a field nobody knows, or one
// that is not written so, would be part of what people saw and not of what they signed.
#pragma once

#include <string_view>

#include "catalog/disposal_files.h"
#include "json/value.h"

namespace greffe::catalog {

inline constexpr std::size_t LargestList = 256u << 20;  // bytes of a list's file

json::Object json_of(const Person& person);
json::Object json_of(const ListLine& line);
json::Object json_of(const DisposalList& list);
json::Object json_of(const VisaLine& line);
json::Object json_of(const VisaText& text);
json::Object json_of(const Visa& visa);
json::Object json_of(const Trashed& record);
json::Object json_of(const Restored& record);
json::Object json_of(const Tombstone& record);
json::Object json_of(const Certificate& record);
json::Object json_of(const ErasureRequest& record);
json::Object json_of(const ErasureAnswer& record);

// All fail with the first mistake and its place: "lines[3].due_from: expected a day such as 2026-11-20".
Result<DisposalList> list_of(const json::Value& value);
Result<ListLine> line_of(const json::Value& value, const std::string& place);
Result<VisaText> visa_text_of(const json::Value& value);
Result<Visa> visa_of(const json::Value& value);
Result<Trashed> trashed_of(const json::Value& value);
Result<Restored> restored_of(const json::Value& value);
Result<Tombstone> tombstone_of(const json::Value& value);
Result<Certificate> certificate_of(const json::Value& value);
Result<ErasureRequest> request_of(const json::Value& value);
Result<ErasureAnswer> answer_of(const json::Value& value);

}  // namespace greffe::catalog
