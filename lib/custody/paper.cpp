#include "custody/paper.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace greffe::custody {
namespace {

constexpr std::size_t TextWidth = 78;  // in code points

// On one line, without what a terminal would act on.
std::string line_of(std::string_view text) {
  std::string line = printable(valid_utf8(text));
  std::replace_if(
      line.begin(), line.end(), [](char c) { return c == '\n' || c == '\t' || c == '\r'; }, ' ');
  return line;
}

std::size_t width_of(std::string_view text) { return code_points(text).size(); }

// Words of `text` below each other, every line but the first begins with `indent` blanks; `used` is how much
// of the first line is written already.
std::string wrapped(std::string_view text, std::size_t used, std::size_t indent) {
  std::string out;
  std::size_t column = used;
  bool first = true;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t width = width_of(word);
    if (!first && column + 1 + width > TextWidth) {
      out += "\n" + std::string(indent, ' ');
      column = indent;
    } else if (!first) {
      out += ' ';
      ++column;
    }
    out += word;
    column += width;
    first = false;
  }
  return out;
}

std::string field_text(std::string_view name, std::string_view value, std::size_t indent,
                       std::string_view colon) {
  const std::string start = std::string(indent, ' ') + line_of(name) + std::string(colon);
  return start + wrapped(line_of(value), width_of(start), indent + 2) + "\n";
}

class TextWriter {
 public:
  explicit TextWriter(const Paper& paper) : paper_(paper), colon_(paper.language == "fr" ? " : " : ": ") {}

  std::string write() {
    text_ = line_of(paper_.title) + "\n" + line_of(paper_.number) + "\n";
    for (const PaperSection& section : paper_.sections) add(section);
    return std::move(text_);
  }

 private:
  void add(const PaperSection& section) {
    text_ += "\n";
    if (!section.heading.empty()) {
      const std::string heading = line_of(section.heading);
      text_ += heading + "\n" + std::string(width_of(heading), '-') + "\n";
    }
    for (const auto& [name, value] : section.fields)
      if (!value.empty()) text_ += field_text(name, value, 0, colon_);
    for (const auto& row : section.table.rows) add_row(section.table, row);
    for (const std::string& note : section.notes) text_ += wrapped(line_of(note), 0, 0) + "\n";
    for (const auto& [heading, below] : section.boxes)
      text_ += "\n" + line_of(heading) + "\n" + field_text(below, std::string(40, '.'), 2, colon_);
  }

  // "  1. A title" and below it the other cells that say something.
  void add_row(const PaperTable& table, const std::vector<std::string>& row) {
    const std::size_t named = std::min(row.size(), std::size_t{2});
    std::string start;
    for (std::size_t i = 0; i < named; ++i) start += (i == 0 ? "" : ". ") + line_of(row[i]);
    text_ += wrapped(start, 0, 4) + "\n";
    for (std::size_t i = named; i < std::min(row.size(), table.columns.size()); ++i)
      if (!row[i].empty()) text_ += field_text(table.columns[i].name, row[i], 4, colon_);
  }

  const Paper& paper_;
  std::string colon_;
  std::string text_;
};

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : line_of(text)) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
  return out;
}

constexpr std::string_view Style = R"(
@page { margin: 15mm 12mm; @bottom-right { content: counter(page) " / " counter(pages); } }
body { font: 10pt/1.35 "DejaVu Sans", Arial, sans-serif; color: #000; background: #fff; margin: 0 auto; }
h1 { font-size: 15pt; margin: 0; } * ~ h1 { break-before: page; margin-top: 15mm; } p.number { margin: 0 0 4mm; font-family: monospace; }
h2 { font-size: 11pt; margin: 6mm 0 2mm; border-bottom: 0.3mm solid #000; break-after: avoid; }
dl { display: table; margin: 0; } dl div { display: table-row; } dt, dd { display: table-cell; padding: 0.4mm 0; }
dt { font-weight: bold; padding-right: 4mm; width: 62mm; } dd { margin: 0; overflow-wrap: anywhere; }
table { width: 100%; border-collapse: collapse; font-size: 8.5pt; }
th, td { border: 0.2mm solid #000; padding: 1mm 1.5mm; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
thead { display: table-header-group; } tr { break-inside: avoid; } th { background: #eee; }
td.figure, th.figure { text-align: right; }
p { margin: 2mm 0; } div.boxes { display: flex; break-inside: avoid; margin-top: 4mm; }
div.box + div.box { margin-left: 8mm; } div.box { flex: 1; border: 0.3mm solid #000; min-height: 32mm; padding: 2mm; } div.box p { color: #444; }
)";

class HtmlWriter {
 public:
  std::string write(std::span<const Paper> papers) {
    const Paper& paper = papers.front();
    html_ = fmt::format(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
        "'unsafe-inline'\">\n<title>{} {}</title>\n<style>{}{}</style>\n</head>\n<body>\n",
        escaped(paper.language), escaped(paper.title), escaped(paper.number),
        paper.across ? "@page { size: A4 landscape; } body { max-width: 273mm; }"
                     : "@page { size: A4; } body { max-width: 186mm; }",
        Style);
    for (const Paper& each : papers) {
      html_ +=
          fmt::format("<h1>{}</h1>\n<p class=\"number\">{}</p>\n", escaped(each.title), escaped(each.number));
      for (const PaperSection& section : each.sections) add(section);
    }
    return std::move(html_) + "</body>\n</html>\n";
  }

 private:
  void add(const PaperSection& section) {
    if (!section.heading.empty()) html_ += fmt::format("<h2>{}</h2>\n", escaped(section.heading));
    add_fields(section);
    if (!section.table.rows.empty()) add_table(section.table);
    for (const std::string& note : section.notes) html_ += fmt::format("<p>{}</p>\n", escaped(note));
    if (section.boxes.empty()) return;
    html_ += "<div class=\"boxes\">\n";
    for (const auto& [heading, below] : section.boxes)
      html_ += fmt::format("<div class=\"box\"><b>{}</b><p>{}</p></div>\n", escaped(heading), escaped(below));
    html_ += "</div>\n";
  }

  void add_fields(const PaperSection& section) {
    std::string fields;
    for (const auto& [name, value] : section.fields)
      if (!value.empty())
        fields += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", escaped(name), escaped(value));
    if (!fields.empty()) html_ += fmt::format("<dl>\n{}</dl>\n", fields);
  }

  void add_table(const PaperTable& table) {
    const auto kind = [&](std::size_t column) {
      return table.columns[column].right ? " class=\"figure\"" : "";
    };
    html_ += "<table>\n<colgroup>";
    for (const PaperTable::Column& column : table.columns)
      html_ += column.width > 0 ? fmt::format("<col style=\"width: {}%\">", column.width) : "<col>";
    html_ += "</colgroup>\n<thead><tr>";
    for (std::size_t i = 0; i < table.columns.size(); ++i)
      html_ += fmt::format("<th{}>{}</th>", kind(i), escaped(table.columns[i].name));
    html_ += "</tr></thead>\n<tbody>\n";
    for (const auto& row : table.rows) {
      html_ += "<tr>";
      for (std::size_t i = 0; i < std::min(row.size(), table.columns.size()); ++i)
        html_ += fmt::format("<td{}>{}</td>", kind(i), escaped(row[i]));
      html_ += "</tr>\n";
    }
    html_ += "</tbody>\n</table>\n";
  }

  std::string html_;
};

}  // namespace

std::string plain_text_of(const Paper& paper) { return TextWriter(paper).write(); }
std::string plain_text_of(std::span<const Paper> papers) {
  std::string text;
  for (const Paper& paper : papers) text += (text.empty() ? "" : "\f\n") + plain_text_of(paper);
  return text;
}

std::string html_of(const Paper& paper) { return HtmlWriter().write(std::span(&paper, 1)); }
std::string html_of(std::span<const Paper> papers) { return HtmlWriter().write(papers); }

}  // namespace greffe::custody
