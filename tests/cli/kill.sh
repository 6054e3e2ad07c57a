# SIGKILL at random times, then --resume: nothing acknowledged is lost and the result has the same bytes. 50 kills here;
# tools/kill-test makes 3000.
. "$(dirname "$0")/helper_cli.sh"

: "${KILL_TARGET:?the program to be killed}"
$python "$CORONET_SOURCE/tools/kill-test" --kills 50 --seed $RANDOM --target "$KILL_TARGET" || failed "tools/kill-test"

# The real program, once: killed, resumed on one thread, same bytes
cat >study.toml <<'END'
protocol = ["rest"]
[sampling]
method = "sobol"
count = 40
[[parameter]]
key = "heart.heart_rate_bpm"
range = [55, 85]
END
run_for 0 sweep study.toml -o whole.nc
for pause in 1.5 2.5; do
  timeout -s KILL "$pause" "$CORONET" sweep study.toml -o killed.nc --chunk 2 --resume >"$out" 2>"$err" </dev/null
done
[[ -e killed.nc.journal || -e killed.nc ]] || failed "neither journal nor result after a kill"
run_for 0 sweep study.toml -o killed.nc --resume --threads 1
cmp -s whole.nc killed.nc || failed "other bytes after kills"
run_for 0 diff whole.nc killed.nc
