// RFC 3161 time stamps: what is sent to an authority, and what it answers, as files. No network is used here.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/file.h"
#include "units/time.h"

namespace greffe::fixity {

// A request (DER) for a time stamp over the SHA-512 of `text`, with a random nonce, that asks for the
// authority's certificate.
std::string time_stamp_request(std::string_view text);

// Whom to believe: files with certificates in PEM.
struct TimeStampTrust {
  Path authorities;  // the roots
  std::optional<Path>
      untrusted;  // certificates between a root and the one that signed, where the reply lacks them
  // The certificates must be valid at this time; nullopt: at the time the stamp itself tells, for stamps that
  // outlive the certificate of their authority.
  std::optional<WallTime> at;
};

struct TimeStamp {
  WallTime time{};     // UTC, as the authority says
  std::string serial;  // hex digits; with the authority's name it tells one stamp from all others
};

// What a reply (DER) tells, nothing of it proven. Fails when the authority refused, or it is no reply.
Result<TimeStamp> read_time_stamp(std::string_view reply);

// Checks that `reply` is a time stamp over `text`, signed by an authority that is trusted, and, where the
// request is there, that it answers this request. ErrorKind::Integrity when it is not.
Result<TimeStamp> verify_time_stamp(std::string_view reply, std::string_view text,
                                    std::optional<std::string_view> request, const TimeStampTrust& trust);

}  // namespace greffe::fixity
