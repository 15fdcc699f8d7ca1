#include "package/check_bag.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "package/bag_manifest.h"
#include "package/bag_path.h"

namespace greffe::package {
namespace {

constexpr std::string_view Declaration = "bagit.txt";
// The second until version 0.95.
constexpr std::string_view InfoFiles[] = {"bag-info.txt", "package-info.txt"};

bool is_payload(std::string_view path) { return path.starts_with("data/"); }

// A manifest of the bag, its lines put together with the files they mean.
struct Manifest {
  std::string file;
  ManifestName name;
  std::vector<ManifestLine> lines;
  std::vector<std::optional<std::size_t>> means;  // entry of each line
};

class Checker {
 public:
  Checker(BagContents& contents, ProgressSink& progress, const BagLimits& limits)
      : contents_(contents), entries_(contents.entries()), progress_(progress), limits_(limits) {}

  Result<BagCheck> run() {
    index_entries();
    GREFFE_CHECK(read_tag_files());
    read_declaration();
    read_manifests();
    read_info();
    read_fetch();
    find_files();
    check_presence();
    check_oxum();
    GREFFE_CHECK(check_digests());
    return std::move(check_);
  }

 private:
  void find(Grade grade, std::string_view reason, std::string_view place, std::string text) {
    check_.findings.add(grade, reason, printable(place), std::move(text));
  }
  bool is_old() const { return check_.version < NewestVersion; }

  // What is there, each name once, and none that leads elsewhere.
  void index_entries() {
    if (contents_.tops().size() > 1)
      find(Grade::NoBag, reason::ManyFolders, contents_.tops()[1],
           fmt::format("{} names at the top, where a bag has one folder", contents_.tops().size()));
    for (std::size_t at = 0; at < entries_.size(); ++at) {
      const BagEntry& entry = entries_[at];
      if (const auto unsafe = unsafe_path(entry.path)) {
        find(Grade::Invalid, *unsafe, entry.path, "the name leads out of the bag");
        continue;
      }
      if (entry.kind == BagEntry::Kind::Link)
        find(Grade::Invalid, reason::Link, entry.path, "a link; it is not followed");
      if (entry.kind == BagEntry::Kind::Special)
        find(Grade::Invalid, reason::SpecialFile, entry.path, "is no regular file");
      if (entry.kind == BagEntry::Kind::Folder) has_payload_ = has_payload_ || entry.path == "data";
      if (entry.kind != BagEntry::Kind::File) continue;
      if (!files_.emplace(entry.path, at).second) {
        find(Grade::Invalid, reason::DuplicateFile, entry.path, "is there twice");
        continue;
      }
      if (!is_payload(entry.path)) continue;
      has_payload_ = true;
      ++check_.files;
      check_.bytes += entry.bytes;
    }
    find_twins();
  }

  // Names that fall together elsewhere (§6.1): on systems that do not tell letters of two cases apart, or
  // write accents in one way.
  void find_twins() {
    std::map<std::string, const std::string*> folded, normalized;
    for (const auto& [path, at] : files_) {
      const auto [same, is_new] = normalized.emplace(normalized_name(path), &path);
      const auto [like, is_other] = folded.emplace(folded_name(path), &path);
      by_normal_.emplace(same->first, at);
      if (!is_new)
        find(is_old() ? Grade::Warning : Grade::Invalid, reason::NormalizationTwins, path,
             fmt::format("differs from {} in its Unicode normalization only", printable(*same->second)));
      else if (!is_other)
        find(Grade::Invalid, reason::CaseTwins, path,
             fmt::format("differs from {} in case only", printable(*like->second)));
    }
  }

  // How much of a tag file may be read; 0: it is none that is.
  std::uint64_t most_of(std::string_view path) const {
    if (path == FetchFile || manifest_name(path)) return limits_.tag_bytes;
    const bool is_info = std::find(std::begin(InfoFiles), std::end(InfoFiles), path) != std::end(InfoFiles);
    return path == Declaration || is_info ? limits_.info_bytes : 0;
  }

  Status read_tag_files() {
    std::set<std::size_t> too_large;
    std::uint64_t left = limits_.tag_bytes;
    const auto sink_for = [&](std::size_t at) -> BytesSink {
      const std::string& path = entries_[at].path;
      const auto known = files_.find(path);
      const std::uint64_t most = most_of(path);
      if (most == 0 || known == files_.end() || known->second != at) return {};
      std::string& text = texts_[path];
      return [&text, &too_large, &left, most, at](Bytes bytes) {
        if (bytes.size() > left || text.size() + bytes.size() > most) {
          too_large.insert(at);
          return;
        }
        left -= bytes.size();
        text.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
      };
    };
    GREFFE_CHECK(contents_.read(sink_for, [&](std::size_t at, const std::string& why) {
      find(Grade::Invalid, reason::UnreadableFile, entries_[at].path, why);
      unread_.insert(at);
    }));
    for (const std::size_t at : too_large)
      find(Grade::Invalid, reason::TooLarge, entries_[at].path,
           "larger than what is read of tag files; not all of it is looked at");
    return {};
  }

  void read_declaration() {
    const auto text = texts_.find(std::string(Declaration));
    if (text == texts_.end()) {
      find(Grade::NoBag, reason::NoDeclaration, Declaration, "is not there");
    } else {
      const BagDeclaration declared = parse_declaration(text->second, check_.findings);
      check_.version = declared.version;
      check_.encoding = declared.encoding_name;
      encoding_ = declared.encoding;
    }
    if (!has_payload_) find(Grade::Invalid, reason::NoPayload, "data", "is not there");
  }

  // Each is taken once, and what was read is dropped.
  std::string take_text(const std::string& file) {
    return tag_text(std::move(texts_.extract(file).mapped()), encoding_, file, check_.findings);
  }

  void read_manifests() {
    std::vector<std::string> files;
    for (const auto& [file, bytes] : texts_)
      if (manifest_name(file)) files.push_back(file);
    for (const std::string& file : files) {
      const auto name = manifest_name(file);
      if (!name->known)
        find(Grade::Warning, reason::UnknownAlgorithm, file,
             fmt::format("\"{}\": its digests cannot be computed here", printable(name->algorithm)));
      else if (name->kind == ListKind::Payload)
        check_.algorithms.emplace_back(fixity::name_of(*name->known));
      manifests_.push_back({.file = file,
                            .name = *name,
                            .lines = parse_manifest(take_text(file), file, *name, check_.version, lines_left_,
                                                    check_.findings),
                            .means = {}});
      lines_left_ -= manifests_.back().lines.size();
    }
    const bool has_payload_manifest = std::any_of(manifests_.begin(), manifests_.end(), [](const auto& one) {
      return one.name.kind == ListKind::Payload;
    });
    if (!has_payload_manifest)
      find(Grade::Invalid, reason::NoManifest, "manifest-sha512.txt", "there is no manifest of the payload");
    else if (check_.algorithms.empty())
      find(Grade::Invalid, reason::UnknownAlgorithm, manifests_.front().file,
           "no manifest of the payload has digests that can be computed here");
  }

  void read_info() {
    for (const std::string_view name : InfoFiles) {
      const std::string file(name);
      if (!texts_.contains(file) || !check_.info.empty()) continue;
      check_.info = parse_bag_info(take_text(file), file, check_.version, check_.findings);
    }
  }

  void read_fetch() {
    const std::string file(FetchFile);
    if (!texts_.contains(file)) return;
    fetched_ = parse_fetch(take_text(file), check_.version, lines_left_, check_.findings);
    find(Grade::Warning, reason::FetchList, file,
         fmt::format("names {} files to be fetched; nothing is", fetched_.size()));
  }

  // Lines of manifests → entries, by their bytes, or where those are not there in any normalization.
  std::optional<std::size_t> find_file(const ManifestLine& line, const std::string& place) {
    if (const auto exact = files_.find(line.path); exact != files_.end()) return exact->second;
    if (const auto raw = files_.find(line.written); raw != files_.end()) {
      find(Grade::Warning, reason::OtherEncoding, place,
           fmt::format("{}: % stands for itself", printable(line.written)));
      return raw->second;
    }
    const auto other = by_normal_.find(normalized_name(line.path));
    if (other == by_normal_.end()) return std::nullopt;
    find(Grade::Warning, reason::OtherNormalization, place,
         fmt::format("{}: the file's name has another Unicode normalization", printable(line.path)));
    return other->second;
  }

  void find_files() {
    for (Manifest& manifest : manifests_) {
      std::map<std::size_t, int> lines_of_files;
      std::map<std::string, std::pair<const ManifestLine*, bool>> folded;
      for (const ManifestLine& line : manifest.lines) {
        const std::string place = fmt::format("{}: line {}", manifest.file, line.number);
        const auto means = find_file(line, place);
        manifest.means.push_back(means);
        const auto before = means ? lines_of_files.find(*means) : lines_of_files.end();
        const auto [like, is_new] =
            folded.emplace(folded_name(line.path), std::pair(&line, means.has_value()));
        const auto& [other, is_there] = like->second;
        if (before != lines_of_files.end())
          find(is_old() ? Grade::Warning : Grade::Invalid, reason::NormalizationTwins, place,
               fmt::format("{}: the file of line {} again", printable(line.path), before->second));
        else if (!is_new && !(means && is_there))  // of two files it is told already
          find(Grade::Invalid, reason::CaseTwins, place,
               fmt::format("{}: differs from line {} in case or normalization only", printable(line.path),
                           other->number));
        if (means) lines_of_files.emplace(*means, line.number);
      }
    }
  }

  void check_presence() {
    std::set<std::string> to_fetch, listed_absent;
    for (const FetchLine& line : fetched_) to_fetch.insert(line.path);
    std::vector<int> lists(entries_.size(), 0);
    int payload_lists = 0, tag_lists = 0;
    for (const Manifest& manifest : manifests_) {
      const bool is_payload_list = manifest.name.kind == ListKind::Payload;
      payload_lists += is_payload_list ? 1 : 0;
      tag_lists += is_payload_list ? 0 : 1;
      std::set<std::size_t> here;
      for (std::size_t i = 0; i < manifest.lines.size(); ++i) {
        const ManifestLine& line = manifest.lines[i];
        if (manifest.means[i]) {
          here.insert(*manifest.means[i]);
          continue;
        }
        listed_absent.insert(line.path);
        const bool is_fetched = to_fetch.contains(line.path);
        find(Grade::Invalid, is_fetched ? reason::NotFetched : reason::MissingFile,
             fmt::format("{}: line {}", manifest.file, line.number),
             fmt::format("{}: {}", printable(line.path),
                         is_fetched ? "is not there, fetch.txt names where from" : "is not there"));
      }
      for (const std::size_t at : here) ++lists[at];
    }
    for (const auto& [path, at] : files_) check_listed(path, lists[at], payload_lists, tag_lists);
    for (const FetchLine& line : fetched_)
      if (!listed_absent.contains(line.path) && !files_.contains(line.path))
        find(Grade::Invalid, reason::FetchUnlisted, fmt::format("fetch.txt: line {}", line.number),
             fmt::format("{}: is in no manifest", printable(line.path)));
  }

  // §3: every payload file in every payload manifest, before 1.0 in one; every payload manifest in every tag
  // manifest; other tag files should be.
  void check_listed(const std::string& path, int lists, int payload_lists, int tag_lists) {
    if (is_payload(path)) {
      if (lists == 0)
        find(Grade::Invalid, reason::ExtraFile, path, "is in no manifest");
      else if (lists < payload_lists)
        find(is_old() ? Grade::Warning : Grade::Invalid, reason::UnlistedFile, path,
             fmt::format("is in {} of {} manifests", lists, payload_lists));
      return;
    }
    const auto manifest = manifest_name(path);
    if (lists >= tag_lists || (manifest && manifest->kind == ListKind::Tag)) return;
    find(manifest && !is_old() ? Grade::Invalid : Grade::Warning, reason::UnlistedTagFile, path,
         fmt::format("is in {} of {} tag manifests", lists, tag_lists));
  }

  void check_oxum() {
    const auto text = find_label(check_.info, "Payload-Oxum");
    if (!text) return;
    const auto oxum = Oxum::parse(*text);
    const Oxum there{check_.bytes, check_.files};
    if (!oxum)
      find(Grade::Invalid, reason::BadOxum, "bag-info.txt",
           fmt::format("Payload-Oxum: \"{}\" is no BYTES.FILES", printable(*text)));
    else if (*oxum != there)
      find(Grade::Invalid, reason::WrongOxum, "bag-info.txt",
           fmt::format("Payload-Oxum: {}; there are {}", oxum->text(), there.text()));
  }

  // All files that are listed, each read once for all its digests.
  Status check_digests() {
    struct Wanted {
      const Manifest* manifest;
      const ManifestLine* line;
    };
    std::map<std::size_t, std::vector<Wanted>> wanted;
    std::uint64_t total = 0, done = 0;
    for (const Manifest& manifest : manifests_)
      for (std::size_t i = 0; i < manifest.lines.size(); ++i)
        if (manifest.means[i] && manifest.name.known) {
          auto& lines = wanted[*manifest.means[i]];
          if (lines.empty()) total += entries_[*manifest.means[i]].bytes;
          lines.push_back({&manifest, &manifest.lines[i]});
        }
    std::map<fixity::Algorithm, fixity::Hasher> hashers;
    std::optional<std::size_t> current;
    const auto conclude = [&] {
      if (!current) return;
      std::map<fixity::Algorithm, std::string> found;
      for (auto& [algorithm, hasher] : hashers) found.emplace(algorithm, hasher.finish_hex());
      for (const Wanted& one : wanted[*current])
        if (!unread_.contains(*current) && found.at(*one.manifest->name.known) != one.line->digest)
          find(Grade::Invalid, reason::ChangedFile, entries_[*current].path,
               fmt::format("{} {}, line {} of {} has {}", fixity::name_of(*one.manifest->name.known),
                           found.at(*one.manifest->name.known), one.line->number, one.manifest->file,
                           one.line->digest));
      current.reset();
    };
    const auto sink_for = [&](std::size_t at) -> BytesSink {
      conclude();
      const auto lines = wanted.find(at);
      if (lines == wanted.end()) return {};
      current = at;
      hashers.clear();
      for (const Wanted& one : lines->second)
        hashers.try_emplace(*one.manifest->name.known, *one.manifest->name.known);
      return [&](Bytes bytes) {
        for (auto& [algorithm, hasher] : hashers) hasher.update(bytes);
        progress_.advance("checking", done += bytes.size(), total);
      };
    };
    GREFFE_CHECK(contents_.read(sink_for, [&](std::size_t at, const std::string& why) {
      if (unread_.insert(at).second) find(Grade::Invalid, reason::UnreadableFile, entries_[at].path, why);
    }));
    conclude();
    return {};
  }

  BagContents& contents_;
  const std::vector<BagEntry>& entries_;
  ProgressSink& progress_;
  const BagLimits limits_;
  std::size_t lines_left_ = limits_.lines;
  BagCheck check_;
  TagEncoding encoding_ = TagEncoding::Utf8;
  bool has_payload_ = false;
  std::map<std::string, std::size_t> files_;      // regular ones, by path
  std::map<std::string, std::size_t> by_normal_;  // the same by normalized_name
  std::map<std::string, std::string> texts_;      // of tag files that are read, undecoded
  std::set<std::size_t> unread_;
  std::vector<Manifest> manifests_;
  std::vector<FetchLine> fetched_;
};

}  // namespace

Result<BagCheck> check_bag(BagContents& contents, ProgressSink& progress, const BagLimits& limits) {
  return Checker(contents, progress, limits).run();
}

}  // namespace greffe::package
