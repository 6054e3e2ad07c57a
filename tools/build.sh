# Packages and build, shared by ./coronet and ./check, which source it. stdout is theirs: nothing here writes to it.
#
# Both use the one directory build/release, with warnings as errors for both (preset `release`). A second directory for
# ./check would compile everything twice, and so would switching the option back and forth in one. It costs a user
# nothing: the option heeds only the compiler that ./check has passed with (CMakeLists.txt).

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
build=$root/build/release
log=$root/build/log

say() { echo "coronet: $*" >&2; }
die() { say "$@"; exit 1; }

failed() { tail -n 40 "$log" >&2; die "$1 failed; the whole log is $log"; }

# step NAME COMMAND…: quietly; if it fails, the end of what it said. stdin stays unread for the program that follows.
step() {
  local name=$1
  shift
  "$@" >>"$log" 2>&1 </dev/null || failed "$name"
}

# One at a time: two ninjas in one folder trip over each other. Held until `unlock`, also by a build that outlives us.
lock() {
  mkdir -p "$root/build" 2>/dev/null && [[ -w $root/build ]] || die "cannot write to $root/build"
  exec 9>"$root/build/lock"
  flock 9
  : >"$log"
}
unlock() { exec 9>&-; }

# install_packages SECTION…: those of tools/packages.txt that are not there yet.
install_packages() {
  command -v dpkg-query >/dev/null || return 0  # not a Debian: CMake will name what it misses
  local wanted installed package missing=() apt
  wanted=$(for section; do sed -n "s/^$section: //p" "$root/tools/packages.txt"; done)
  installed=$(dpkg-query -W -f ' ${db:Status-Status}:${Package} ' $wanted 2>/dev/null) || true
  for package in $wanted; do
    [[ $installed == *" installed:$package "* ]] || missing+=("$package")
  done
  ((${#missing[@]})) || return 0

  apt=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300)
  if ((EUID != 0)); then
    command -v sudo >/dev/null || die "needs Debian packages; as root: apt-get install --no-install-recommends ${missing[*]}"
    apt=(sudo "${apt[@]}")
  fi
  say "installing Debian packages: ${missing[*]}"
  "${apt[@]}" update >>"$log" 2>&1 || true  # offline, the lists at hand may still do
  step "apt-get install" "${apt[@]}" install -y --no-install-recommends "${missing[@]}"
}

# node and npm as web/package.json asks: those on PATH or, where these are too old, Debian's.
use_node() {
  local path
  for path in "$PATH" "/usr/bin:$PATH"; do
    if (PATH=$path; command -v npm && node -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)') >/dev/null 2>&1; then
      PATH=$path
      return 0
    fi
  done
  return 1
}

told=
tell_once() {
  [[ $told ]] || say "building coronet (first time takes a few minutes) …"
  told=yes
}

# For this very folder, that is: a copied tree brings along a build that points at the original.
configured() {
  [[ -e $build/build.ninja ]] && grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$build/CMakeCache.txt"
}

configure() {
  local fresh=()
  configured || { fresh=(--fresh); tell_once; }
  step "configuring" env -C "$root" cmake --preset release "${fresh[@]}" "$@"
}

# Only ninja knows whether anything is stale; the first command it reports gives it away.
build_target() {
  NINJA_STATUS='[%f/%t] ' ninja -C "$build" "$1" 2>&1 </dev/null | while IFS= read -r line; do
    echo "$line" >>"$log"
    [[ $line != "["* || $line == *"Re-checking globbed"* ]] || tell_once
  done
  ((PIPESTATUS[0] == 0)) || failed "the build"
}
