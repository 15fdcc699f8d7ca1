// A contact sheet of a film: what is in it, at a glance.
#pragma once

#include <cstdint>
#include <vector>

#include "film/film_order.h"

namespace greffe::film {

// A PNG with 24 pictures of the film at equal distances, as it shows them (of a short film fewer, a second
// apart at least), and below each its time and the chapter it belongs to. Drawn anew, not decoded from the
// film.
Result<std::vector<std::uint8_t>> sheet_of(const FilmOrder& order);

}  // namespace greffe::film
