#include "film/own_inputs.h"

#include <algorithm>

#include "fixity/manifest.h"

namespace greffe::film {
namespace {

namespace fs = std::filesystem;

// All but renders/, where films of before lie, and what people put into the folder by themselves.
bool is_of_meeting(const Path& target, const Path& folder) {
  std::error_code none, not_there;
  const Path whole = fs::weakly_canonical(fs::absolute(target, none), not_there);
  const Path inside = whole.lexically_relative(fs::canonical(folder, none));
  if (inside.empty() || none) return false;
  const std::string first = inside.begin()->string();
  return first != ".." && first != "renders" &&
         (inside == "meeting.json" || inside == fixity::ManifestName || first != inside.string());
}

}  // namespace

Status check_not_inputs(const std::vector<Path>& targets, const std::vector<Path>& inputs,
                        const Path& meeting_folder) {
  std::error_code none;
  for (const Path& target : targets) {
    const bool is_input = std::any_of(inputs.begin(), inputs.end(),
                                      [&](const Path& input) { return fs::equivalent(target, input, none); });
    if (is_input)
      return fail(ErrorKind::Usage, "{}: is what this is made of, and would be replaced; give another name",
                  target.string());
    if (is_of_meeting(target, meeting_folder))
      return fail(ErrorKind::Usage, "{}: lies among the files of the meeting's record; give another name",
                  target.string());
  }
  return {};
}

}  // namespace greffe::film
