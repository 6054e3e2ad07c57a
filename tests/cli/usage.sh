# A command line that makes no sense: exit code 2, one line that says what was meant and where help is.
. "$(dirname "$0")/helper_cli.sh"

refused 2 'subcommand' 'coronet --help' --
refused 2 "unknown subcommand 'rum'" "did you mean 'run'" 'describe' -- rum healthy
refused 2 "unknown subcommand 'a\\x0ab'" -- $'a\nb'
refused 2 "unknown option '--bogus'" -- --bogus
refused 2 "unknown option '--protocl'" "did you mean '--protocol'" 'coronet run --help' -- run healthy --protocl rest
refused 2 '-x' -- run healthy -x
refused 2 'patient' -- run
refused 2 'lad_stenosis' -- run healthy lad_stenosis
refused 2 'name' -- trial

for option in --set --output --plot --artery; do refused 2 "$option" -- run healthy "$option"; done
for option in --output --plot; do refused 2 "$option" 'empty' -- run healthy "$option" ''; done
refused 2 '--plot' 'same file' -- run healthy -o x --plot x
for value in nan inf 0.5 65 x ''; do refused 2 '--refine' "$value" 'from 1 to 64' -- run healthy --refine "$value"; done

for value in -1 1.5 x '' 18446744073709551616; do refused 2 '--seed' "'$value'" -- trial escape-cmd --seed "$value"; done
for value in -5 5 1e3 12.5 nan 99999999999999999999999; do
  refused 2 '--patients' "$value" '10 to 1000000' -- trial escape-cmd --patients "$value"
done
refused 2 '--threads' '-1' -- trial escape-cmd --threads -1
refused 2 '--report' 'empty' -- trial escape-cmd --report ''

accepted --version
grep -qE '^[0-9]+\.[0-9]+\.[0-9]+' "$out" || failed "--version"
holds_only
