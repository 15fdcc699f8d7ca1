#include "catalog/connection.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fcntl.h>
#include <sqlite3.h>

#include <algorithm>
#include <thread>

#include "base/file_system.h"
#include "base/log.h"
#include "base/progress.h"
#include "catalog/folder_lock.h"
#include "catalog/schema.h"

namespace greffe::catalog {
namespace fs = std::filesystem;
using namespace std::chrono_literals;

struct Connection::Parts {
  Path file;
  ConnectionOptions options;
  FolderLock in_place;  // given back when the database is closed
  std::chrono::steady_clock::time_point waiting_since{};
  std::unique_ptr<SQLite::Database> database;
};

namespace {

// Waits like sqlite3_busy_timeout, but ends at once when the program is asked to stop (R79).
int on_busy(void* context, int tries) {
  auto& parts = *static_cast<Connection::Parts*>(context);
  const auto now = std::chrono::steady_clock::now();
  if (tries == 0) parts.waiting_since = now;
  if (stop_requested() || now - parts.waiting_since >= parts.options.lock_wait) return 0;
  std::this_thread::sleep_for(std::min<std::chrono::milliseconds>(1ms * (tries + 1), 50ms));
  return 1;
}

ErrorKind kind_of(int code, int extended_code) {
  if (extended_code == SQLITE_READONLY_DBMOVED) return ErrorKind::Busy;  // swapped by a rebuild: try again
  switch (code) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return stop_requested() ? ErrorKind::Interrupted : ErrorKind::Busy;
    case SQLITE_INTERRUPT: return ErrorKind::Interrupted;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return ErrorKind::Integrity;
    default: return ErrorKind::Failed;
  }
}

std::string_view advice(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::Busy: return "; another program is writing, see --lock-wait";
    case ErrorKind::Integrity: return "; greffe-catalog rebuild makes a new one from the folders";
    default: return "";
  }
}

// What holds for every connection (SAFETY S8), before a byte of the file is believed.
void harden(SQLite::Database& database) {
  sqlite3* handle = database.getHandle();
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  for (const int option : {SQLITE_DBCONFIG_TRUSTED_SCHEMA, SQLITE_DBCONFIG_DQS_DML, SQLITE_DBCONFIG_DQS_DDL,
                           SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION})
    sqlite3_db_config(handle, option, 0, nullptr);
  sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, 64 << 20);
  sqlite3_limit(handle, SQLITE_LIMIT_SQL_LENGTH, 100'000);
  sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 0);
  sqlite3_limit(handle, SQLITE_LIMIT_EXPR_DEPTH, 100);
  sqlite3_limit(handle, SQLITE_LIMIT_WORKER_THREADS, 0);
  database.exec("PRAGMA cell_size_check = ON");
  database.exec("PRAGMA foreign_keys = ON");
  database.exec("PRAGMA recursive_triggers = ON");
}

std::int64_t number(SQLite::Database& database, const char* query) {
  return database.execAndGet(query).getInt64();
}

// The version of the catalog, 0 for a file with nothing in it. Refuses the files of others.
Result<std::int64_t> version_of(SQLite::Database& database, const Path& file) {
  const std::int64_t application = number(database, "PRAGMA application_id");
  const std::int64_t version = number(database, "PRAGMA user_version");
  const auto known = static_cast<std::int64_t>(schema_steps().size());
  if (application == 0 && version == 0 && number(database, "SELECT count(*) FROM sqlite_schema") == 0)
    return 0;
  if (application != ApplicationId)
    return fail(ErrorKind::Integrity, "{}: a database, but no catalog of greffe", file.string());
  if (version > known)
    return fail(ErrorKind::NoArchive, "{}: version {} is newer than this program, which knows {}",
                file.string(), version, known);
  return version;
}

Status bring_up_to_date(SQLite::Database& database, const Path& file) {
  const auto steps = schema_steps();
  // Without the lock first: one that has to wait for other writers is not taken to find that nothing is due.
  GREFFE_TRY(const std::int64_t known, version_of(database, file));
  if (known == static_cast<std::int64_t>(steps.size())) return {};
  while (true) {
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    GREFFE_TRY(const std::int64_t version, version_of(database, file));
    if (version == static_cast<std::int64_t>(steps.size())) return {};
    database.exec(std::string(steps[static_cast<std::size_t>(version)]));
    database.exec(fmt::format("PRAGMA application_id = {}", ApplicationId));
    database.exec(fmt::format("PRAGMA user_version = {}", version + 1));
    transaction.commit();
  }
}

// SQLite would create the file for everyone to read.
Status touch(const Path& file) {
  const File created(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640));
  return created.is_open() ? Status() : Status(fail_errno(file.string()));
}

// A name in which SQLite sees nothing but the path.
std::string uri(const Path& file, std::string_view options) {
  std::string text = "file:";
  for (const char c : fs::absolute(file).string()) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) || c == '/' || c == '-' || c == '_' || c == '.')
      text += c;
    else
      text += fmt::format("%{:02X}", byte);
  }
  return text + std::string(options);
}

bool has_wal(const Path& file) {
  std::error_code error;
  const auto size = fs::file_size(file.string() + "-wal", error);
  return !error && size > 0;
}

// A reader of a WAL catalog makes the -shm file; where it cannot, the file is read as it stands, which is
// right as long as no WAL holds newer pages.
std::unique_ptr<SQLite::Database> open_for_reading(const Path& file, std::chrono::milliseconds lock_wait) {
  const int flags = SQLite::OPEN_READONLY | SQLite::OPEN_URI;
  const int wait_ms = static_cast<int>(std::min(lock_wait, std::chrono::milliseconds(1h)).count());
  try {
    auto database = std::make_unique<SQLite::Database>(uri(file, "?mode=ro"), flags, wait_ms);
    number(*database, "SELECT count(*) FROM sqlite_schema");
    return database;
  } catch (const SQLite::Exception& problem) {
    const int code = problem.getErrorCode() & 0xFF;
    const bool cannot_write =
        code == SQLITE_CANTOPEN || code == SQLITE_READONLY || code == SQLITE_IOERR || code == SQLITE_FULL;
    if (!cannot_write || has_wal(file)) throw;
    return std::make_unique<SQLite::Database>(uri(file, "?mode=ro&immutable=1"), flags);
  }
}

// Throws where others have the file open for longer than lock_wait.
void set_journal_mode(Connection::Parts& parts, const std::string& mode) {
  const auto deadline = std::chrono::steady_clock::now() + parts.options.lock_wait;
  while (true) {
    try {
      // SQLite does not call the busy handler here.
      parts.database->exec("PRAGMA journal_mode = " + mode);
      return;
    } catch (const SQLite::Exception& problem) {
      const bool busy = (problem.getErrorCode() & 0xFF) == SQLITE_BUSY;
      if (!busy || stop_requested() || std::chrono::steady_clock::now() >= deadline) throw;
    }
    std::this_thread::sleep_for(20ms);
  }
}

Status prepare_for_writing(Connection::Parts& parts, Access access) {
  SQLite::Database& database = *parts.database;
  GREFFE_TRY(const std::int64_t version, version_of(database, parts.file));
  if (version == 0 && access != Access::Create)
    return fail(ErrorKind::Integrity, "{}: empty; greffe-catalog rebuild makes it again",
                parts.file.string());
  const bool network =
      parts.options.on_network.value_or(is_network_file_system(fs::absolute(parts.file).parent_path()));
  if (network)
    log::warning("{}: on a network file system; WAL is not used, and locks are as good as its server's",
                 parts.file.string());
  const std::string mode = network ? "delete" : "wal";
  if (database.execAndGet("PRAGMA journal_mode").getString() != mode) set_journal_mode(parts, mode);
  database.exec("PRAGMA synchronous = FULL");
  // What is deleted is overwritten: free pages tell nothing of what was destroyed (RETENTION D8).
  database.exec("PRAGMA secure_delete = ON");
  GREFFE_CHECK(bring_up_to_date(database, parts.file));
  if (access == Access::Create && number(database, "SELECT count(*) FROM meetings") > 0)
    return fail("{}: there is a catalog with meetings already", parts.file.string());
  return {};
}

}  // namespace

LibraryVersions library_versions() { return {{"SQLite", sqlite3_libversion()}}; }

Error error_of_current_exception(std::string_view what) {
  try {
    throw;
  } catch (const SQLite::Exception& problem) {
    const ErrorKind kind = kind_of(problem.getErrorCode() & 0xFF, problem.getExtendedErrorCode());
    return Error(fmt::format("{}: {}{}", what, problem.what(), advice(kind)), kind);
  } catch (const std::exception& problem) {
    return Error(fmt::format("{}: {}", what, problem.what()));
  }
}

Connection::Connection(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;
Connection::~Connection() = default;

SQLite::Database& Connection::database() const { return *parts_->database; }
const Path& Connection::file() const { return parts_->file; }

Result<Connection> Connection::open(const Path& file, Access access, const ConnectionOptions& options) {
  return guarded(file.string(), [&]() -> Result<Connection> {
    GREFFE_TRY(FolderLock in_place, FolderLock::share(file.parent_path(), options.lock_wait));
    if (access == Access::Create)
      GREFFE_CHECK(touch(file));
    else
      GREFFE_CHECK(check_input(file));  // says better than SQLite why a file cannot be opened
    auto parts =
        std::make_unique<Parts>(Parts{.file = file, .options = options, .in_place = std::move(in_place)});
    if (access == Access::Read)
      parts->database = open_for_reading(file, options.lock_wait);
    else
      parts->database = std::make_unique<SQLite::Database>(uri(file, "?mode=rw"),
                                                           SQLite::OPEN_READWRITE | SQLite::OPEN_URI);
    sqlite3_busy_handler(parts->database->getHandle(), on_busy, parts.get());
    harden(*parts->database);
    if (access != Access::Read) {
      GREFFE_CHECK(prepare_for_writing(*parts, access));
    } else {
      GREFFE_TRY(const std::int64_t version, version_of(*parts->database, file));
      if (version < static_cast<std::int64_t>(schema_steps().size()))
        return fail("{}: version {} is older than this program; any command that writes brings it up to date",
                    file.string(), version);
      parts->database->exec("PRAGMA query_only = ON");
    }
    return Connection(std::move(parts));
  });
}

Status Connection::write(const std::function<Status()>& work) const {
  return guarded(parts_->file.string(), [&]() -> Status {
    SQLite::Transaction transaction(*parts_->database, SQLite::TransactionBehavior::IMMEDIATE);
    GREFFE_CHECK(work());
    transaction.commit();
    return {};
  });
}

Status Connection::shut_out_others() const { return parts_->in_place.hold_alone(parts_->options.lock_wait); }

Status Connection::leave_wal() const {
  set_journal_mode(*parts_, "delete");
  return {};
}

}  // namespace greffe::catalog
