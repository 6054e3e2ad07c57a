# --drug and the `drugs` of a patient file: named in table and JSON, the same result either way, errors with a suggestion.
. "$(dirname "$0")/helper_cli.sh"

accepted run healthy --drug beta_blocker,ivabradine --protocol rest
grep -q '^drugs: beta_blocker, ivabradine$' "$out" || failed "the table does not name the drugs"
accepted run healthy --drug beta_blocker --drug ivabradine --json --protocol rest
cp "$out" flags.json
patient 'title = "Healthy man"' 'drugs = ["beta_blocker", "ivabradine"]'
accepted run patient.toml --json --protocol rest
$python - "$out" flags.json <<'END_' || failed "drugs of a file and of --drug differ"
import json, sys
a, b = (json.load(open(f, encoding="utf-8")) for f in sys.argv[1:])
assert a["drugs"] == b["drugs"] == ["beta_blocker", "ivabradine"], a["drugs"]
assert a["phases"] == b["phases"]
assert abs(a["phases"]["rest"]["heart_rate_bpm"] - 65 * 0.9 * 0.826) < 1e-9
END_
accepted run healthy --protocol rest --json
$python -c 'import json, sys; assert json.load(open(sys.argv[1]))["drugs"] == []' "$out" || failed "no drugs, no list"

accepted run healthy --protocol nitroglycerin --json
$python - "$out" <<'END_' || failed "the phase nitroglycerin"
import json, sys
j = json.load(open(sys.argv[1], encoding="utf-8"))
assert j["phases"].keys() == {"rest", "nitroglycerin"}
q = j["phases"]["nitroglycerin"]
assert abs(q["diameter_change_percent"] - 19) < 1e-6 and abs(q["flow_change_percent"]) < 10
END_
accepted run healthy --protocol nitroglycerin
grep -q '^change of diameter, % .* 19.0' "$out" || failed "the table lacks the widening"

# Over what a drug did --set has the last word; a result file repeats a treated run
accepted run healthy --drug beta_blocker --set modifiers.heart_rate_factor=1 --protocol rest
grep -q '^heart rate, 1/min  *65' "$out" || failed "--set does not beat the drug"
accepted run healthy --drug beta_blocker,nitroglycerin -o treated.nc

refused 3 "unknown drug 'beta_bloker'" "did you mean 'beta_blocker'" -- run healthy --drug beta_bloker
refused 3 "'ivabradine' is given twice" -- run healthy --drug ivabradine,ivabradine
refused 3 "'nitroglycerin' is given twice" -- run healthy --drug nitroglycerin --protocol nitroglycerin
patient 'title = "x"' 'drugs = ["ivabradin"]'
refused 3 'patient.toml:2:' "did you mean 'ivabradine'" -- run patient.toml
patient 'drugs = "ivabradine"'
refused 3 'patient.toml:1:' 'must be a list of names' -- run patient.toml
patient '[drugs]' 'a = 1'
refused 3 'must be a list of names' -- run patient.toml
patient 'drugs = ["ivabradine"]' '[heart]' 'hart = 1'
refused 3 'patient.toml:3:' -- run patient.toml
accepted describe drugs
[[ $(grep -c '^drugs\.' "$out") -ge 6 && $(grep -c 'not modelled: ' "$out") -ge 6 ]] || failed "describe drugs"
accepted describe drugs.ivabradine
grep -q 'modifiers.heart_rate_factor 0.826; measured; source: ' "$out" || failed "describe drugs.ivabradine"
refused 3 "did you mean 'drugs.ivabradine'" -- describe drugs.ivabradin
exit 0
