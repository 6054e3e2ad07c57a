# `coronet validate`: the table, its JSON, one row alone, ids that do not exist, and that docs/validation.md is current.
. "$(dirname "$0")/helper_cli.sh"

accepted validate --markdown
cp "$out" page.md
cmp -s page.md "$CORONET_SOURCE/docs/validation.md" ||
  failed "docs/validation.md is stale: $(diff "$CORONET_SOURCE/docs/validation.md" page.md | head -n 6); run: coronet validate --markdown > docs/validation.md"

accepted validate --json
cp "$out" all.json
$python - all.json <<'END' || failed "the JSON of validate"
import json, sys
r = json.load(open(sys.argv[1], encoding="utf-8"))
rows = r["rows"]
assert len({x["id"] for x in rows}) == len(rows) > 50
for x in rows:
    for key in ("id", "quantity", "published", "spread", "ours", "z", "pass", "role", "source", "low", "high", "confidence"):
        assert key in x, (x["id"], key)
    assert x["role"] in ("validation", "calibration") and x["source"] and x["confidence"], x
    low = -1e99 if x["low"] is None else x["low"]
    high = 1e99 if x["high"] is None else x["high"]
    assert x["pass"] is (low <= x["ours"] <= high), x
    assert x["pass"] or x["why_missed"], f"{x['id']} is missed without a cause"
    if x["spread_kind"] == "sd":
        assert abs(x["z"] - (x["ours"] - x["published"]) / x["spread"]) < 1e-9, x
counted = [x for x in rows if x["role"] == "validation"]
human = [x for x in counted if x["species"] == "human"]
assert r["computed"] == len(counted) and r["passed"] == sum(x["pass"] for x in counted)
assert r["human"] == {"passed": sum(x["pass"] for x in human), "computed": len(human)}
assert all(n["reason"] for n in r["not_computed"])
END

accepted validate --only pet
[[ $(grep -c '^  pet\.' "$out") == 3 ]] || failed "--only pet"
accepted validate --only pet.stress --json
$python -c "import json, sys; r = json.load(open(sys.argv[1])); assert [x['id'] for x in r['rows']] == ['pet.stress'] and r['computed'] == 0" "$out" || failed "--only pet.stress --json"

refused 3 "no row 'pet.strss'" "did you mean 'pet.stress'" -- validate --only pet.strss
refused 3 "no row 'endo_ep'" "did you mean 'endo_epi'" -- validate --only endo_ep
refused 3 "no row 'xyzxyzxyz'" -- validate --only xyzxyzxyz --json
refused 3 'is not computed: ' -- validate --only trial.escape_cmd
refused 2 'empty' -- validate --only ''
refused 2 -- validate --json --markdown

# --strict: 6 where a counted row is missed, whatever calibration rows do
run_for 6 validate --only endo_epi.stress --strict
grep -q 'MISS' "$out" || failed "a miss that is not shown"
accepted validate --only dsvr --strict
accepted validate --only pet.stress --strict
