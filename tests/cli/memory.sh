# A sweep of 3·10^5 samples takes hardly more memory than one of 10^4. tools/flat-memory alone takes 10^6.
. "$(dirname "$0")/helper_cli.sh"

: "${KILL_TARGET:?the program with a fast solver}"
if grep -q __asan_init "$KILL_TARGET"; then
  skip "the address sanitizer keeps what was freed"
  exit 77
fi
$python "$CORONET_SOURCE/tools/flat-memory" --samples 300000 --limit 15 --target "$KILL_TARGET" || failed "tools/flat-memory"
