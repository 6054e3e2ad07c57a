# Every --help starts with an example that runs; `describe` gives unit, source and meaning of every parameter.
. "$(dirname "$0")/helper_cli.sh"

accepted --help
mapfile -t examples < <(sed -n 's/^  \(coronet .*\)/\1/p' "$out")
mapfile -t subcommands < <(sed -n '/^Subcommands:/,/^$/s/^  \([a-z]\{1,\}\) .*/\1/p' "$out")
[[ $(head -n 1 "$out") == Example* && ${#examples[@]} -ge 2 ]] || failed "coronet --help does not start with examples"
for known in run trial validate describe; do [[ " ${subcommands[*]} " == *" $known "* ]] || failed "subcommands: ${subcommands[*]}"; done
for subcommand in "${subcommands[@]}"; do
  accepted "$subcommand" --help
  example=$(sed -n '1s/^Example: \(coronet .*\)/\1/p' "$out")
  [[ $example == "coronet $subcommand "* ]] || failed "coronet $subcommand --help does not start with an example of itself"
  examples+=("$example")
  mapfile -t more < <(sed -n 's/^  \(coronet .*\)/\1/p' "$out")
  examples+=(${more[@]+"${more[@]}"})
done
for example in "${examples[@]}"; do
  read -ra words <<<"$example"
  [[ ${words[1]} == trial ]] && continue  # minutes
  accepted "${words[@]:1}"
  [[ -s $out ]] || failed "silence: $example"
  echo "ran: $example"
done

accepted describe
grep -q 'heart.heart_rate_bpm' "$out" || failed "describe lists no heart rate"
accepted describe lesion
grep -q '^lesion.length_mm' "$out" || failed "describe lesion"
! grep '^[a-z]' "$out" | grep -qv '^lesion\.' || failed "describe lesion describes something else"
cp "$out" lesion.txt
accepted describe lesion.
cmp -s "$out" lesion.txt || failed "describe lesion. differs from describe lesion"
accepted describe heart.heart_rate_bpm
[[ $(grep -c '^[a-z]' "$out") == 1 ]] || failed "one key, one entry"
accepted describe trial.completed
grep -q 'default 19; range 2 to 10000' "$out" || failed "describe trial.completed"
refused 3 "unknown key 'trial.potencyy'" "did you mean 'trial.potency'" -- describe trial.potencyy
refused 3 "unknown key 'nonsense'" 'coronet describe' -- describe nonsense
refused 3 "unknown key 'lesoin'" "did you mean 'lesion'" -- describe lesoin
refused 3 "unknown key 'heart_rate_bpm'" "did you mean 'heart.heart_rate_bpm'" -- describe heart_rate_bpm
refused 3 "unknown key 'lesoin'" -- describe lesoin --json

accepted describe --json
$python - "$out" "$CORONET" <<'END' || failed "the JSON of describe"
import json, subprocess, sys
rows = json.load(open(sys.argv[1], encoding="utf-8"))
assert len(rows) > 50 and len({r["key"] for r in rows}) == len(rows)
drugs = [r for r in rows if r["key"].startswith("drugs.")]
rows = [r for r in rows if not r["key"].startswith("drugs.")]
units = {r["key"]: r["unit"] for r in rows}
assert len(drugs) >= 6
for d in drugs:
    assert d["meaning"] and d["dose"] and d["route"] and d["effects"] and d["not_modelled"], d
    for e in d["effects"]:
        assert e["unit"] == units[e["key"]] and e["source"] and e["confidence"] in ("measured", "recalled", "assumption"), e
for r in rows:
    assert r["key"] and r["source"] and r["meaning"] and "unit" in r and "default" in r, r
    if "minimum" in r:
        assert r["unit"] and r["minimum"] < r["maximum"], r
        assert r["minimum"] <= r["default"] <= r["maximum"], r
    elif "choices" in r:
        assert r["default"] in r["choices"], r
    else:
        assert isinstance(r["default"], bool), r
# every default is a value that --set takes, all of them at once, and they change nothing
word = lambda v: str(v).lower() if isinstance(v, bool) else str(v)
rows = [r for r in rows if not r["key"].startswith("trial.")]  # known to `coronet trial` alone
settings = [w for r in rows for w in ("--set", f"{r['key']}={word(r['default'])}")]
run = lambda more: subprocess.run([sys.argv[2], "run", "healthy"] + more, check=True, capture_output=True).stdout
assert run([]) == run(settings), "the defaults that describe prints are not those that run uses"
END

# No colours, NO_COLOR or not, also on a terminal
if script -qec true /dev/null </dev/null >/dev/null 2>&1; then  # needs a pseudo-terminal, which a bare chroot lacks
  for setting in A=b NO_COLOR=1; do
    env $setting script -qec "'$CORONET' run healthy" /dev/null </dev/null >"$out" 2>&1
    grep -q 'healthy' "$out" || failed "no table on a terminal"
    ! grep -q $'\e' "$out" || failed "escape codes on a terminal"
  done
else
  skip "colours: script(1) cannot make a terminal here"
fi
