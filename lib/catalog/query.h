// One SQL query of a person's own, which can read the catalog and do nothing else.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "json/value.h"

namespace greffe::catalog {

class Query {
 public:
  // Exactly one statement. What would write, attach, change a setting or load code is refused before it runs
  // (ErrorKind::Usage, as is what is not SQL). Runs until told to stop. `catalog` must outlive the query, be
  // open for reading only, and is good for queries only from here on.
  static Result<Query> open(const Catalog& catalog, const std::string& sql);
  Query(Query&&) noexcept;
  ~Query();

  const std::vector<std::string>& columns() const;
  // The next row, one value per column: null, integer, real or text; blobs come as hex digits.
  Result<std::optional<std::vector<json::Value>>> next();

 private:
  struct Parts;
  explicit Query(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace greffe::catalog
