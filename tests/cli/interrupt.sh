# Ctrl-C and kill end a trial at once, with 128 + signal, and leave no file.
. "$(dirname "$0")/helper_cli.sh"

# env: a script started in the background by another ignores SIGINT, and so would its children
for signal in INT:130 TERM:143; do
  start=$(date +%s%N)
  env --default-signal timeout --preserve-status -k 20 -s "${signal%:*}" 1 \
    "$CORONET" trial escape-cmd --patients 100000 --report report.html --json >"$out" 2>"$err" </dev/null
  code=$?
  took=$((($(date +%s%N) - start) / 1000000))
  echo "SIG${signal%:*}: exit code $code after $took ms"
  ((code == ${signal#*:})) || failed "exit code $code, not ${signal#*:}"
  ((took < 10000)) || failed "it took $took ms to stop"
  [[ ! -s $out ]] || failed "an interrupted trial prints a result"
  holds_only
done

# So does a reader that has seen enough
"$CORONET" describe | head -n 1 >"$out"
[[ ${PIPESTATUS[0]} == 141 || ${PIPESTATUS[0]} == 0 ]] || failed "a closed pipe is no error worth a message"
