// One connection to a catalog file: how it is opened, its transactions, and SQLite's errors as ours.
//
// SQLiteCpp's names are declared here, not included.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "base/file.h"
#include "base/library_version.h"

namespace SQLite {
class Database;
}

namespace greffe::catalog {

struct ConnectionOptions {
  std::chrono::milliseconds lock_wait = std::chrono::seconds(30);
  // Whether the file lies on a network file system, where shared memory does not work: then no WAL (R95).
  // nullopt: asked of the system.
  std::optional<bool> on_network = {};
};

enum class Access {
  Create,  // a new catalog, or one without any meeting that an interrupted creation left
  Write,
  Read,  // also where nothing can be written: a read-only folder, a full disk (R77, R94)
};

class Connection {
 public:
  struct Parts;

  // Checks application_id and user_version before anything else is believed. Older schemas are brought up to
  // date when opened for writing. Fails with NoArchive when the catalog is newer than this program (R97),
  // with Integrity when the file is no catalog or damaged (R96); such a file is never written to.
  static Result<Connection> open(const Path& file, Access access, const ConnectionOptions& options);
  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;
  ~Connection();

  SQLite::Database& database() const;
  const Path& file() const;

  // Runs `work` between BEGIN IMMEDIATE and COMMIT; rolls back when it fails. Busy when another writer keeps
  // the lock for longer than lock_wait.
  Status write(const std::function<Status()>& work) const;

  // Waits up to lock_wait until nobody else has a catalog of this folder open; from then on nobody opens one
  // until this is closed. What is done to the file by its name is then done to no other.
  Status shut_out_others() const;

  // Ends WAL mode, for which nobody else may have the file open; waits for that up to lock_wait.
  Status leave_wal() const;

 private:
  explicit Connection(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

// SQLite's version, for --version.
LibraryVersions library_versions();

// The exception being handled as an Error: what SQLite says, and the kind it means. For catch blocks only.
Error error_of_current_exception(std::string_view what);

// Runs `work`, which returns a Result, and turns SQLite's exceptions into its failure.
template <class Work>
auto guarded(std::string_view what, Work&& work) -> decltype(work()) {
  try {
    return work();
  } catch (...) {
    return tl::unexpected(error_of_current_exception(what));
  }
}

}  // namespace greffe::catalog
