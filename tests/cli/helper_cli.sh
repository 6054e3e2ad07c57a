# What every script here sources: a scratch folder that is the current one, and checks of one run of the program.
#
#   accepted ARG…                     exit 0 and silence on stderr
#   refused CODE TEXT… -- ARG…        that exit code, silence on stdout, and on stderr one line holding every TEXT
#   patient 'TOML' …                  writes patient.toml; printf's escapes, one line per argument
#
# `out` and `err` are the files with what the last run said.
set -u
: "${CORONET:?the program under test}" "${CORONET_SOURCE:?the source folder}"
python="/usr/bin/python3 -B"
scratch=$(mktemp -d)
said=$(mktemp -d)
out=$said/out err=$said/err
trap 'rm -rf "$scratch" "$said"' EXIT
cd "$scratch" || exit 1

failed() {
  echo "FAILED: $*"
  [[ -s $out ]] && sed 's/^/  stdout: /' "$out" | cut -c1-300 | head -n 5
  [[ -s $err ]] && sed 's/^/  stderr: /' "$err" | cut -c1-300 | head -n 5
  exit 1
}

skip() { echo "skipped: $*"; }

# run_for CODE ARG…: runs the program and wants that exit code.
run_for() {
  local wanted=$1 code
  shift
  "$CORONET" "$@" >"$out" 2>"$err" </dev/null
  code=$?
  ((code == wanted)) || failed "exit code $code, not $wanted: coronet $(printf '%.200s ' "$@")"
}

accepted() {
  run_for 0 "$@"
  [[ ! -s $err ]] || failed "noise on stderr: coronet $*"
}

complains() {  # TEXT…
  [[ ! -s $out ]] || failed "an error, but stdout is not empty"
  [[ $(wc -l <"$err") == 1 && $(tail -c 1 "$err" | od -An -c) == *'\n'* ]] || failed "not one line on stderr"
  grep -q '^coronet: ' "$err" || failed "the message does not say who speaks"
  ! grep -q '[[:cntrl:]]' "$err" || failed "control characters in the message"
  local text
  for text in "$@"; do grep -qF -- "$text" "$err" || failed "the message lacks: $text"; done
}

refused() {
  local code=$1 texts=()
  shift
  while [[ $1 != -- ]]; do texts+=("$1"); shift; done
  shift
  run_for "$code" "$@"
  complains "${texts[@]}"
}

# signalled SIGNAL JOURNAL ARG…: runs the program and sends the signal once the journal has grown by a record or more.
# Leaves the exit code in $code. (By what has been done and not by the clock: the engine gets faster, machines are slow.)
signalled() {
  local signal=$1 journal=$2 before size=0
  shift 2
  before=$(stat -c %s "$journal" 2>/dev/null || echo 4000)  # a header has fewer bytes
  env --default-signal "$CORONET" "$@" >"$out" 2>"$err" </dev/null &
  while kill -0 $! 2>/dev/null && ((size <= before + 100)); do
    sleep 0.02
    size=$(stat -c %s "$journal" 2>/dev/null || echo 0)
  done
  kill -s "$signal" $! 2>/dev/null
  wait $!
  code=$?
}

# shellcheck disable=SC2059  # escapes in the arguments are the point
patient() { for line; do printf "$line\n"; done >patient.toml; }

# Only these names (and no hidden temporary) are in the scratch folder.
holds_only() {
  local names
  names=$(ls -A | sort | xargs)
  [[ $names == "$(printf '%s\n' "$@" | sort | xargs)" ]] || failed "the folder holds: $names"
}
