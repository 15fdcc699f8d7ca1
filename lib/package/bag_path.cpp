#include "package/bag_path.h"

#include <utf8proc.h>

#include <array>
#include <cstdlib>
#include <memory>

namespace greffe::package {
namespace {

struct Escape {
  std::string_view written;  // in capitals
  char byte;
};
constexpr std::array<Escape, 3> Escapes{{{"%0A", '\n'}, {"%0D", '\r'}, {"%25", '%'}}};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
char capital(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

bool is_escape(std::string_view text, const Escape& escape) {
  return text.size() >= 3 && text[0] == '%' && text[1] == escape.written[1] &&
         capital(text[2]) == escape.written[2];
}

std::string mapped(std::string_view name, int options) {
  utf8proc_uint8_t* made = nullptr;
  const utf8proc_ssize_t length = utf8proc_map(
      reinterpret_cast<const utf8proc_uint8_t*>(name.data()), static_cast<utf8proc_ssize_t>(name.size()),
      &made, static_cast<utf8proc_option_t>(options | UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(made, &std::free);
  if (length < 0) return std::string(name);
  return std::string(reinterpret_cast<const char*>(made), static_cast<std::size_t>(length));
}

}  // namespace

std::optional<std::string_view> unsafe_path(std::string_view path) {
  if (path.empty() || path.find('\0') != std::string_view::npos) return reason::ParentPath;
  const bool has_drive = path.size() > 1 && is_letter(path[0]) && path[1] == ':';
  if (path.front() == '/' || path.front() == '\\' || has_drive) return reason::AbsolutePath;
  if (path.front() == '~') return reason::HomePath;
  while (true) {
    const auto end = path.find_first_of("/\\");
    const std::string_view part = path.substr(0, end);
    const bool at_slash = end == std::string_view::npos || path[end] == '/';
    if (part == ".." || (at_slash && (part.empty() || part == "."))) return reason::ParentPath;
    if (end == std::string_view::npos) return std::nullopt;
    path.remove_prefix(end + 1);
  }
}

std::string decoded_path(std::string_view written, BagVersion version) {
  std::string path;
  while (!written.empty()) {
    char byte = written.front();
    std::size_t taken = 1;
    for (const Escape& escape : Escapes)
      if (is_escape(written, escape) && (escape.byte != '%' || version >= NewestVersion))
        byte = escape.byte, taken = 3;
    path += byte;
    written.remove_prefix(taken);
  }
  return path;
}

std::string encoded_path(std::string_view path) {
  std::string written;
  for (const char c : path) {
    std::string_view text(&c, 1);
    for (const Escape& escape : Escapes)
      if (c == escape.byte) text = escape.written;
    written += text;
  }
  return written;
}

std::string normalized_name(std::string_view name) { return mapped(name, 0); }
std::string folded_name(std::string_view name) { return mapped(name, UTF8PROC_CASEFOLD); }

}  // namespace greffe::package
