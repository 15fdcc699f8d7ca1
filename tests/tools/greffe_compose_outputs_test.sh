#!/bin/bash
# What greffe-compose writes: every codec in every container it fits, chapters, languages, captions; the same
# bytes twice.
set -eu
. "$GREFFE_SOURCE/tests/support/expect.sh"
bin="$GREFFE_BUILD/bin"
unset GREFFE_ARCHIVE || true
samples=$(samples_with council) || exit 77
[ -x "$bin/greffe-compose" ] || exit 77
cd "$work"

council=$("$bin/greffe-ingest" -q --archive demo --create "$samples/council/meeting.json") || [ $? = 3 ]
export GREFFE_ARCHIVE="$work/demo"
small="--size 320x180 --fps 5"
cat >agenda.txt <<'END'
# The "$council"
0:00 Welcome
0:10 Häuser & roads
0:25.5 Vote
END
fact() { ffprobe -v error -select_streams "$2" -show_entries "$3" -of csv=p=0 "$1" | head -1; }

# ENDING VIDEO SOUND, and what ffprobe calls them.
while read -r -u 3 ending video sound; do
  film="$video-$sound.$ending"
  # Encoders are not ours: under a sanitizer, which is slow, one of each kind is enough.
  case "${GREFFE_SANITIZE:+$film}" in '' | vp8-opus.webm | av1-opus.mp4 | h264-aac.mp4 | ffv1-flac.mkv) ;; *) continue ;; esac
  expect 0 "$bin/greffe-compose" -q $small --video "$video" --sound "$sound" --captions track --agenda agenda.txt -o "$film" "$council"
  [ "$(fact "$film" v stream=codec_name)" = "$video" ] || fail "$film: no $video"
  [ "$(fact "$film" a stream=codec_name)" = "$sound" ] || fail "$film: no $sound"
  # What a player of large pictures would otherwise take for BT.709. Both names are of one matrix, that of BT.601.
  case "$(fact "$film" v stream=color_range,color_space)" in
    tv,bt470bg* | tv,smpte170m*) ;;
    *) fail "$film: its colours are $(fact "$film" v stream=color_range,color_space)" ;;
  esac
  starts=$(ffprobe -v error -show_entries stream=start_time -of csv=p=0 -select_streams v "$film")
  [ "${starts%,}" = 0.000000 ] || fail "$film: pictures begin at $starts"
  starts=$(fact "$film" a stream=start_time)
  [ "${starts%,}" = 0.000000 ] || fail "$film: sound begins at $starts"
  # Every picture decodes, at its own time and without a word of complaint.
  ffmpeg -nostdin -v warning -i "$film" -map 0:v -map 0:a -f framemd5 - >frames 2>complaints
  [ ! -s complaints ] || fail "$film: $(head -3 complaints)"
  pictures=$(grep -c '^0,' frames)
  [ "$pictures" = "${expected:=$pictures}" ] || fail "$film: $pictures pictures, others have $expected"
  chapters=$(ffprobe -v error -show_chapters -of csv=p=0 "$film" | wc -l)
  [ "$chapters" = 3 ] || fail "$film: $chapters chapters"
  ffprobe -v error -show_chapters "$film" | grep -q 'TAG:title=Häuser & roads' || fail "$film: the title of a chapter"
  ffprobe -v error -show_format "$film" | grep -q 'TAG:title=' || fail "$film: no title"
  cues=$(ffmpeg -nostdin -v error -i "$film" -map 0:s -f webvtt - | grep -c -- '-->')
  [ "$cues" -gt 3 ] || fail "$film: $cues cues"
  language=$(ffprobe -v error -select_streams a -show_entries stream_tags=language -of csv=p=0 "$film")
  [ "$language" = eng ] || fail "$film: its sound speaks $language"
done 3<<'END'
webm vp8 opus
webm vp9 opus
webm av1 opus
mkv vp9 aac
mkv h264 opus
mkv av1 flac
mkv ffv1 flac
mp4 h264 aac
mp4 h264 opus
mp4 av1 opus
END

# The decoder is told the same, where the container says nothing (VP8 has no word for it, which means BT.601).
for film in vp9-opus.webm h264-aac.mp4 h264-opus.mkv av1-opus.mp4 av1-opus.webm; do
  [ -e "$film" ] || continue
  matrix=$(ffprobe -v error -select_streams v -read_intervals %+#1 -show_entries frame=color_range,color_space -of csv=p=0 "$film" | head -1)
  case "$matrix" in tv,bt470bg* | tv,smpte170m*) ;; *) fail "$film: its pictures are of $matrix" ;; esac
done

# The head of an MP4 stands in front.
[ "$(grep -abo -m1 moov h264-aac.mp4 | head -1 | cut -d: -f1)" -lt 100 ] || fail "MP4: moov is not in front"

# The same bytes again, from nothing and for another number of jobs. What encoders give twice no sanitizer sees better.
again=(av1-opus.mp4 h264-aac.mp4 ffv1-flac.mkv)
[ -z "${GREFFE_SANITIZE:-}" ] || again=()
for film in "${again[@]}"; do
  codecs=${film%.*}
  expect 0 "$bin/greffe-compose" -q $small --video "${codecs%-*}" --sound "${codecs#*-}" --captions track \
    --agenda agenda.txt --jobs 1 -o "again-$film" "$council"
  cmp "$film" "again-$film" || fail "$film: two films of one meeting differ"
done

# Nothing is lost on the way into FFV1: pictures of a lossless film are those that were drawn.
[ "$(fact ffv1-flac.mkv v stream=pix_fmt)" = yuv420p ] || fail "FFV1: another pixel format"
[ "$(fact ffv1-flac.mkv a stream=bits_per_raw_sample)" = 24 ] || fail "FLAC: not 24 bits"

# Profiles, and names that follow from them.
expect 0 "$bin/greffe-compose" -q $small --for preservation -o master.mkv "$council"
[ "$(fact master.mkv v stream=codec_name)" = ffv1 ] || fail "preservation is not FFV1"
[ -n "${GREFFE_SANITIZE:-}" ] || expect 0 "$bin/greffe-compose" -q --size 1920x1080 --fps 1 --for preservation -o large.mkv "$council"
rm -f large.mkv
expect 0 "$bin/greffe-compose" -q $small --for archive "$council"
case "$(cat out)" in */film-grid-320x180-archive.mkv) ;; *) fail "the archive's film is $(cat out)" ;; esac
[ "$(fact "$(cat out)" v stream=codec_name)" = av1 ] || fail "archive is not AV1"

# What does not fit is refused before anything is done, and what fits is named.
expect 2 "$bin/greffe-compose" -q --video vp9 -o film.mp4 "$council"
grep -q 'vp9 fits .webm or .mkv' err || fail "what fits is not named: $(cat err)"
expect 2 "$bin/greffe-compose" -q --sound flac -o film.webm "$council"
expect 2 "$bin/greffe-compose" -q --for preservation -o film.mp4 "$council"
expect 2 "$bin/greffe-compose" -q --video mpeg2 "$council"
expect 2 "$bin/greffe-compose" -q --sound mp3 "$council"
printf 'Welcome\n9:99 Late\n' >wrong.txt
expect 1 "$bin/greffe-compose" -q --agenda wrong.txt -o film.webm "$council"
grep -q 'line 1.*line 2' err || fail "not all mistakes of the agenda are told: $(cat err)"
[ ! -e film.webm ] && [ ! -e film.mp4 ] || fail "a refused film is left"
exit $failed
