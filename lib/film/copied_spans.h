// Where the pictures of a film are those of a track as they were sent, so that nothing need be coded anew.
#pragma once

#include <string>
#include <vector>

#include "film/chunk_grid.h"
#include "film/film_order.h"

namespace greffe::film {

// Shorter ones are not worth a new beginning of the encoder behind them.
constexpr Duration ShortestCopy = std::chrono::seconds(2);

// One track alone fills the picture, of just its size and upright; no words, border, clock or logo lie over
// it; its codec is the film's; and from a key frame on no frame of it is missing or declares another size.
// Reads the files of the tracks in question. What it gives depends on the order alone, in order of time,
// never overlapping. One of whose frames anything is in doubt is coded anew, as the rest of the film is.
Result<std::vector<CopiedSpan>> copied_spans_of(const FilmOrder& order, const ChunkGrid& grid);

// Part of a chunk: frames that are drawn and coded, or copied.
struct ChunkPiece {
  FrameSpan frames;
  const CopiedSpan* copied = nullptr;  // one of those given
};
// A chunk without gaps, in order; at least one piece.
std::vector<ChunkPiece> pieces_of(const std::vector<CopiedSpan>& copied, const FrameSpan& chunk);

}  // namespace greffe::film
