#!/bin/bash
# Chunks that were drawn with other fonts are not those of this film any more: who installs the font that a warning
# names gets what it promises.
set -u
. "$GREFFE_SOURCE/tests/support/expect.sh"
sample=$(samples_with council)/council || exit 77
mono=$(fc-list : file 2>/dev/null | sed -nE 's/^(.*DejaVuSansMono\.ttf):.*/\1/p' | head -1)
[ -n "$mono" ] || exit 77
cd "$work" || exit 1
mkdir fonts
cp "$mono" fonts
cat >fonts.conf <<XML
<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>$work/fonts</dir><cachedir>$work/font-cache</cachedir></fontconfig>
XML
expect 0 greffe-ingest -q --archive archive --create "$sample/meeting.json"
id=$out
compose() { greffe-compose -v --progress none --archive archive --size 320x180 --fps 5 --video vp8 --layout grid "$@" "$id"; }

FONTCONFIG_FILE=$work/fonts.conf expect 0 compose -o a.webm
cp a.webm mono.webm
expect 0 compose -o a.webm
holds "no chunk of the other font is taken over" has "$err" "4 of 4 chunks are rendered, 0 come"
holds "the film is another one" test "$(cmp a.webm mono.webm 2>&1)" != ""
expect 0 compose -o a.webm
holds "with the same fonts all chunks are" has "$err" "4 come from the film before"
exit $failed
