# Protocols that are more than one beat: autoregulation, exercise_ramp, pressure_step, pacing_step, occlusion.
. "$(dirname "$0")/helper_cli.sh"

accepted run healthy --protocol rest,autoregulation,exercise_ramp --protocol pressure_step,pacing_step,occlusion --json
cp "$out" all.json
$python - all.json <<'END' || failed "the JSON of courses"
import json, math, sys

def refuse(name):
    raise ValueError(name)

j = json.load(open(sys.argv[1], encoding="utf-8"), parse_constant=refuse)
assert j["indices"] == {} and list(j["phases"]) == ["rest"]
rest = j["phases"]["rest"]
near = lambda a, b, e: abs(a - b) <= e * abs(b)

a = j["autoregulation"]
assert [p["pressure_mmHg"] for p in a["points"]] == list(range(20, 170, 10))
assert all(p["status"] == "ok" for p in a["points"])
q = {p["pressure_mmHg"]: p["perfusion_mL_per_min_per_g"]["artery"] for p in a["points"]}
assert near(a["gain_70_to_120_mmHg"], 1 - math.log(q[120] / q[70]) / math.log(120 / 70), 1e-9)
assert near(a["perfusion_rest_mL_per_min_per_g"]["artery"], rest["perfusion_mL_per_min_per_g"], 1e-4)
assert near(a["own_pressure_mmHg"], rest["aortic_pressure_mmHg"], 1e-9)
low = a["lower_limit_mmHg"]
assert 20 < low["subepicardium"] < low["subendocardium"] < rest["aortic_pressure_mmHg"], low
assert set(a["points"][0]) == {"pressure_mmHg", "status", "perfusion_mL_per_min_per_g", "endo_epi_ratio",
                               "venous_saturation_percent", "lowest_tissue_tension_mmHg", "metabolic_dilation"}

e = j["exercise_ramp"]
assert e["end"] in ("ischaemia", "fatigue") and e["points"][0]["METs"] == 1
for key in ("flow_total_mL_per_min", "rate_pressure_product_mmHg_per_min", "heart_rate_bpm", "METs"):
    values = [p[key] for p in e["points"]]
    assert values == sorted(values), key
assert near(e["points"][0]["flow_total_mL_per_min"], rest["flow_total_mL_per_min"], 1e-4)
assert [p["stage"] for p in e["points"]][:14] == [0] + 6 * [1] + 6 * [2] + [3]
assert (e["end"] == "ischaemia") == (e["ischaemia"] is not None)

for name in ("pressure_step", "pacing_step", "occlusion"):
    c = j[name]
    assert c["status"] == "ok"
    times = [b["time_s"] for b in c["beats"]]
    assert times == sorted(times) and times[-1] > 185
    assert near(c["beats"][0]["flow_mL_per_min"], rest["flow_lad_mL_per_min"], 1e-4)
    assert near(c["beats"][-1]["flow_mL_per_min"], rest["flow_lad_mL_per_min"], 0.01)
    changed = [b for b in c["beats"] if b["condition"] != "rest"]
    assert c["start_s"] <= changed[0]["time_s"] < c["start_s"] + 1 and changed[-1]["time_s"] < c["release_s"]
o = j["occlusion"]
after = [b["flow_mL_per_min"] for b in o["beats"] if b["time_s"] >= o["release_s"] - 1e-9]
assert near(o["peak"], max(after) / o["flow_before_mL_per_min"], 1e-9)
END

accepted run cmd_structural --protocol exercise_ramp --json
$python - "$out" <<'END' || failed "the treadmill test of cmd_structural"
import json, sys
e = json.load(open(sys.argv[1]))["exercise_ramp"]
assert e["end"] == "ischaemia" and e["ischaemia"]["layer"] == "subendocardium"
assert e["ischaemia"]["METs"] == e["peak_METs"] and e["ischaemia"]["time_s"] == e["time_s"]
p, q = e["points"][-2:]  # the onset lies between the last points, but for the 10 s that it must last
assert q["lowest_tissue_tension_heart_mmHg"] < 0.5 < p["lowest_tissue_tension_heart_mmHg"]
assert p["time_s"] < e["time_s"] < q["time_s"] + 10
END

# --artery is the one whose flow is shown and which is closed
accepted run lad_stenosis --protocol occlusion,autoregulation --artery rca --json
$python - "$out" <<'END' || failed "--artery RCA"
import json, sys
j = json.load(open(sys.argv[1]))
assert j["artery"] == "RCA"
first, closed = (next(b for b in j["occlusion"]["beats"] if b["time_s"] >= t) for t in (0, 20))
assert abs(first["flow_mL_per_min"] - j["phases"]["rest"]["flow_rca_mL_per_min"]) < 0.1
assert abs(closed["flow_mL_per_min"]) < 0.5
END

accepted run healthy --protocol autoregulation,exercise_ramp,pressure_step,pacing_step,occlusion
for text in 'autoregulation (LAD)' 'gain 70 to 120 mmHg: 0' 'lower limit, mmHg: endo' 'exercise_ramp (LAD)' 'onset of ischaemia: ' \
  'half-time of conductance: dilating' 'reactive hyperaemia: flow before'; do
  grep -qF "$text" "$out" || failed "the table lacks: $text"
done
[[ $(awk '{ if (length > 130) print }' "$out" | grep -cv '^Numbers') == 0 ]] || failed "a line of the table is too long"

# Courses do not touch what was there before, and the same run gives the same bytes
accepted run healthy --protocol adenosine_iv --json
cp "$out" plain.json
accepted run healthy --protocol adenosine_iv,pressure_step --json
$python - plain.json "$out" <<'END' || failed "a course changes indices or phases"
import json, sys
plain, more = (json.load(open(name)) for name in sys.argv[1:])
assert more.pop("pressure_step") and plain == more
END
accepted run healthy --protocol occlusion,autoregulation -o first.nc --plot first.svg
accepted run healthy --protocol occlusion,autoregulation -o second.nc --plot second.svg
cmp -s first.nc second.nc && cmp -s first.svg second.svg || failed "two runs of one protocol differ"

refused 3 "unknown protocol 'autoregulaton'" "did you mean 'autoregulation'" 'occlusion' -- run healthy --protocol autoregulaton
refused 3 "unknown protocol 'pacing-step'" "did you mean 'pacing_step'" -- run healthy --protocol rest,pacing-step

# A course that fails: exit code 4, the reason on stderr, everything else as usual
run_for 4 run healthy --protocol pacing_step,pressure_step --set heart.heart_rate_bpm=140 --set heart.contractility=0.85 --json -o part.nc
grep -q '^coronet: healthy: pacing_step: .*no time for diastole' "$err" && [[ $(wc -l <"$err") == 1 ]] || failed "the reason of the failure"
$python - "$out" <<'END' || failed "the JSON of a failed course"
import json, sys
j = json.load(open(sys.argv[1]))
assert j["status"] == "ok" and j["pressure_step"]["status"] == "ok" and j["pressure_step"]["half_time_dilating_s"] > 0
assert j["pacing_step"]["status"] == "invalid" and "diastole" in j["pacing_step"]["failure"] and j["pacing_step"]["beats"]
END
[[ -s part.nc ]] || failed "no file after a failed course"
