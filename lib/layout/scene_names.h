// The words of scenes.json, for those who write and who read it.
#pragma once

#include <array>
#include <string_view>

#include "layout/scene.h"

namespace greffe::layout {

inline constexpr std::string_view ScenesSchema = "greffe.scenes/1";

struct KindName {
  TileKind kind;
  std::string_view name;
};
inline constexpr std::array KindNames{KindName{TileKind::Camera, "camera"},
                                      KindName{TileKind::Screen, "screen"},
                                      KindName{TileKind::Placeholder, "placeholder"}};

std::string_view name_of(TileKind kind);

}  // namespace greffe::layout
