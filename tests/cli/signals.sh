# `coronet validate --signals`: docs/signals.md is current, and its numbers are those of `run` and `validate`.
. "$(dirname "$0")/helper_cli.sh"

# Three times all rows of validate: too long under the sanitizers, which see the same code in other tests
if [[ $CORONET == *asan* ]]; then
  skip "validate --signals under sanitizers"
  exit 0
fi

accepted validate --signals --markdown
cp "$out" page.md
cmp -s page.md "$CORONET_SOURCE/docs/signals.md" ||
  failed "docs/signals.md is stale: $(diff "$CORONET_SOURCE/docs/signals.md" page.md | head -n 6); run: coronet validate --signals --markdown > docs/signals.md"

accepted validate --signals --json
cp "$out" signals.json
accepted validate --json
cp "$out" validate.json
for signal in venous_atp feedback_feedforward; do
  accepted run healthy --protocol rest,autoregulation,pressure_step,occlusion --set regulation.metabolic_signal=$signal --json
  cp "$out" $signal.json
done
$python - <<'END' || failed "the JSON of validate --signals"
import json
load = lambda name: json.load(open(name + ".json", encoding="utf-8"))
j, v = load("signals"), load("validate")
s = j["signals"]
assert list(s) == ["venous_atp", "mvo2_flow", "feedback_feedforward"]
assert len({tuple(x) for x in s.values()}) == 1, "not the same keys for all signals"
assert s["venous_atp"]["validation_passed"] == v["passed"] and s["venous_atp"]["validation_computed"] == v["computed"]
assert s["venous_atp"]["human_passed"] == v["human"]["passed"]
for name in ("venous_atp", "feedback_feedforward"):
    run = load(name)
    pairs = [("perfusion_rest_mL_per_min_per_g", run["phases"]["rest"]["perfusion_mL_per_min_per_g"]),
             ("endo_epi_rest", run["phases"]["rest"]["endo_epi_ratio"]),
             ("gain_70_to_120_mmHg", run["autoregulation"]["gain_70_to_120_mmHg"]),
             ("lower_limit_subendocardium_mmHg", run["autoregulation"]["lower_limit_mmHg"]["subendocardium"]),
             ("pressure_step_dilating_s", run["pressure_step"]["half_time_dilating_s"]),
             ("occlusion_peak", run["occlusion"]["peak"])]
    for key, value in pairs:
        assert s[name][key] == value, (name, key, s[name][key], value)
passed = {r["id"]: r["pass"] for r in v["rows"]}
assert j["rows_that_differ"]
for row in j["rows_that_differ"]:
    verdicts = [row[name]["pass"] for name in s]
    assert verdicts[0] == passed[row["id"]] and len(set(verdicts)) == 2, row
END

refused 2 '--signals' -- validate --signals --only pet
refused 2 '--signals' -- validate --signals --strict
