// How well a cue fits words that are searched for: BM25, at a cost that does not grow with the archive.
#pragma once

#include "catalog/connection.h"

namespace greffe::catalog {

// Gives the connection the function greffe_rank(TABLE, LAST) for queries of an FTS5 table: the lower, the
// better. LAST is the highest rowid of the table. It is SQLite's bm25() but for one thing: how often a phrase
// occurs is counted up to 100,000 rows and reckoned beyond that from how far they reached, since bm25() reads
// all of them before it ranks the first. SQLite's exceptions pass.
void add_rank_function(SQLite::Database& database);

}  // namespace greffe::catalog
