// Which containers films come in, and what fits into them.
#pragma once

#include <string>

#include "base/file.h"
#include "base/result.h"
#include "media/codec_id.h"

namespace greffe::container {

enum class FilmContainer { WebM, Matroska, Mp4 };
// By the name's ending: .webm, .mkv or .mp4.
Result<FilmContainer> film_container_of(const Path& name);

// Fails with kind Usage when such pictures or such sound cannot be in the container; says what can.
Status check_fit(FilmContainer container, media::CodecId video, media::CodecId sound);
// What fits, the usual first.
media::CodecId usual_video(FilmContainer container);
media::CodecId usual_sound(FilmContainer container);

// The three letters of ISO 639-2 for a BCP 47 tag, since neither Matroska's Language nor MP4 takes anything
// else: "ger" in Matroska, which has the bibliographic code, "deu" in MP4. Any three
// letters are taken for such a code; "und" for what else is not known. Case does not matter, and "_" is as
// good as "-".
std::string language_code(FilmContainer container, std::string_view tag);

}  // namespace greffe::container
