# Input that cannot be read: exit code 7, naming the file and why.
. "$(dirname "$0")/helper_cli.sh"

refused 7 "'none.toml'" 'No such file' -- run none.toml
refused 7 "'./none'" 'No such file' -- run ./none
refused 7 'File name too long' -- run "$(printf 'x%.0s' {1..5000}).toml"
mkdir folder.toml
refused 7 "'folder.toml'" 'directory' -- run folder.toml
refused 7 "'$PWD'" 'directory' -- run "$PWD"
touch file
refused 7 "'file/x.toml'" 'Not a directory' -- run file/x.toml
ln -s loop.toml loop.toml
refused 7 "'loop.toml'" 'symbolic links' -- run loop.toml

patient 'title = "secret"'
chmod 000 patient.toml
chmod 755 . "$said"
nobody="setpriv --reuid=65534 --regid=65534 --clear-groups"
if [[ $(id -u) != 0 ]]; then
  refused 7 "'patient.toml'" 'Permission denied' -- run patient.toml
elif ! $nobody "$CORONET" --version >/dev/null 2>&1; then
  skip "an unreadable file: root reads all, and nobody else can run $CORONET"
else
  $nobody "$CORONET" run patient.toml >"$out" 2>"$err" </dev/null
  code=$?
  ((code == 7)) || failed "exit code $code, not 7, for an unreadable file"
  complains "'patient.toml'" 'Permission denied'
fi
