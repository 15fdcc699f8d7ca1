// A contact sheet of a plan: what each scene will look like, without the film.
#pragma once

#include <cstdint>
#include <vector>

#include "base/damage_log.h"
#include "base/progress.h"
#include "layout/scene.h"
#include "timeline/meeting_folder.h"

namespace greffe::film {

// A PNG with the middle of each scene, in rows of four, and below it when it is and why. Of many scenes, some
// at equal distances. Each track is decoded from the last key frame before those moments only.
Result<std::vector<std::uint8_t>> preview_of(const timeline::MeetingFolder& folder,
                                             const layout::ScenePlan& plan, ProgressSink& progress,
                                             DamageLog& damage);

}  // namespace greffe::film
