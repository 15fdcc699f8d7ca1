// Packages that were made of meetings and handed over. The truth are the files in exports/; see
// custody/export_register.h.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/catalog.h"
#include "catalog/policy_folder.h"
#include "units/civil_date.h"

namespace greffe::catalog {

// A meeting as it was when it was packed.
struct ExportedMeeting {
  std::string id;
  fixity::Digest manifest;  // of its manifest-sha256.txt
  std::int64_t files = 0;   // in the package, over all parts
  std::int64_t bytes = 0;
  bool operator==(const ExportedMeeting&) const = default;
};

// One file or folder that was handed over.
struct ExportedPart {
  std::string name;  // of the file or folder
  std::int64_t bytes = 0;
  // What the digest is of, a path that begins with `name`: the file itself, or in a folder the list of all
  // others, "bag/tagmanifest-sha512.txt".
  std::string file;
  fixity::Digest digest;
  bool operator==(const ExportedPart&) const = default;
};

struct ExportRecord {
  std::int64_t number = 0;  // from 1, without holes
  std::string format;       // "bagit" or "folder"
  WallTime exported{};
  CivilDate bagging_date{};
  std::string recipient;  // as told, may be empty
  std::string reason;     // as told, may be empty
  std::string target;     // where it was put, an absolute path
  DecidedBy by;
  std::vector<std::string> holds;         // that bound one of the meetings on that day, in order
  std::vector<ExportedMeeting> meetings;  // in the order of their ids
  std::vector<ExportedPart> parts;        // in their order
  bool operator==(const ExportRecord&) const = default;
  std::int64_t bytes() const;  // of all parts
};

// "export-7".
std::string export_id(std::int64_t number);

// An export, and the digest of its file.
struct StoredExport {
  ExportRecord record;
  fixity::Digest digest;
};

// Adds those that are not known yet, in one transaction. Fails with ErrorKind::Integrity where a file is not
// the one that was entered, or gone.
Status put_exports(const Catalog& catalog, const std::vector<StoredExport>& exports);

// How far the catalog knows of an export.
struct ExportProgress {
  std::string outcome;    // of the newest entry of the journal about it, as far as it is here; may be empty
  bool has_rows = false;  // put_exports() has them
  bool is_done() const { return outcome == "done" && has_rows; }
};
Result<ExportProgress> export_progress(const Catalog& catalog, std::int64_t number);

}  // namespace greffe::catalog
