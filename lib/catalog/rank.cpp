#include "catalog/rank.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace greffe::catalog {
namespace {

// As in SQLite's bm25().
constexpr double K1 = 1.2;
constexpr double B = 0.75;
constexpr double LeastWeight = 1e-6;
constexpr std::int64_t MostCounted = 100'000;

// What is the same for all rows of a query.
struct Weights {
  std::vector<double> phrases;  // weight of each
  double average_words = 1;     // of a row
};

struct Occurrences {
  std::int64_t rows = 0;
  std::int64_t first = 0, last = 0;  // rowids
};

int count_row(const Fts5ExtensionApi* api, Fts5Context* row, void* data) {
  auto& found = *static_cast<Occurrences*>(data);
  found.last = api->xRowid(row);
  if (found.rows == 0) found.first = found.last;
  return ++found.rows < MostCounted ? SQLITE_OK : SQLITE_DONE;
}

// Rows that have the phrase, of `all`.
double reckoned(const Occurrences& found, std::int64_t last, double all) {
  const auto counted = static_cast<double>(found.rows);
  if (found.rows < MostCounted || found.last <= found.first || last <= found.last) return counted;
  const double reached = static_cast<double>(found.last - found.first);
  return std::min(all, counted * (static_cast<double>(last - found.first) / reached));
}

int find_weights(const Fts5ExtensionApi* api, Fts5Context* row, std::int64_t last, Weights& weights) {
  sqlite3_int64 rows = 0, words = 0;
  if (const int code = api->xRowCount(row, &rows); code != SQLITE_OK) return code;
  if (const int code = api->xColumnTotalSize(row, -1, &words); code != SQLITE_OK) return code;
  const auto all = static_cast<double>(std::max<sqlite3_int64>(rows, 1));
  weights.average_words = std::max(static_cast<double>(words) / all, 1.0);
  for (int phrase = 0; phrase < api->xPhraseCount(row); ++phrase) {
    Occurrences found;
    if (const int code = api->xQueryPhrase(row, phrase, &found, count_row); code != SQLITE_OK) return code;
    const double with = reckoned(found, last, all);
    weights.phrases.push_back(std::max(std::log((all - with + 0.5) / (with + 0.5)), LeastWeight));
  }
  return SQLITE_OK;
}

int rank_of(const Fts5ExtensionApi* api, Fts5Context* row, const Weights& weights, double& rank) {
  int instances = 0, words = 0;
  if (const int code = api->xInstCount(row, &instances); code != SQLITE_OK) return code;
  if (const int code = api->xColumnSize(row, -1, &words); code != SQLITE_OK) return code;
  std::vector<double> often(weights.phrases.size());
  for (int i = 0; i < instances; ++i) {
    int phrase = 0, column = 0, offset = 0;
    if (const int code = api->xInst(row, i, &phrase, &column, &offset); code != SQLITE_OK) return code;
    often[static_cast<std::size_t>(phrase)] += 1;
  }
  const double length = K1 * (1 - B + B * words / weights.average_words);
  rank = 0;
  for (std::size_t i = 0; i < often.size(); ++i)
    rank -= weights.phrases[i] * (often[i] * (K1 + 1)) / (often[i] + length);
  return SQLITE_OK;
}

void forget(void* weights) { delete static_cast<Weights*>(weights); }

// Called by C: nothing may be thrown through it.
int rank_row(const Fts5ExtensionApi* api, Fts5Context* row, std::int64_t last, double& rank) {
  try {
    auto* weights = static_cast<Weights*>(api->xGetAuxdata(row, 0));
    if (weights == nullptr) {
      auto made = std::make_unique<Weights>();
      if (const int code = find_weights(api, row, last, *made); code != SQLITE_OK) return code;
      weights = made.release();
      if (const int code = api->xSetAuxdata(row, weights, forget); code != SQLITE_OK) return code;
    }
    return rank_of(api, row, *weights, rank);
  } catch (...) {
    return SQLITE_NOMEM;
  }
}

void rank_function(const Fts5ExtensionApi* api, Fts5Context* row, sqlite3_context* context, int count,
                   sqlite3_value** values) {
  double rank = 0;
  const std::int64_t last = count > 0 ? sqlite3_value_int64(values[0]) : 0;
  const int code = rank_row(api, row, last, rank);
  if (code == SQLITE_OK)
    sqlite3_result_double(context, rank);
  else
    sqlite3_result_error_code(context, code);
}

}  // namespace

void add_rank_function(SQLite::Database& database) {
  sqlite3_stmt* statement = nullptr;
  fts5_api* fts5 = nullptr;
  database.check(sqlite3_prepare_v2(database.getHandle(), "SELECT fts5(?1)", -1, &statement, nullptr));
  sqlite3_bind_pointer(statement, 1, &fts5, "fts5_api_ptr", nullptr);
  sqlite3_step(statement);
  sqlite3_finalize(statement);
  if (fts5 == nullptr) throw SQLite::Exception("SQLite without FTS5");
  database.check(fts5->xCreateFunction(fts5, "greffe_rank", nullptr, rank_function, nullptr));
}

}  // namespace greffe::catalog
