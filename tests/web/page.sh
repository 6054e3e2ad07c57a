#!/usr/bin/env bash
# page.sh PART CORONET: one part of the tests of the lesson page, for ctest:
#   page                 build it, as ./coronet lesson does
#   bits                 every number of its engine against the native program
#   mouse … latency      walk through it in Debian's Chromium (web/test/walk.mjs)
# Ends with 77, saying why, where the page cannot be built or opened. What ./check shall repeat goes into notes/.
set -eu -o pipefail
. "$(dirname "$(readlink -f "$0")")/../../tools/build.sh"
part=$1
program=$2
pages=$root/build/web
notes=$pages/notes
mkdir -p "$notes"

skip() {
  echo "the lesson page is not tested: $1" | tee "$notes/skipped"
  exit 77
}

[[ ! ${CORONET_WITHOUT_PAGE-} ]] || skip "$CORONET_WITHOUT_PAGE"
[[ -e /etc/debian_version ]] || skip "it is built with Debian's Emscripten, and this is not a Debian"
command -v em++ >/dev/null || skip "em++ is missing (./check installs it)"
use_node || skip "npm, or a node of version 18 or later, is missing (./check installs them)"
[[ -x ${CHROMIUM:=/usr/bin/chromium} ]] || skip "$CHROMIUM is missing (./check installs it)"
export CHROMIUM

if [[ $part == page ]]; then
  rm -f "$notes/skipped"
  status=0
  bash "$root/web/build-page" "$pages" "$program" 2>&1 | tee "$pages/log" || status=$?
  [[ $status != 77 ]] || skip "$(tail -n 1 "$pages/log")"
  exit "$status"
fi

[[ ! -e $notes/skipped ]] || { cat "$notes/skipped"; exit 77; }
case $part in
  bits) node "$root/web/test/bits.mjs" "$pages/engine.js" "$program" "$root" 50 ;;
  *) node "$root/web/test/walk.mjs" "$pages/lesson.html" "$program" "$part" ;;
esac | tee "$pages/$part.log"
if [[ $part == latency ]]; then grep '^latency' "$pages/$part.log" >"$notes/latency"; fi
