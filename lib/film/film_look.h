// What a film looks like around its pictures.
#pragma once

#include <string>

#include "base/file.h"
#include "canvas/overlay.h"
#include "canvas/palette.h"
#include "json/value.h"

namespace greffe::film {

struct FilmLook {
  bool light = false;       // a light background instead of a dark one
  bool round = false;       // tiles have rounded corners
  bool title_card = false;  // the first seconds show the meeting's title and date
  std::string date_zone =
      {};  // of the date on the title card, where there is no clock; empty: UTC, and it says so
  std::string clock_zone = {};  // "Etc/UTC", "Europe/Paris": a clock in the upper left corner; empty: none
  canvas::Overlay logo = {};    // in the lower right corner; empty: none
  std::string logo_sha256 = {};

  const canvas::Palette& palette() const { return light ? canvas::LightPalette : canvas::DarkPalette; }
};

// What differs from the usual.
json::Object to_json(const FilmLook& look);

// Takes a PNG of at most 1024 pixels a side as the logo.
Status add_logo(const Path& file, FilmLook& look);

}  // namespace greffe::film
