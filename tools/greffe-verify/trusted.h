// What somebody trusts, as given on the command line: a file, or the line itself.
#pragma once

#include <string>

#include "fixity/signed_note.h"
#include "journal/checkpoint.h"

namespace greffe::verify_tool {

Result<journal::KnownHead> head_of(const std::string& given);
Result<fixity::VerifierKey> key_of(const std::string& given);

}  // namespace greffe::verify_tool
