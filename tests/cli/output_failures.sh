# Output that cannot be written: exit code 7, no part of a file, no temporary, and the old file as it was.
. "$(dirname "$0")/helper_cli.sh"

mkdir folder
for option in --output --plot; do
  refused 7 "'none/x'" 'No such file' -- run healthy "$option" none/x
  refused 7 "'folder'" 'directory' -- run healthy "$option" folder
  refused 7 "'folder/'" 'directory' -- run healthy "$option" folder/
  refused 7 "/dev/full" 'No space left' -- run healthy "$option" /dev/full
  refused 7 "$(printf 'x%.0s' {1..300})" 'too long' -- run healthy "$option" "$(printf 'x%.0s' {1..300})"
done
refused 7 "'none/x'" -- run healthy -o x.nc --plot none/x  # refused before anything is written
refused 7 "'folder'" -- trial escape-cmd --report folder
refused 7 "'none/x'" -- trial escape-cmd --report none/x   # at once, not after minutes of work
holds_only folder
[[ -z $(ls -A folder) ]] || failed "something was left in the folder"

echo old >kept.nc
refused 3 'length_mm' -- run healthy -o kept.nc --plot kept.nc.svg --set lesion.length_mm=0
[[ $(cat kept.nc) == old ]] || failed "a run that fails touched the old file"
holds_only folder kept.nc

# A full disk: 32 KiB in a mount namespace of our own
mkdir disk
cat >full.sh <<'END'
mount -t tmpfs -o size=32k none disk || exit 99
echo old >disk/old
for option in --output --plot; do
  for file in disk/old disk/new; do
    "$CORONET" run healthy "$option" "$file" >"$1" 2>"$2"
    echo "$? $(cat disk/old) $(ls -A disk | tr '\n' ' ')$(wc -l <"$2") $(grep -c 'No space left' "$2") $(wc -c <"$1")"
  done
done
END
map=()
(($(id -u) == 0)) || map=(-r)
if unshare "${map[@]}" -m true 2>/dev/null; then
  seen=$(unshare "${map[@]}" -m --propagation private bash full.sh "$out" "$err" | sort -u)
  [[ $seen == "7 old old 1 1 0" ]] || failed "on a full disk (exit code, old file, folder, lines, reasons, stdout): $seen"
else
  skip "a full disk: no mount namespace is permitted here"
fi

# stdout itself
for arguments in 'run healthy' 'run healthy --json' describe 'describe --json' --help --version 'run --help'; do
  # shellcheck disable=SC2086
  "$CORONET" $arguments >/dev/full 2>"$err"
  code=$?
  ((code == 7)) || failed "exit code $code, not 7, with stdout full: coronet $arguments"
  : >"$out"
  complains 'standard output' 'No space left'
done
"$CORONET" run healthy >&- 2>"$err"
code=$?
((code == 7)) || failed "exit code $code, not 7, with stdout closed"
