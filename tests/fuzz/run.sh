#!/bin/bash
# Runs every fuzz target over its seeds and new inputs made of them; one line per target, exit 1 when one crashed.
#
#   tests/fuzz/run.sh MINUTES                 all targets, MINUTES in total, shared evenly
#   SECONDS_EACH=5 tests/fuzz/run.sh          so long for each target
#   TARGETS="mjr_fuzz pcap_fuzz" …            only these
#
# Times are those of the processors, so that a busy machine fuzzes as much as a quiet one, in at most four times as long.
#
# Seeds: tests/fuzz/seeds/TARGET/ and, for dumps, small sample recordings where there are any; words:
# tests/fuzz/dictionaries/TARGET.dict. What is found new is kept in build/fuzz/corpus/TARGET, a crash in
# build/fuzz/crashes/.
set -uo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.." || exit 1
jobs=${JOBS:-$(nproc)}
read -ra targets <<<"${TARGETS:-$(basename -s .cpp tests/fuzz/*_fuzz.cpp | tr '\n' ' ')}"
if [ -n "${SECONDS_EACH:-}" ]; then
  seconds=$SECONDS_EACH
else
  [[ "${1:-}" =~ ^[0-9]+$ ]] || { sed -n '2,/^set/{/^#/s/^# \?//p}' "$0" >&2; exit 2; }
  seconds=$(($1 * 60 * jobs / ${#targets[@]}))
  [ "$seconds" -gt 0 ] || seconds=1
fi

build=$(mktemp)
cmake --preset sanitize >"$build" 2>&1 && cmake --build --preset sanitize -j "$jobs" --target "${targets[@]}" >"$build" 2>&1 ||
  { grep -vE '^\[[0-9]+/[0-9]+\] (Building|Linking)' "$build"; rm -f "$build"; echo "the fuzz targets do not build" >&2; exit 1; }
rm -f "$build"
mkdir -p build/fuzz/crashes build/fuzz/logs

samples() {
  for folder in examples/samples ../shared/samples; do
    [ -d "$folder" ] || continue
    case $1 in
      mjr_fuzz) ls "$folder"/council/*audio-0.mjr ;;
      rtpdump_fuzz) ls "$folder"/council/*audio-0.rtpdump ;;
      pcap_fuzz) ls "$folder"/call-g722/call.pcapng ;;
    esac 2>/dev/null | head -1
    return
  done
}

# Of a process, its threads and what it waited for; nothing when it has ended. A name may hold spaces, not ")".
processor_seconds() {
  local stat
  { read -r stat </proc/"$1"/stat; } 2>/dev/null || return
  read -ra stat <<<"${stat##*) }"
  [ "${stat[0]}" = Z ] || echo $(((stat[11] + stat[12]) / ticks))
}

# Large samples are cut: their beginning shows all that the format has.
run_target() {
  local target=$1 corpus=build/fuzz/corpus/$1 log=build/fuzz/logs/$1.txt sample
  mkdir -p "$corpus"
  sample=$(samples "$target")
  [ -z "$sample" ] || head -c 20000 "$sample" >"$corpus/sample-$(basename "$sample")"
  local folders=("$corpus") words=()
  [ ! -d "tests/fuzz/seeds/$target" ] || folders+=("tests/fuzz/seeds/$target")
  [ ! -f "tests/fuzz/dictionaries/$target.dict" ] || words=("-dict=tests/fuzz/dictionaries/$target.dict")
  local code spent=0 runs coverage pid
  build/sanitize/fuzz/"$target" "${words[@]}" -max_total_time=$((4 * seconds)) -timeout=10 -rss_limit_mb=1024 \
    -max_len=40000 -print_final_stats=1 -print_funcs=0 -artifact_prefix=build/fuzz/crashes/"$target"- \
    "${folders[@]}" >"$log" 2>&1 &
  pid=$!
  while sleep 0.2; now=$(processor_seconds $pid); [ -n "$now" ]; do
    spent=$now
    [ "$spent" -lt "$seconds" ] || kill -USR1 $pid  # asks it to end after the input at hand
  done
  wait $pid
  code=$?
  runs=$(sed -nE 's/^stat::number_of_executed_units: //p' "$log")
  coverage=$(grep -oE 'cov: [0-9]+' "$log" | tail -1 | cut -d' ' -f2)
  if [ $code -eq 0 ]; then
    printf '%-24s ok: %s runs, %s edges, %s s of processors\n' "$target" "${runs:-?}" "${coverage:-?}" "$spent"
  else
    printf '%-24s CRASHED (exit %d): see %s\n' "$target" $code "$log"
    grep -E 'ERROR|SUMMARY|Test unit written' "$log"
  fi
  return $code
}

export -f run_target samples processor_seconds
ticks=$(getconf CLK_TCK)
export seconds ticks
printf '%s\n' "${targets[@]}" | xargs -P "$jobs" -I{} bash -c 'run_target {}'
[ $? -eq 0 ] || { echo "fuzz: at least one target crashed" >&2; exit 1; }
