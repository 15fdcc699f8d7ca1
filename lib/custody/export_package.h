// One part of an export being written: its labels and papers, and the bytes of its meetings.
#pragma once

#include <string>
#include <vector>

#include "base/progress.h"
#include "custody/export_meetings.h"
#include "custody/export_papers.h"
#include "custody/export_survey.h"
#include "package/bag_writer.h"

namespace greffe::custody {

// What all parts have in common. All that is referred to must outlive it.
struct ExportWork {
  const catalog::Archive& archive;
  const ExportRequest& request;
  const Acting& acting;
  const std::vector<SurveyedMeeting>& meetings;
  const ExportPapers& papers;
  CivilDate day{};
  ProgressSink& progress;
  std::uint64_t bytes = 0;  // of all files
};

// Which part it is.
struct PartPlace {
  std::string name;   // of the bag
  std::string group;  // for Bag-Group-Identifier; empty where there is one part only
  std::size_t number = 1;
  std::size_t count = 1;
  PartFiles files;
};

// What parts cost besides their payload; an upper bound.
PartCost cost_of_parts(const ExportWork& work, const std::string& longest_name);

// Labels that are computed, and may not be given.
Status check_labels(const package::BagInfo& labels);

// Writes parts one after the other. Files that are not what their manifest says are collected: nothing more
// is written then, but the rest is read, so that all are named.
class PackageMaker {
 public:
  explicit PackageMaker(const ExportWork& work) : work_(work) {}

  // Makes the tar or folder `made`.
  Result<ExportedPart> write(const PartPlace& place, const Path& made);
  // Names of files that did not hold, one a line; empty where all did.
  const std::vector<std::string>& problems() const { return problems_; }

 private:
  struct Copied;
  Status copy_files(const PartPlace& place, package::PackageSink& sink, const std::string& below,
                    std::vector<Copied>& copied, bool with_sha512);
  Status copy_meeting(const SurveyedMeeting& meeting, std::span<const FileIndex> files,
                      const std::string& below, package::PackageSink& sink, class HashPipeline* sha512,
                      std::vector<Copied>& copied);
  Status write_bag(const PartPlace& place, package::PackageSink& sink, ExportedPart& part);
  Status write_folder(const PartPlace& place, package::PackageSink& sink, ExportedPart& part);

  const ExportWork& work_;
  std::uint64_t done_ = 0;
  std::vector<std::string> problems_;
};

}  // namespace greffe::custody
