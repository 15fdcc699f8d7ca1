#!/bin/bash
# The catalog of a large archive: how long its questions take, and what an ingest into it costs.
#
# usage: tests/bench/catalog.sh [BUILD]      (default build/release)
# MEETINGS=1000000 CUES_PER=20 RUNS=5 WORK=${TMPDIR:-/tmp}/greffe-catalog-bench KEEP=
#
# catalog_fill makes the archive in WORK (15 KB for each meeting; 15 GB and a quarter of an hour for a million), which
# is removed afterwards unless KEEP is set, and used again where it is there. It has rows and a journal but no folders:
# so `greffe-verify catalog` is measured on what it finds missing, and `greffe-verify files` not at all. Medians of the
# wall time of whole programs, the file cache warm. Exit 1 where a goal is missed and STRICT is set.
#
# Needs python3.
set -eu
build=$(realpath "${1:-build/release}")
here=$(dirname "$(realpath "$0")")
. "$here/measure.sh"
meetings=${MEETINGS:-1000000} cues=${CUES_PER:-20} runs=${RUNS:-5} work=${WORK:-${TMPDIR:-/tmp}/greffe-catalog-bench}
council=$here/../../examples/samples/council
export GREFFE_ARCHIVE=$work/archive-$meetings-$cues
PATH=$build/bin:$PATH
missed=0
unset GREFFE_KEY
trap '[ -n "${KEEP:-}" ] || rm -rf "$work"' EXIT
mkdir -p "$work"

prepare() {
  if [ ! -e "$GREFFE_ARCHIVE/filled" ]; then
    rm -rf "$GREFFE_ARCHIVE"
    "$build/tests/catalog_fill" "$GREFFE_ARCHIVE" "$meetings" "$cues"
    touch "$GREFFE_ARCHIVE/filled"
  fi
  if [ ! -e "$GREFFE_ARCHIVE/policy" ]; then
    cat >"$work/rules.json" <<'JSON'
{"rules": [{"id": "floor", "level": "floor", "duration": "P6M"},
           {"id": "council", "level": "default", "class": "council", "duration": "forever", "final_action": "keep"},
           {"id": "team", "level": "default", "class": "team", "duration": "P2Y", "final_action": "destroy"},
           {"id": "clerk", "level": "scoped", "query": "participant:u7 class:hearing", "duration": "P10Y", "final_action": "review"},
           {"id": "committee", "level": "default", "class": "committee", "duration": "P1Y", "start": "dossier_closed",
            "final_action": "destroy"},
           {"id": "others", "level": "fallback", "duration": "P3Y", "final_action": "destroy"}]}
JSON
    greffe-retain -q rules add "$work/rules.json"
    digest=$(greffe-retain rules diff 1 --json 2>/dev/null | grep -o '"digest":"[0-9a-f]*"' | cut -d '"' -f 4)
    greffe-retain -q rules activate 1 --diff "$digest" --reason bench
    greffe-hold -q place --matter bench --owner legal --reason bench --query "participant:u9 from:2024-01-01 until:2024-03-31"
  fi >/dev/null
  newest=$(greffe-catalog sql --json "SELECT max(id) AS id FROM meetings" | grep -o '2[0-9]*-[0-9]*Z-[0-9a-f]*')
  held=$(greffe-catalog sql --json "SELECT max(meeting) AS id FROM hold_members" | grep -o '2[0-9]*-[0-9]*Z-[0-9a-f]*' || true)
}

# row NAME GOAL COMMAND…: median seconds of the command, whose output nobody reads.
row() {
  local name=$1 goal=$2 times=() median verdict=
  shift 2
  "$@" >/dev/null
  for _ in $(seq "$runs"); do times+=("$(clock "$@")"); done
  median=$(median "${times[@]}")
  report "$name" "$median" "$goal"
}
report() { # NAME VALUE GOAL
  local verdict=
  if [ "$3" != - ]; then
    verdict=$(awk -v value="$2" -v goal="$3" 'BEGIN {print value <= goal ? "reached" : "MISSED"}')
    [ "$verdict" = reached ] || missed=1
  fi
  printf '%-58s %9s %9s  %s\n' "$1" "$2" "$3" "$verdict"
}
plan() { greffe-retain plan --as-of "$1" >"$work/plan" 2>/dev/null || [ $? = 3 ]; }
simulate() { greffe-hold simulate --matter bench --owner legal --reason bench --query "$1" >"$work/held" 2>/dev/null; }
search() { greffe-catalog search --limit 50 "$@" >"$work/found" 2>/dev/null; }
piped() { (greffe-catalog search "$1" 2>/dev/null || [ $? = 141 ]) | head -n 50 >/dev/null; }
list() { greffe-catalog list --limit 50 >/dev/null 2>&1; }
why() { greffe-catalog why "$1" >/dev/null; }

questions() {
  row "plan of all meetings, s" 10 plan 2026-11-21
  row "plan of all under the rules, s" 10 plan 2027-06-01
  row "hold simulated: participant, one month" 0.5 simulate "participant:u3 from:2025-03-01 until:2025-03-31"
  row "hold simulated: participant, one year" 0.5 simulate "participant:u3 from:2025-01-01 until:2025-12-31"
  row "hold simulated: name, one year" 0.5 simulate "participant:$(name_of u3) from:2025-01-01 until:2025-12-31"
  local word
  for word in commune budget assainissement zostère absent; do
    row "search, first page: $word, $(hits "$word") captions" 0.2 search "$word"
  done
  row "search, first page through a pipe: commune" 0.2 piped commune
  row "search, first page: commune and zostère" 0.2 search commune zostère
  for word in commune budget zostère; do row "search --rank, first page: $word" 1 search --rank "$word"; done
  row "search --rank, first page: commune and budget" 1 search --rank commune budget
  row "why, newest meeting" 0.05 why "$newest"
  [ -z "$held" ] || row "why, a held meeting" 0.05 why "$held"
  row "list, first page" 0.2 list
}
name_of() { greffe-catalog sql --csv "SELECT name FROM participants WHERE id = '$1' LIMIT 1" | tail -n 1 | tr -d '"\r' | cut -d ' ' -f 1; }
hits() { greffe-catalog sql --csv "SELECT count(*) FROM cue_words WHERE cue_words MATCH '$1'" | tail -n 1 | tr -d '\r'; }

# Recordings that are no others': a packet is taken away, another one each time.
copies() {
  local number first
  first=$(basename "$(ls "$council"/*audio*.mjr | head -n 1)")
  for number in $(seq "$runs"); do
    rm -rf "$work/copy-$number" && cp -r "$council" "$work/copy-$number"
    python3 "$here/../support/lose_packets.py" "$council/$first" "$work/copy-$number/$first" 0.0001 1 "$RANDOM$number" >/dev/null
  done
}
take_in() { greffe-ingest -q --archive "$1" "$2" >/dev/null 2>&1 || [ $? = 3 ]; }
ingest() {
  local number large=() empty=() a b
  copies
  for number in $(seq "$runs"); do
    rm -rf "$work/empty"
    greffe-catalog -q init --archive "$work/empty" 2>/dev/null
    empty+=("$(clock take_in "$work/empty" "$work/copy-$number")")
    large+=("$(clock take_in "$GREFFE_ARCHIVE" "$work/copy-$number")")
  done
  a=$(median "${large[@]}") b=$(median "${empty[@]}")
  report "ingest of council into an empty archive, s" "$b" -
  report "ingest of council into this archive, s" "$a" -
  report "  times as long" "$(awk -v a="$a" -v b="$b" 'BEGIN {printf "%.2f", a / b}')" 1.5
}

prepare
printf '%s meetings, %s captions, catalog of %s MB\n' "$meetings" "$((meetings * cues))" \
  "$(du -m "$GREFFE_ARCHIVE/catalog.sqlite" | cut -f 1)"
printf '%-58s %9s %9s\n' "" median goal
questions
ingest
if [ "${VERIFY:-1}" = 1 ]; then
  verify_journal() { greffe-verify journal >/dev/null; }
  report "greffe-verify journal, s" "$(clock verify_journal)" -
fi
[ -z "${STRICT:-}" ] || exit $missed
