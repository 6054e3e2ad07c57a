"""What the seven steps of the lesson say must hold in the model, whatever becomes of its constants.

The page asserts the same on its own settings (web/test/walk.mjs); this runs without a browser.
"""

import json
import os
import subprocess
import sys

WOMAN = "healthy_female"
SICK = ["microvessels.capillary_density_ratio=0.55", "microvessels.arteriolar_lumen_ratio=0.66"]
failed = []


def run(*settings, protocol="adenosine_iv"):
    sets = [word for s in settings for word in ("--set", s)]
    out = subprocess.run([os.environ["CORONET"], "run", WOMAN, "--json", "--protocol", protocol, *sets],
                         check=True, capture_output=True, text=True).stdout
    return json.loads(out)


def check(step, sentence, holds, *figures):
    print("ok  " if holds else "FAIL", step, sentence, *(f"{f:.3g}" for f in figures))
    if not holds:
        failed.append(sentence)


def lesion(percent):
    return f"lesion.diameter_reduction_percent={percent}"


def max_flow(r):
    return r["indices"]["flow_hyperaemia_mL_per_min"]


healthy = run(protocol="adenosine_iv,acetylcholine")
tree = healthy["phases"]["rest"]["pressure_along_tree_mmHg"]
epicardial = tree["aorta"] - tree["LAD_distal"]
total = tree["aorta"] - tree["right_atrium"]
check(1, "the artery takes less than a twentieth of the pressure", epicardial < total / 20, epicardial, total)
check(1, "by the capillaries most of it is gone", tree["aorta"] - tree["capillary"] > 0.7 * total)

cfr = healthy["indices"]["cfr"]
check(2, "flow rises three- to fivefold", 3 < cfr < 5, cfr)

tight, stented = run(lesion(62)), run(lesion(62), "lesion.stented=true")
check(3, "the lesion limits: FFR at most 0.80", tight["indices"]["ffr"] <= 0.80, tight["indices"]["ffr"])
check(3, "the stent gives back at least a third more flow", max_flow(stented) > 4 / 3 * max_flow(tight))
check(3, "and nearly the healthy reserve", stented["indices"]["cfr"] > 0.95 * cfr)

cmd, cmd_stented = run(*SICK, lesion(40)), run(*SICK, lesion(40), "lesion.stented=true")
moved = cmd_stented["indices"]["cfr"] - cmd["indices"]["cfr"]
check(4, "the stent moves CFR by less than 0.1", abs(moved) < 0.1, moved)
check(4, "FFR is normal, CFR and IMR are not, before and after",
      all(i["ffr"] > 0.80 and i["cfr"] < 2.5 and i["imr"] >= 25 for i in (cmd["indices"], cmd_stented["indices"])))

path = [run(lesion(62), f"microvessels.capillary_density_ratio={1 - 0.45 * d}",
            f"microvessels.arteriolar_lumen_ratio={1 - 0.34 * d}") for d in (0, 0.25, 0.5, 0.75, 1)]
ffr = [r["indices"]["ffr"] for r in path]
flow = [max_flow(r) for r in path]
check(5, "sicker microvessels raise FFR", all(a < b for a, b in zip(ffr, ffr[1:])), *ffr)
check(5, "while maximal flow falls", all(a > b for a, b in zip(flow, flow[1:])), *flow)
check(5, "and FFR crosses 0.80", ffr[0] <= 0.80 < ffr[-1])

a = run(*SICK, protocol="adenosine_iv,acetylcholine")["indices"]
b = run("endothelium.function=0.1", protocol="adenosine_iv,acetylcholine")["indices"]
c = run(*SICK, "endothelium.function=0.3", protocol="adenosine_iv,acetylcholine")["indices"]
ach = "ach_cbf_change_percent"
check(6, "adenosine finds A and C, not B", a["cfr"] < 2.5 and c["cfr"] < 2.5 and b["cfr"] > 3)
check(6, "acetylcholine finds B", b[ach] <= 50 < healthy["indices"][ach], b[ach], healthy["indices"][ach])
check(6, "and has the healthy answer neither in A nor in C", c[ach] < a[ach] < healthy["indices"][ach])

treated = run(*SICK, f"microvessels.lad.capillary_density_ratio={0.55 * 1.5}")["indices"]
check(7, "more capillaries raise CFR and lower IMR where the stent did neither",
      treated["cfr"] > cmd_stented["indices"]["cfr"] + 0.1 and treated["imr"] < cmd_stented["indices"]["imr"] - 1)

busy = run("oxygen.consumption_mL_per_min_per_100g=30")["indices"]
check(8, "FFR > 0.80, CFR < 2, IMR < 25 exists, with healthy vessels",
      busy["ffr"] > 0.80 and busy["cfr"] < 2 and busy["imr"] < 25, busy["cfr"], busy["imr"])
sys.exit(bool(failed))
