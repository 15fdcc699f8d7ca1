// The files of disposals/: lists, visas on them, what was done with each line, certificates, and requests for
// erasure. One JSON document each, written once (RETENTION 5).
//
//   disposals/ID/list.json             what is to go, frozen (D1)
//   disposals/ID/visa-N.json           one person's word on it (D2)
//   disposals/ID/lines/MEETING.trashed.json, .restored.json, .tombstone.json
//   disposals/ID/lines/MEETING.salt    until the meeting is destroyed (D13)
//   disposals/ID/certificate-N.json    of one purge (D12)
//   disposals/requests/request-N.json, answer-N.json
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "catalog/policy_folder.h"
#include "fixity/digest.h"
#include "json/value.h"
#include "retention/disposal.h"
#include "units/time.h"

namespace greffe::catalog {

// A person, as lists and certificates name them.
struct Person {
  std::string login;  // who counts: SUDO_USER's, where the account was borrowed
  std::int64_t uid = 0;
  std::string host;
  bool operator==(const Person&) const = default;
};

// One meeting of a list, without its title and people: those are shown from the catalog while it is there.
struct ListLine {
  std::string meeting;  // id
  std::string record_class;
  std::vector<std::string> producers;
  std::int64_t start_unix_ms = 0, end_unix_ms = 0;  // UTC: its extreme dates
  std::int64_t bytes = 0;
  std::int64_t files = 0;
  fixity::Digest manifest;  // of manifest-sha256.txt: the version that was decided on
  std::string rule;         // id, the one that lets go
  std::optional<CivilDate> retention_start;
  std::optional<CivilDate> keep_until;  // last protected day
  CivilDate due_from{};
  bool ingested_in_error = false;  // D16
  retention::LineTerms terms;
  std::string commitment;  // hex: SHA-256 of the salt and the canonical metadata (D13)
  bool operator==(const ListLine&) const = default;
};

// disposals/ID/list.json, greffe.disposal-list/1
struct DisposalList {
  std::string id;  // disposal-YYYYMMDD-xxxxxx, also the name of the folder
  WallTime made{};
  CivilDate day{};  // in the policy zone
  Person by;
  std::int64_t policy_version = 0;
  std::string scope;  // as asked for: "--class council", "--all"
  std::string note;
  std::string clock_jump;       // why the clock was believed all the same
  std::string public_key;       // of who proposed it, as a rule's approver_keys have theirs; may be empty
  std::vector<ListLine> lines;  // by meeting
  // D1: SHA-512 of the canonical JSON (RFC 8785), 128 hex digits. It stands in no file of the list itself.
  std::string digest() const;
  std::int64_t bytes() const;
  const ListLine* find(std::string_view meeting) const;
};

// What a visa says of one line.
struct VisaLine {
  std::string meeting;
  retention::Verdict verdict = retention::Verdict::Accept;
  std::optional<CivilDate> until;  // Defer
  std::string remark;              // observations, for the bordereau
  bool operator==(const VisaLine&) const = default;
};

// The part of a visa that is signed: greffe.visa-text/1, canonical JSON.
struct VisaText {
  std::string list;         // id
  std::string list_sha512;  // the digest of what was read
  CivilDate valid_until{};
  std::string reason;
  std::vector<VisaLine> lines;  // by meeting, each once; lines of the list it does not name are left open
  const VisaLine* find(std::string_view meeting) const;
  std::string text() const;  // canonical JSON
  // Of such a text, with or without a newline behind it.
  static Result<VisaText> parse(std::string_view text);
};

// disposals/ID/visa-N.json, greffe.visa/1
struct Visa {
  std::int64_t number = 0;  // from 1
  VisaText said;
  WallTime given{};
  CivilDate day{};
  Person by;
  std::string key;         // name of the key, as the policy has it; empty without a signature
  std::string signature;   // base64 of 64 bytes over said.text()
  std::string public_key;  // that it was made with, as the policy has it; older visas do not have it
  std::string clock_jump;
};

// lines/MEETING.trashed.json, greffe.trashed/1
struct Trashed {
  std::string list, meeting;
  WallTime when{};
  CivilDate day{};
  Person by;
  CivilDate purge_from{};
};

// lines/MEETING.restored.json, greffe.restored/1
struct Restored {
  std::string list, meeting;
  WallTime when{};
  Person by;
  std::string reason;
  std::string hold;  // id, where a hold brought it back (H6)
};

struct TombstoneFile {
  std::string sha256;  // hex
  std::int64_t bytes = 0;
  bool operator==(const TombstoneFile&) const = default;
};

// lines/MEETING.tombstone.json, greffe.tombstone/1 (D13): no title, no people, no words.
struct Tombstone {
  std::string list, meeting;
  std::string list_sha512;
  ListLine line;  // with class, producers, extreme dates, sizes, rule, start and end, commitment
  std::vector<std::int64_t> visas;   // numbers of those that accepted
  std::vector<TombstoneFile> dumps;  // what was received, documents too, by digest; the other files are
                                     // derivatives or small enough to be guessed
  WallTime trashed{}, destroyed{};
  Person by;
  std::string method = "unlink";     // D11
  std::vector<std::string> also_in;  // ids of other meetings with a dump of the same digest (D7)
  std::vector<std::string> exports;  // ids of exports that have it (D10)
};

// What did not go with a purge, and why.
struct SkippedLine {
  std::string meeting;
  std::string code;  // "ON_HOLD", "IN_GRACE", …
  std::string why;
};

// An export that cannot be recalled (D10).
struct CertifiedExport {
  std::string id;
  std::string recipient;
  std::string date;
  std::string digest;
  std::vector<std::string> meetings;
};

// disposals/ID/certificate-N.json, greffe.certificate/1 (D12)
struct Certificate {
  std::string list;
  std::int64_t number = 0;  // from 1, within the list
  std::string list_sha512;
  WallTime when{};
  Person by;
  std::vector<std::int64_t> visas;    // numbers
  std::vector<std::string> meetings;  // destroyed, by id
  std::int64_t bytes = 0;
  std::vector<SkippedLine> skipped;
  std::string method = "unlink";
  std::string state = "DESTROYED_LOCAL";         // D9: copies elsewhere are not known to greffe
  std::vector<CertifiedExport> exports;          // D10
  std::int64_t first_entry = 0, last_entry = 0;  // of the journal
  std::string tree_head;                         // root of the journal's tree at last_entry, hex
};

// disposals/requests/request-N.json, greffe.erasure-request/1: somebody asks for their data to be erased
struct ErasureRequest {
  std::int64_t number = 0;  // from 1
  WallTime recorded{};
  CivilDate received{};
  Person by;
  std::string reference;              // the office's own file; no names
  std::vector<std::string> meetings;  // ids, in order
  std::string note;
  std::map<std::string, std::string> states;  // by meeting, when it was recorded: "BLOCKED_BY_HOLD", … (H13)
};

// disposals/requests/answer-N.json, greffe.erasure-answer/1
struct ErasureAnswer {
  std::int64_t number = 0;  // of the request
  WallTime when{};
  Person by;
  std::string outcome;  // "erased", "refused", "partly"
  std::string reason;
  std::map<std::string, std::string> states;  // by meeting, when it was given
};

// "list.json", "visa-3.json", "lines/ID.trashed.json", … relative to disposals/ID
std::string visa_file(std::int64_t number);
std::string trashed_file(std::string_view meeting);
std::string restored_file(std::string_view meeting);
std::string tombstone_file(std::string_view meeting);
std::string salt_file(std::string_view meeting);
std::string certificate_file(std::int64_t number);
// relative to disposals/requests
std::string request_file(std::int64_t number);
std::string answer_file(std::int64_t number);
bool is_list_id(std::string_view id);

std::string text_of(const DisposalList& list);
std::string text_of(const Visa& visa);
std::string text_of(const Trashed& record);
std::string text_of(const Restored& record);
std::string text_of(const Tombstone& record);
std::string text_of(const Certificate& record);
std::string text_of(const ErasureRequest& record);
std::string text_of(const ErasureAnswer& record);

// All that lies in disposals/ID. `done` has the lines that have a file, by meeting.
struct LineFiles {
  std::optional<Trashed> trashed;
  std::optional<Restored> restored;
  std::optional<Tombstone> tombstone;
};
struct DisposalRecord {
  DisposalList list;
  std::vector<Visa> visas;  // number n is the nth
  std::map<std::string, LineFiles, std::less<>> done;
  std::vector<Certificate> certificates;
  // Lists through which meetings of this one were destroyed since it was made, by meeting; no file here tells
  // of them: see disposal_rows.h.
  std::map<std::string, std::string, std::less<>> destroyed_elsewhere = {};
  // Without `held`, which the holds tell.
  retention::LineHistory history_of(std::string_view meeting) const;
};
// Fails with ErrorKind::Integrity for a hole in the numbers, a file that is not what its name says, a list
// that a visa knows by another digest.
Result<DisposalRecord> read_disposal(const Path& folder);
// Ids of the lists in disposals/, in order; none where the folder is missing.
Result<std::vector<std::string>> lists_in(const Path& disposals);

struct RequestRecord {
  ErasureRequest request;
  std::optional<ErasureAnswer> answer;
};
Result<std::vector<RequestRecord>> read_requests(const Path& folder);

}  // namespace greffe::catalog
