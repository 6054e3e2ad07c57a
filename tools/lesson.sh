#!/usr/bin/env bash
# The lesson page: ./coronet lesson [--serve] [-o FILE]. Builds what is stale and prints where the page lies.
set -eu
. "$(dirname "$(readlink -f "$0")")/build.sh"
pages=$root/build/web
page=$pages/lesson.html
out=
serve=

usage() {
  cat <<END
Example: coronet lesson -o lesson.html
The lesson "The stent was perfect. She still has angina." as one HTML file that opens without a network

  -o, --output FILE  write a copy to FILE
  --serve            serve it on http://127.0.0.1:8000 (or --port) until interrupted
  --port N           port for --serve
END
}
port=8000
while (($#)); do
  case $1 in
    -h | --help) usage; exit 0 ;;
    -o | --output) [[ ${2-} ]] || { usage >&2; exit 2; }; out=$2; shift ;;
    --serve) serve=yes ;;
    --port) [[ ${2-} =~ ^[0-9]+$ ]] || { usage >&2; exit 2; }; port=$2; shift ;;
    *) say "lesson: unknown argument '$1'"; usage >&2; exit 2 ;;
  esac
  shift
done

stale() { [[ ! -e $page || -n $(find "$root/web" "$root/model" "$root/solvers" "$root/scenarios" "$root/tools/lesson.sh" \
  \( -path '*/node_modules' -o -path '*/web/test' \) -prune -o -type f -newer "$page" -print -quit) ]]; }

build_lesson() {
  lock
  install_packages build web
  use_node || { install_packages node; use_node; } || die "needs node 18 or later, and npm"
  configured || configure -DCORONET_TESTS=OFF
  build_target coronet
  unlock
  mkdir -p "$pages"
  log=$pages/log
  : >"$log"
  say "building the lesson page (first time takes about two minutes) …"
  step "the lesson page" bash "$root/web/build-page" "$pages" "$build/apps/coronet"
}

if stale; then build_lesson; fi
if [[ $out ]]; then
  cp "$page" "$out" || exit 7
  page=$(readlink -f "$out")
fi
if [[ $serve ]]; then
  say "serving http://127.0.0.1:$port/ (Ctrl-C ends it)"
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  cp "$page" "$folder/index.html"
  python3 -m http.server --bind 127.0.0.1 --directory "$folder" "$port" >/dev/null 2>"$folder/.log" ||
    die "cannot serve on port $port: $(tail -n 1 "$folder/.log")"
else
  echo "$page"
fi
