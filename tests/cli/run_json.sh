# `run --json`: one valid object with the promised keys, the same on every run; --set beats the file.
. "$(dirname "$0")/helper_cli.sh"

accepted run lad_stenosis --json --protocol pullback
$python - "$out" <<'END' || failed "the JSON of run"
import json, math, sys

def refuse(name):
    raise ValueError(name)

j = json.load(open(sys.argv[1], encoding="utf-8"), parse_constant=refuse)
assert {"patient", "version", "status", "indices", "phases"} <= j.keys(), j.keys()
assert j["patient"] == "lad_stenosis" and j["status"] == "ok" and j["version"]
indices = "cfr cfr_doppler ffr ifr imr hmr_mmHg_s_per_cm mrr rrr endotype".split()
assert set(indices) <= j["indices"].keys(), set(indices) - j["indices"].keys()
assert j["phases"].keys() == {"rest", "adenosine_iv"}, j["phases"].keys()
promised = ("aortic_pressure_mmHg heart_rate_bpm flow_lad_mL_per_min flow_lcx_mL_per_min flow_rca_mL_per_min "
            "flow_total_mL_per_min perfusion_mL_per_min_per_g endo_epi_ratio dsvr_lad dsvr_rca "
            "venous_saturation_percent volume_residual period_residual").split()
for name, phase in j["phases"].items():
    for key in promised:
        assert math.isfinite(phase[key]), (name, key)
    distances = [p["distance_mm"] for p in phase["pullback"]]
    assert distances == sorted(distances) and len(distances) > 3
def finite(node):
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else []:
        assert child is not None
        finite(child)
finite(j)
END
cp "$out" first.json
accepted run lad_stenosis --json --protocol pullback
cmp -s "$out" first.json || failed "a second run says something else"
accepted run lad_stenosis --json --protocol pullback,rest --protocol adenosine_iv
cmp -s "$out" first.json || failed "naming a phase twice changes the result"

value() { $python -c 'import json, sys; j = json.load(open(sys.argv[1]))
for key in sys.argv[2].split("/"): j = j[key]
print(j)' "$out" "$1"; }

accepted run healthy --json --protocol rest
[[ $(value indices) == '{}' && $(value phases/rest/heart_rate_bpm) == 65* ]] || failed "rest alone"
accepted run healthy --json --protocol adenosine_ic --artery rca
[[ $(value artery) == RCA && $(value phases/adenosine_ic/flow_rca_mL_per_min) ]] || failed "the artery asked for"

# --set beats the file, the later --set the earlier
patient '[heart]' 'heart_rate_bpm = 80'
accepted run patient.toml --json --protocol rest
[[ $(value phases/rest/heart_rate_bpm) == 80* ]] || failed "the file is not heard"
accepted run patient.toml --json --protocol rest --set heart.heart_rate_bpm=70 --set heart.heart_rate_bpm=90
[[ $(value phases/rest/heart_rate_bpm) == 90* ]] || failed "--set does not beat the file"
patient '[heart]' 'aortic_systolic_mmHg = 80' 'aortic_diastolic_mmHg = 75'  # --set may heal a contradiction
accepted run patient.toml --protocol rest --set heart.aortic_diastolic_mmHg=60

# In a file a narrow key refines a wide one, in whatever order they stand; on the command line the last word counts
density() { accepted run "$@" --json --protocol rest; cp "$out" "density$((++runs)).json"; }
runs=0
patient '[microvessels.lad.subendocardium]' 'capillary_density_ratio = 0.4' '[microvessels.lad]' \
  'capillary_density_ratio = 0.6' '[microvessels]' 'capillary_density_ratio = 0.8'
density patient.toml
patient '[microvessels]' 'capillary_density_ratio = 0.8' 'lad.capillary_density_ratio = 0.6' \
  '[microvessels.lad.subendocardium]' 'capillary_density_ratio = 0.4'
density patient.toml
patient
wide=microvessels.capillary_density_ratio=0.8 middle=microvessels.lad.capillary_density_ratio=0.6
narrow=microvessels.lad.subendocardium.capillary_density_ratio=0.4
density patient.toml --set $wide --set $middle --set $narrow
density patient.toml --set $narrow --set $middle --set $wide
cmp -s density1.json density2.json || failed "the order of tables in a file matters"
cmp -s density1.json density3.json || failed "file and --set disagree"
cmp -s density1.json density4.json && failed "the last --set does not count"
exit 0
