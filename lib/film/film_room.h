// How much room on the disk a film takes, before it is begun.
#pragma once

#include "film/film_order.h"

namespace greffe::film {

// In bytes, at the least: quiet pictures are assumed, so that no film is refused for which there is room.
struct FilmRoom {
  std::uint64_t pictures = 0;
  std::uint64_t sound = 0;
};
FilmRoom least_room_of(const FilmOrder& order);

// Where a film and what it is joined of need room.
struct WantedRoom {
  FilmRoom room;
  Path work;
  Path film;
};

// Pictures lie in `work` until they are joined with the sound in the folder `film`: both exist. Films with
// one work folder share what lies in it. Fails when it is plain that there is no room for all of them; what
// lies in a work folder already counts as done.
Status check_room(const std::vector<WantedRoom>& films);

}  // namespace greffe::film
