// The catalog as text: JSON lines, one row each, in an order that depends on the rows only. Two catalogs with
// the same rows give the same dump.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "catalog/catalog.h"

namespace greffe::catalog {

struct TableShape {
  std::string_view name;
  std::string_view columns;  // as SQL lists them; without numbers of this file only
  std::string_view order;
};
// In the order in which rows can be put back: what is referred to comes first.
std::span<const TableShape> dumped_tables();

// Hands out the lines, without newline: first {"schema": "greffe.dump/1", "rows": {table: count, …}}, then
// the rows as {"schema": "greffe.row/1", "table", "row": {…}}. All are of one moment. Stops when `line`
// fails.
Status dump(const Catalog& catalog, const std::function<Status(std::string_view)>& line);

// Puts the rows of a dump into a catalog without any, in one transaction. `next_line` gives the lines and
// nullopt at the end. The message of a failure names the line; a dump cut short is refused.
Status load(Catalog& catalog, const std::function<Result<std::optional<std::string>>()>& next_line);

}  // namespace greffe::catalog
