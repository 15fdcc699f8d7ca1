#include "package/bag_writer.h"

#include <array>

#include "package/bag_manifest.h"
#include "package/bag_path.h"

namespace greffe::package {
namespace {

constexpr std::array Algorithms{fixity::Algorithm::Sha256, fixity::Algorithm::Sha512};

}  // namespace

Status write_head(const BagDraft& bag, PackageSink& sink) {
  GREFFE_CHECK(sink.add(bag.path_of("bag-info.txt"), bag_info_text(bag.info)));
  return sink.add(bag.path_of("bagit.txt"), declaration_text());
}

Result<std::string> write_tail(const BagDraft& bag, PackageSink& sink) {
  std::map<std::string, std::string> tags{{"bag-info.txt", bag_info_text(bag.info)},
                                          {"bagit.txt", declaration_text()}};
  std::array<std::map<std::string, std::string>, 2> digests;
  for (const auto& [path, digest] : bag.payload) {
    digests[0].emplace(path, digest.sha256);
    digests[1].emplace(path, digest.sha512);
  }
  for (std::size_t i = 0; i < Algorithms.size(); ++i) {
    const std::string file = manifest_file(ListKind::Payload, Algorithms[i]);
    const std::string& text = tags.emplace(file, manifest_text(digests[i])).first->second;
    digests[i].clear();
    GREFFE_CHECK(sink.add(bag.path_of(file), text));
  }
  for (const auto& [file, text] : bag.tags) {
    GREFFE_CHECK(sink.add(bag.path_of(file), text));
    tags.emplace(file, text);
  }
  std::string last;
  for (const fixity::Algorithm algorithm : Algorithms) {
    std::map<std::string, std::string> of_tags;
    for (const auto& [file, text] : tags) of_tags.emplace(file, fixity::hex_digest(algorithm, text));
    last = manifest_text(of_tags);
    GREFFE_CHECK(sink.add(bag.path_of(manifest_file(ListKind::Tag, algorithm)), last));
  }
  return last;
}

std::string find_twins(const std::map<std::string, PayloadDigests>& payload) {
  std::map<std::string, const std::string*> folded;
  for (const auto& [path, digests] : payload) {
    const auto [like, is_new] = folded.emplace(folded_name(path), &path);
    if (!is_new) return fmt::format("{} and {}", *like->second, path);
  }
  return {};
}

}  // namespace greffe::package
