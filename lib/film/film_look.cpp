#include "film/film_look.h"

#include "base/file.h"
#include "canvas/logo.h"
#include "codec/read_png.h"
#include "fixity/digest.h"

namespace greffe::film {

json::Object to_json(const FilmLook& look) {
  json::Object object;
  if (look.light) object.set("theme", "light");
  if (look.round) object.set("corners", "round");
  if (look.title_card) object.set("title_card", true);
  if (look.title_card && !look.date_zone.empty()) object.set("date_zone", look.date_zone);
  if (!look.clock_zone.empty()) object.set("clock", look.clock_zone);
  if (!look.logo_sha256.empty()) object.set("logo_sha256", look.logo_sha256);
  return object;
}

Status add_logo(const Path& file, FilmLook& look) {
  GREFFE_TRY(const std::string bytes, read_text(file, 8u << 20));
  const auto picture = codec::read_png(bytes, 1024);
  if (!picture) return fail_within(file.string(), picture);
  look.logo = canvas::overlay_of_rgba(picture->rgba, picture->width_px, picture->height_px);
  look.logo_sha256 = fixity::digest_of(bytes).hex();
  return {};
}

}  // namespace greffe::film
