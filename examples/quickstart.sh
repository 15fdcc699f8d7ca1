#!/bin/bash
# From a bare Debian 12 to a captioned film and a catalog one can search: packages, build, and one meeting of four
# people that comes with greffe. Safe to repeat: what is there already is kept.
#
#   examples/quickstart.sh [ARCHIVE]    ARCHIVE is a folder that is made, by default ./greffe-demo
set -euo pipefail
archive=$(realpath -m "${1:-greffe-demo}")
cd "$(dirname "$(readlink -f "$0")")/.."
say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
[ -t 1 ] || say() { printf '\n%s\n' "$*"; }

say "1/5 Debian packages"
tests/install-packages.sh build run

say "2/5 Build (build/release)"
[ -e build/release/build.ninja ] || cmake --preset release -DGREFFE_TESTS=OFF -DCMAKE_UNITY_BUILD=ON
mapfile -t programs < <(basename -s .cpp tools/*.cpp)
cmake --build --preset release -j "$(nproc)" --target "${programs[@]}"
export PATH=$PWD/build/release/bin:$PATH GREFFE_ARCHIVE=$archive

say "3/5 Ingest: the recordings of examples/samples/council go into the archive $archive"
echo '$ greffe ingest --create examples/samples/council'
meeting=$(greffe ingest --create examples/samples/council)
echo "$meeting"

say "4/5 Compose: one film of all tracks, with names and captions"
folder=$(find "$archive/meetings" -type d -name "$meeting")
film=$(find "$folder/renders" -maxdepth 1 -name '*.webm' 2>/dev/null | head -n 1)
echo "\$ greffe compose $meeting"
if [ -n "$film" ]; then
  echo "$film (from an earlier run)"
else
  film=$(greffe compose "$meeting")
  echo "$film"
fi

say "5/5 Search what was said"
echo '$ greffe catalog search "apple trees"'
greffe catalog search "apple trees"

cat <<END

The film      $film
Its captions  ${film%.*}.vtt
The meeting   $folder
The catalog   $archive/catalog.sqlite

Next: export PATH=$PWD/build/release/bin:\$PATH GREFFE_ARCHIVE=$archive
      greffe catalog list        greffe catalog show $meeting        greffe help
END
