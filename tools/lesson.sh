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
  install_packages build web $(command -v npm >/dev/null || echo node)
  configured || configure -DCORONET_TESTS=OFF
  build_target coronet
  unlock
  mkdir -p "$pages"
  exec 8>"$pages/lock"
  flock 8
  : >"$pages/log"
  log=$pages/log
  say "building the lesson page (first time takes about two minutes) …"
  step "the engine" bash "$root/web/build-engine" "$pages/engine.js"
  # The trials' numbers are the program's own, of this build
  local trial
  for trial in escape-cmd improve-ced; do
    if [[ ! -e $pages/$trial.json || $build/apps/coronet -nt $pages/$trial.json || $0 -nt $pages/$trial.json ]]; then
      "$build/apps/coronet" trial "$trial" --seed 1 --json >"$pages/$trial.new" 2>>"$log" ||
        [[ $? == 4 ]] || failed "the trial $trial"
      mv "$pages/$trial.new" "$pages/$trial.json"
    fi
  done
  if [[ ! -e $root/web/node_modules/.package-lock.json || $root/web/package-lock.json -nt $root/web/node_modules/.package-lock.json ]]; then
    step "npm ci" npm --prefix "$root/web" ci --ignore-scripts --no-audit --no-fund
  fi
  export CORONET_ENGINE=$pages/engine.js CORONET_TRIALS=$pages CORONET_OUT=$pages/out
  CORONET_VERSION=$("$build/apps/coronet" --version | head -1)
  export CORONET_VERSION
  step "the page" npm --prefix "$root/web" run build
  mv "$pages/out/index.html" "$page"
  exec 8>&-
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
