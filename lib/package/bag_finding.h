// What does not hold of a bag (RFC 8493), and where.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace greffe::package {

enum class Grade : std::uint8_t {
  Warning,  // the bag is good all the same
  Invalid,  // incomplete, changed, or against the rules of its version
  NoBag,    // it does not say that it is one, or not in a way that can be read
};

struct BagFinding {
  Grade grade = Grade::Invalid;
  std::string_view reason;  // one of those below
  std::string place;        // file of the bag, and line where there is one: "manifest-sha512.txt: line 3"
  std::string text;         // for people
};

// One word for each way in which a bag does not hold. Scripts rest on them.
namespace reason {
inline constexpr std::string_view NoDeclaration = "no-declaration";  // bagit.txt is not there
inline constexpr std::string_view BadDeclaration = "bad-declaration";
inline constexpr std::string_view UnknownVersion = "unknown-version";
inline constexpr std::string_view UnknownEncoding = "unknown-encoding";
inline constexpr std::string_view ByteOrderMark = "byte-order-mark";
inline constexpr std::string_view BadText = "bad-text";      // not in the encoding that was declared
inline constexpr std::string_view TooLarge = "too-large";    // to be read as a tag file
inline constexpr std::string_view BadLine = "bad-line";      // of a manifest, fetch.txt or bag-info.txt
inline constexpr std::string_view BadDigest = "bad-digest";  // not hex digits, or not so many
inline constexpr std::string_view NoPayload = "no-payload-folder";
inline constexpr std::string_view NoManifest = "no-manifest";
inline constexpr std::string_view UnknownAlgorithm = "unknown-algorithm";
inline constexpr std::string_view AbsolutePath = "absolute-path";
inline constexpr std::string_view ParentPath = "parent-path";  // "..", or empty parts
inline constexpr std::string_view HomePath = "home-path";      // "~"
inline constexpr std::string_view OutsidePayload = "outside-payload";
inline constexpr std::string_view ListsItself = "lists-itself";  // a tag manifest in a tag manifest
inline constexpr std::string_view DuplicateLine = "duplicate-line";
inline constexpr std::string_view Contradiction = "contradiction";  // one file, two digests
inline constexpr std::string_view CaseTwins = "case-twins";         // names that differ in case only
inline constexpr std::string_view NormalizationTwins = "normalization-twins";
inline constexpr std::string_view OtherNormalization = "other-normalization";  // than the file's name has
inline constexpr std::string_view OtherEncoding = "other-encoding";            // of % in a name
inline constexpr std::string_view DuplicateFile = "duplicate-file";            // twice in one tar
inline constexpr std::string_view MissingFile = "missing-file";
inline constexpr std::string_view NotFetched = "not-fetched";
inline constexpr std::string_view ExtraFile = "extra-file";        // in no manifest
inline constexpr std::string_view UnlistedFile = "unlisted-file";  // in one manifest, not in another
inline constexpr std::string_view UnlistedTagFile = "unlisted-tag-file";
inline constexpr std::string_view ChangedFile = "changed-file";
inline constexpr std::string_view UnreadableFile = "unreadable-file";
inline constexpr std::string_view Link = "link";
inline constexpr std::string_view SpecialFile = "special-file";
inline constexpr std::string_view WrongOxum = "wrong-oxum";
inline constexpr std::string_view BadOxum = "bad-oxum";
inline constexpr std::string_view RepeatedLabel = "repeated-label";
inline constexpr std::string_view BadLabel = "bad-label";
inline constexpr std::string_view FetchList = "fetch-list";  // there is a fetch.txt; it is never followed
inline constexpr std::string_view FetchUnlisted = "fetch-unlisted";  // in fetch.txt, in no manifest
inline constexpr std::string_view ManyFolders = "many-folders";      // not one folder at the top of a tar
}  // namespace reason

// The findings of one check, in the order in which they were met. Of each reason the first thousand are kept,
// all are counted.
class BagFindings {
 public:
  void add(Grade grade, std::string_view reason, std::string place, std::string text);
  const std::vector<BagFinding>& kept() const { return kept_; }
  std::size_t count(std::string_view reason) const;
  bool has(std::string_view reason) const { return count(reason) > 0; }
  // The gravest there is; Warning where there is none.
  Grade gravest() const { return gravest_; }

 private:
  std::vector<BagFinding> kept_;
  std::map<std::string_view, std::size_t> counts_;
  Grade gravest_ = Grade::Warning;
};

}  // namespace greffe::package
