// A document for people, made once and written as plain text or as a page to print.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace greffe::custody {

// Any text may stand in it: what could be read as markup, as a line end or by a terminal is written harmless.
struct PaperTable {
  struct Column {
    std::string name;
    bool right = false;  // figures
    int width = 0;       // percent of the page, 0: as it comes
  };
  std::vector<Column> columns;
  std::vector<std::vector<std::string>> rows;  // as many cells each as there are columns
};

struct PaperSection {
  std::string heading;                                      // may be empty
  std::vector<std::pair<std::string, std::string>> fields;  // name and value; empty values are left out
  PaperTable table;                                         // none without columns
  std::vector<std::string> notes;                           // whole sentences
  std::vector<std::pair<std::string, std::string>>
      boxes;  // to be filled in by hand: heading, what goes below
};

struct Paper {
  std::string language;  // "fr", "en"
  std::string title;
  std::string number;  // what tells it from others of its kind
  bool across = true;  // landscape: there are tables in it
  std::vector<PaperSection> sections;
};

// UTF-8, each row of a table as a paragraph, for mail and terminals. Several begin on a page each: a form
// feed stands between them.
std::string plain_text_of(const Paper& paper);
std::string plain_text_of(std::span<const Paper> papers);
// One file, A4, no scripts, nothing that is fetched. Several, at least one, are of one language and lie
// alike.
std::string html_of(const Paper& paper);
std::string html_of(std::span<const Paper> papers);

}  // namespace greffe::custody
