// What a film looks like around its pictures.
#pragma once

#include <string>

#include "canvas/palette.h"
#include "json/value.h"

namespace greffe::flow {

struct FilmLook {
  bool light = false;           // a light background instead of a dark one
  bool round = false;           // tiles have rounded corners
  bool title_card = false;      // the first seconds show the meeting's title and date
  std::string clock_zone = {};  // "Etc/UTC", "Europe/Paris": a clock in the upper left corner; empty: none

  const canvas::Palette& palette() const { return light ? canvas::LightPalette : canvas::DarkPalette; }
};

// What differs from the usual.
inline json::Object to_json(const FilmLook& look) {
  json::Object object;
  if (look.light) object.set("theme", "light");
  if (look.round) object.set("corners", "round");
  if (look.title_card) object.set("title_card", true);
  if (!look.clock_zone.empty()) object.set("clock", look.clock_zone);
  return object;
}

}  // namespace greffe::flow
