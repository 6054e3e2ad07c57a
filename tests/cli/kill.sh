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
count = 300
[[parameter]]
key = "heart.heart_rate_bpm"
range = [55, 85]
END
run_for 0 sweep study.toml -o whole.nc
for _ in 1 2; do
  signalled KILL killed.nc.journal sweep study.toml -o killed.nc --chunk 2 --resume
  ((code == 137)) || failed "exit code $code: not killed in time"
  [[ -e killed.nc.journal && ! -e killed.nc ]] || failed "no journal, or a result, after a kill"
done
run_for 0 sweep study.toml -o killed.nc --resume --threads 1
cmp -s whole.nc killed.nc || failed "other bytes after kills"
run_for 0 diff whole.nc killed.nc
