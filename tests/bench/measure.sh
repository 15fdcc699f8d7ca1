# For the scripts beside it.
# shellcheck shell=bash
clock() { # COMMAND…: wall seconds
  local from to
  from=$(date +%s.%N)
  "$@"
  to=$(date +%s.%N)
  python3 -c "print(f'{$to - $from:.3f}')"
}
median() { printf '%s\n' "$@" | sort -n | awk '{v[NR]=$1} END {print v[int((NR + 1) / 2)]}'; }
