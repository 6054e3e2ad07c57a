# coronet sweep, diff, verify, doctor on the real model, in small studies.
. "$(dirname "$0")/helper_cli.sh"

# study 'TOML' …: writes study.toml, a line per argument
study() { printf '%s\n' "$@" >study.toml; }
small=('protocol = ["rest"]' '[sampling]' 'method = "grid"' '[[parameter]]' 'key = "heart.heart_rate_bpm"' 'values = [55, 65, 75]'
  '[outputs]' 'readings = ["flow_lad_mL_per_min", "dsvr_lad", "beats"]')

# quietly CODE ARG…: that exit code, progress on stderr allowed
quietly() { run_for "$@"; }

study "${small[@]}"
accepted sweep study.toml --dry-run
grep -q '^# samples: 3$' "$out" || failed "--dry-run does not count"
grep -q '^# expected time: ' "$out" && grep -q '^# disk: ' "$out" || failed "--dry-run does not say time and disk"
holds_only study.toml
grep -v '^#' "$out" >resolved.toml
accepted sweep ./resolved.toml --dry-run  # the resolved study is a study
grep -v '^#' "$out" | cmp -s - resolved.toml || failed "the resolved study resolves to something else"
rm resolved.toml

quietly 0 sweep study.toml -o a.nc --threads 1
grep -q '^results_sha256 [0-9a-f]\{64\}$' "$out" || failed "no hash on stdout"
grep -q '100 % (3/3)' "$err" || failed "no progress on stderr"
holds_only study.toml a.nc
for threads in 2 8; do
  quietly 0 sweep study.toml -o b.nc --threads $threads --plot b.svg
  cmp -s a.nc b.nc || failed "other bytes with $threads threads"
done
grep -q '<svg' b.svg || failed "no figure"
accepted diff a.nc b.nc
grep -q '^equal' "$out" || failed "diff of equal files"
quietly 0 sweep study.toml -o c.nc --set heart.contractility=1.01
run_for 6 diff a.nc c.nc
grep -q 'patient.heart.contractility: 1 -> 1.01' "$out" || failed "diff does not name the change of the study"
run_for 6 diff a.nc c.nc --json
$python -c 'import json, sys; d = json.load(open(sys.argv[1])); assert not d["equal"] and any(v["largest_ulp"] > 0 for v in d["variables"])' "$out" ||
  failed "the JSON of diff"
accepted verify a.nc --samples 2
grep -q '^same bits: 2 of 3' "$out" || failed "verify"
accepted verify a.nc
refused 7 'study.toml' -- verify study.toml
refused 7 'none.nc' 'No such file' -- diff a.nc none.nc
$python - a.nc <<'END' || failed "could not change a value"
import h5py, sys
with h5py.File(sys.argv[1], "r+") as f:
    f["flow_lad_mL_per_min"][1, 0] *= 1 + 1e-15
END
run_for 6 verify a.nc
grep -q 'sample 1: rest.flow_lad_mL_per_min' "$out" && grep -q 'results_sha256 does not fit' "$out" || failed "verify overlooks a changed value"
rm ./*.nc b.svg

# A sample that contradicts itself is a failed sample with a reason; the others stand
study 'protocol = "rest"' '[fixed]' 'lesion.artery = "LCx"' 'lesion.position = "distal"' 'lesion.diameter_reduction_percent = 30' \
  '[sampling]' 'method = "list"' '[[parameter]]' 'key = "lesion.length_mm"' 'values = [10, 30]'
quietly 4 sweep study.toml -o a.nc
grep -q '1 samples invalid_input; the first: .*lesion.length_mm' "$err" || failed "the reason of a failed sample is not told"
rm a.nc

# Mistakes: exit code 3, file and line
study "${small[@]}" 'raedings = []'
refused 3 'study.toml:9' "unknown key 'outputs.raedings'" "did you mean 'outputs.readings'" -- sweep study.toml
printf '\313\261 = 1\n' >study.toml
refused 3 'study.toml:1' -- sweep study.toml
refused 3 "no study 'capilary'" 'capillary_density' -- sweep capilary
study "${small[@]}"
refused 3 "'samplng.count'" "did you mean 'sampling.count'" -- sweep study.toml --set samplng.count=3
refused 7 "'none/x.nc'" -- sweep study.toml -o none/x.nc
refused 2 '--plot' 'same file' -- sweep study.toml -o x --plot x
refused 7 '/dev/null' 'not a regular file' -- sweep study.toml -o /dev/null
holds_only study.toml

# Signals: running chunks end, are synced, the command to go on is printed and works
study 'protocol = ["rest"]' '[sampling]' 'method = "sobol"' 'count = 300' '[[parameter]]' 'key = "heart.heart_rate_bpm"' 'range = [55, 85]'
for signal in INT:130 TERM:143; do
  signalled "${signal%:*}" s.nc.journal sweep study.toml -o s.nc --chunk 1 --set heart.contractility=1.1 --resume
  ((code == ${signal#*:})) || failed "exit code $code, not ${signal#*:}"
  [[ ! -s $out && -e s.nc.journal && ! -e s.nc ]] || failed "after SIG${signal%:*}: stdout, journal or result"
  grep -q 'samples are safe' "$err" || failed "an interrupted sweep does not say what is safe"
done
command=$(sed -n 's/.*To go on: coronet //p' "$err")
[[ $command == *--resume ]] || failed "no command to go on: $command"
refused 3 's.nc.journal' '--resume' -- sweep study.toml -o s.nc --set heart.contractility=1.1
refused 3 'sampling.count: 300 -> 301' 'patient.heart.contractility: 1.1' -- sweep study.toml -o s.nc --resume --set sampling.count=301
cp s.nc.journal kept
printf 'x' | dd of=s.nc.journal bs=1 seek=$(($(stat -c %s kept) - 40)) conv=notrunc status=none
refused 7 'damaged at byte' -- sweep study.toml -o s.nc --resume --set heart.contractility=1.1
printf 'y' | dd of=s.nc.journal bs=1 seek=40 conv=notrunc status=none
refused 7 'head is damaged' -- sweep study.toml -o s.nc --resume --set heart.contractility=1.1
echo "not a journal" >s.nc.journal
refused 7 'not a journal of coronet' -- sweep study.toml -o s.nc --resume
grep -q "not a journal" s.nc.journal || failed "a file that is no journal was overwritten"
cp kept s.nc.journal
flock s.nc.journal -c "! '$CORONET' sweep study.toml -o s.nc --resume --set heart.contractility=1.1" >"$out" 2>"$err" || failed "two processes on one journal"
grep -q 'another process' "$err" || failed "the lock is not named"
truncate -s -7 s.nc.journal
eval "set -- $command"
quietly 0 "$@"
grep -q 'cut .* bytes' "$err" || failed "the torn tail is not mentioned"
quietly 0 sweep study.toml -o whole.nc --set heart.contractility=1.1
cmp -s s.nc whole.nc || failed "other bytes after two interruptions and a torn tail"
accepted_code=0
quietly $accepted_code "$@"
grep -q 'complete already' "$err" || failed "--resume of a complete sweep does it again"
holds_only study.toml s.nc whole.nc kept
rm s.nc whole.nc kept

# A full disk
mkdir disk
cat >full.sh <<'END'
mount -t tmpfs -o size=$2 none disk || exit 99
"$CORONET" sweep study.toml -o disk/x.nc --set sampling.count=4 >/dev/null 2>"$1"
echo "$? $(ls -A disk | xargs) $(grep -c 'No space left' "$1")"
END
map=()
(($(id -u) == 0)) || map=(-r)
if unshare "${map[@]}" -m true 2>/dev/null; then
  seen=$(unshare "${map[@]}" -m --propagation private bash full.sh "$err" 4k)
  [[ $seen == "7  1" ]] || failed "on a full disk, before anything is done: $seen"
  seen=$(unshare "${map[@]}" -m --propagation private bash full.sh "$err" 40k)
  [[ $seen == "7 x.nc.journal 1" ]] || failed "on a full disk, when the result is written: $seen"
else
  skip "a full disk: no mount namespace is permitted here"
fi

accepted doctor
for word in compiler threads HDF5 healthy capillary_density 'same bits as stored'; do
  grep -q "$word" "$out" || failed "doctor says nothing of $word"
done
