#!/bin/sh
# Hands meetings over to a remote of rclone (S3, WebDAV, SFTP, …) and checks what arrived by its bytes.
#
#   rclone-export.sh REMOTE:PATH [WHAT greffe-export TAKES, without -o]
#
#   examples/rclone-export.sh archive-s3:versements --recipient "County archives" 20261120-115844Z-67b199bd99
#
# The archive is $GREFFE_ARCHIVE. The package is made in $OUTBOX, a folder outside of the archive, under the day's name,
# and stays there until you remove it. rclone has the credentials, greffe has none. Running it again goes on where it
# stopped: a package that is there is handed over as it is, a file that is at the remote already is not sent again.
#
# Ends with 0 when all arrived; 1 nothing arrived or not all, run it again; 5 something at the remote is not what was
# sent; else with the exit code of greffe-export (2 usage, 4 refused, 5 integrity, 6 busy, 7 no archive).
set -u
[ $# -ge 2 ] || { sed -n '2,/^set/{/^#/s/^# \{0,1\}//p;}' "$0" >&2; exit 2; }
remote=$1
shift
outbox=${OUTBOX:-.}
name=${NAME:-export-$(date +%F)}
bag=$outbox/$name

if [ ! -e "$bag" ]; then
  greffe-export -q "$@" -o "$bag" >&2 || {
    code=$?
    # 3: a rule could not be asked; the package is whole and says so.
    [ $code -eq 3 ] || exit $code
  }
fi
# What lay here since the last attempt is looked at before it leaves.
greffe-export -q check "$bag" >&2 || exit $?

# --immutable: what is at the remote is never overwritten. rclone ends with 6 where it would have to be: somebody has
# put another file there.
rclone copy --immutable --retries 3 "$bag" "$remote/$name"
case $? in
  0) ;;
  6) echo "$remote/$name: has another file of that name; nothing was overwritten" >&2; exit 5 ;;
  *) echo "$remote/$name: not all was sent; run this again" >&2; exit 1 ;;
esac

# rclone knows no SHA-512, so it is held against the SHA-256 lists. --download: by the bytes that the remote gives back,
# not by what it says of them.
cat "$bag/manifest-sha256.txt" "$bag/tagmanifest-sha256.txt" >"$bag.sha256"
if rclone checksum sha256 "$bag.sha256" "$remote/$name" --download --one-way; then
  rm -f "$bag.sha256"
  echo "$remote/$name"
else
  rm -f "$bag.sha256"
  echo "$remote/$name: what arrived is not what was sent" >&2
  exit 5
fi
