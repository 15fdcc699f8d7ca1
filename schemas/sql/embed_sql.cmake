# Turns schemas/sql/NNN.sql into a .cpp that defines greffe::catalog::schema_steps(), so that programs need no file
# at run time. Usage: cmake -DFOLDER=schemas/sql -DOUTPUT=schema.cpp -P embed_sql.cmake
file(GLOB steps ${FOLDER}/*.sql)
list(SORT steps)
set(code "// Made from schemas/sql by its embed_sql.cmake.\n#include \"catalog/schema.h\"\n\n#include <array>\n\n")
string(APPEND code "namespace greffe::catalog {\n\nstd::span<const std::string_view> schema_steps() {\n")
list(LENGTH steps count)
string(APPEND code "  static constexpr std::array<std::string_view, ${count}> Steps{\n")
foreach(step IN LISTS steps)
  file(READ ${step} sql)
  string(APPEND code "      R\"sql(${sql})sql\",\n")
endforeach()
string(APPEND code "  };\n  return Steps;\n}\n\n}  // namespace greffe::catalog\n")
file(WRITE ${OUTPUT} "${code}")
