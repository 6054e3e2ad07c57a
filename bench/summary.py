"""summary.py FOLDER: what the CSVs there say, as summary.md there and on stdout. Sections that were not measured are
named as such."""

import csv
import sys
from pathlib import Path
from statistics import median

folder = Path(sys.argv[1])
ACCURACY = 1e-4


def read(name):
    path = folder / name
    return list(csv.DictReader(open(path))) if path.exists() else []


lines = []
put = lines.append


def table(header, rows):
    put("| " + " | ".join(header) + " |")
    put("|" + "---|" * len(header))
    for row in rows:
        put("| " + " | ".join(str(cell) for cell in row) + " |")
    put("")


def number(x):
    return f"{x:,.0f}" if x >= 1000 else f"{x:.0f}" if x >= 100 else f"{x:.1f}" if x >= 10 else f"{x:.2f}"


def kind(method):
    """The settings of one method that differ in more than their tolerance, or in the plan of the mesh, are one method."""
    for name in ("cvode", "scipy"):
        if method.startswith(name):
            return name
    return method.removesuffix("_finer_mesh")


# Per case and method the cheapest setting that has the accuracy, all finer ones of it having it too (no luck).
beats = read("beats.csv") + read("scipy.csv")
best = {}
for r in beats:
    case = (r["phase"], float(r["stiffness"]))
    r["us"] = float(r["us_least"])
    same = [q for q in beats if (q["phase"], q["stiffness"], q["method"]) == (r["phase"], r["stiffness"], r["method"])]
    steps = r["method"].startswith(("coronet", "rk4", "odeint_rk4"))
    finer = [q for q in same if (float(q["setting"]) >= float(r["setting"])) == steps or q is r]
    if all(float(q["error"]) <= ACCURACY for q in finer):
        found = best.setdefault(case, {})
        if kind(r["method"]) not in found or r["us"] < found[kind(r["method"])]["us"]:
            found[kind(r["method"])] = r

verdicts = []  # what, wanted, measured, met


def verdict(what, wanted, measured, met):
    verdicts.append((what, wanted, measured, "not measured" if met is None else "yes" if met else "**no**"))


def fastest_lanes(methods):
    ours = [r for m, r in methods.items() if m.startswith("coronet_") and m != "coronet_scalar"]
    return min(ours, key=lambda r: r["us"]) if ours else methods.get("coronet_scalar")


def worst_ratio(peer, stiffness, single):
    """Over the phases, with our beats in single precision, as searches begin, or without."""
    ratios = []
    for (phase, s), methods in best.items():
        ours = fastest_lanes({m: r for m, r in methods.items() if single or not m.endswith("_single")})
        if s == stiffness and peer in methods and ours:
            ratios.append((methods[peer]["us"] / ours["us"], phase))
    return min(ratios) if ratios else None


for peer, name, wanted, stiffness in (
    ("odeint_rk4", "scalar Odeint RK4", 30, 1.0),
    ("cvode", "CVODE BDF", 300, 1.0),
    ("scipy", "SciPy", 5000, 1.0),
    ("odeint_rk4", "scalar Odeint RK4, stiffness × 10", 300, 10.0),
):
    found, double = worst_ratio(peer, stiffness, True), worst_ratio(peer, stiffness, False)
    verdict(
        f"per beat and core, error ≤ 1e-4, against {name}",
        f"≥ {wanted} ×",
        f"{number(found[0])} × ({found[1]}); all in double precision {number(double[0])} ×" if found else "",
        found and found[0] >= wanted,
    )

cycles = read("limit_cycles.csv")
ratios = []
for phase in dict.fromkeys(r["phase"] for r in cycles):
    rows = [r for r in cycles if r["phase"] == phase]
    plain = next(r for r in rows if r["method"] == "odeint_rk4_plain_beats")
    scalar = [r for r in rows if r["method"] == "coronet_scalar"]  # many patients, then the few of the plain beats
    paired = float(plain["ms_least"]) / float(scalar[-1]["ms_least"])
    lanes = min((r for r in rows if r["method"].startswith("coronet")), key=lambda r: float(r["ms_least"]))
    ratios.append((phase, paired, paired * float(scalar[0]["ms_least"]) / float(lanes["ms_least"]), lanes["method"]))
verdict(
    "to the limit cycle, per core, against scalar Odeint RK4 with plain beats",
    "≥ 300 ×",
    "; ".join(f"{p} {number(r)} × ({w}), scalar {number(s)} ×" for p, s, r, w in ratios),
    min(r for _, _, r, _ in ratios) >= 300 if ratios else None,
)

searches = read("searches.csv")
phases = [r for r in searches if r["phase"] != "anchor"]
worst = max(phases, key=lambda r: float(r["mean"])) if phases else None
verdict(
    "beats to the limit cycle (1e-6), mean / 95th percentile, worst phase of both cohorts",
    "≤ 8 / 11",
    f"{worst['mean']} / {max(float(r['p95']) for r in phases):g} ({worst['cohort']}, {worst['phase']})" if worst else "",
    all(float(r["mean"]) <= 8 and float(r["p95"]) <= 11 for r in phases) if phases else None,
)

roof = read("roofline.csv")
for kernel, name, wanted in (("implicit", "implicit", 45), ("rk4", "explicit", 65)):
    rows = [r for r in roof if r["kernel"] == kernel and not r["way"].endswith("_fma")]
    most = max(rows, key=lambda r: float(r["percent_of_machine_peak"]), default=None)
    verdict(
        f"fraction of the FP64 FMA peak, {name}",
        f"≥ {wanted} %",
        f"{most['percent_of_machine_peak']} % ({most['way']})" if most else "",
        float(most["percent_of_machine_peak"]) >= wanted if most else None,
    )

sweeps = read("sweeps.csv")
large = read("large_sweeps.csv")
solved = [r for r in sweeps if r["solver"] == "solved"]
for solver, design, cycles in (
    ("solved_on_a_grid", "a grid, as shipped", 2),  # the anchors of 100 healthy twins hardly count
    ("solved", "quasi-random, an anchor for every patient", 3),
):
    rows = [r for r in sweeps + large if r["solver"] == solver]
    most = max(rows, key=lambda r: int(r["samples"]), default=None)
    what = f"10⁶ patients × (rest, adenosine) of `capillary_density` ({design})"
    if most:
        seconds, rate = 1e6 / float(most["samples_per_s"]), float(most["samples_per_s"])
        verdict(
            f"{what} on {most['threads']} threads, from {int(most['samples']):,}",
            "≤ 300 s",
            f"{number(seconds)} s; {number(rate)} patients/s, {number(cycles * rate)} limit cycles/s",
            seconds <= 300,
        )
    else:
        verdict(what, "≤ 300 s", "", None)
rounds = [{k: float(v) for k, v in r.items()} for r in read("threads.csv") if "two_process_s" in r]
if rounds:
    ratio = median(r["ratio"] for r in rounds)
    busy = median(r["two_process_s"] / r["two_s"] for r in rounds)
    work = median(r["two_process_s"] / r["one_process_s"] for r in rounds)
    measured = f"{ratio:.2f} × (median of {len(rounds)}); {busy:.2f} processors busy, {100 * work - 100:+.1f} % processor time"
    verdict("two threads against one", "≥ 1.9 ×", measured, ratio >= 1.9)
else:
    verdict("two threads against one", "≥ 1.9 ×", "", None)
memory = {int(r["samples"]): float(r["peak_memory_MB"]) for r in sweeps if r["solver"] == "answered_at_once"}
solving = {int(r["samples"]): float(r["peak_memory_MB"]) for r in solved + large}
grows, said = None, ""
if {10000, 1000000} <= solving.keys():
    grows = 100 * (solving[1000000] / solving[10000] - 1)
    said = f"{solving[10000]:.1f} → {solving[1000000]:.1f} MB, {grows:+.0f} %"
elif 10000 in solving and {10000, 1000000} <= memory.keys():
    more = memory[1000000] - memory[10000]
    grows = 100 * more / solving[10000]
    said = f"{solving[10000]:.1f} MB at 10⁴ solved, {more:+.1f} MB to 10⁶ answered at once ({memory[10000]:.1f} → {memory[1000000]:.1f}): {grows:+.0f} %"
verdict("resident memory, 10⁴ → 10⁶ samples", "grows < 20 %", said, grows < 20 if grows is not None else None)
waves = read("waveforms.csv")
used = [r for r in waves if r["refinement"] == "1"]
worst = max(used, key=lambda r: float(r["largest_error"]), default=None)
verdict(
    "waveforms of the recorded beat, largest error relative to peak",
    "≤ 2e-4",
    f"{worst['largest_error']} ({worst['quantity']}, {worst['patient']}, {worst['phase']})" if worst else "",
    float(worst["largest_error"]) <= 2e-4 if worst else None,
)

put("# What was measured\n")
put("```")
put((folder / "machine.txt").read_text().rstrip() if (folder / "machine.txt").exists() else "machine.txt is missing")
put("```\n")
put("Written by bench/summary.py from the CSVs beside it. Least of the rounds; noise is the median above the least.\n")
put("## What must hold\n")
table(("what", "wanted", "measured", "met"), verdicts)

if best:
    put("## One beat at equal accuracy\n")
    put(
        "Five beats of each patient, tone held; error of the mean flow of the fifth, worst of nine layers and of all patients judged "
        "(ours on 16, peers on 4), at most 1e-4. Ours per lane and beat in full packs of different "
        "patients. Forcing tables, made once per phase, are outside (see roofline.csv); `odeint_rk4` computes forcing as it goes. "
        "Stiffness divides all inertances, compliances and volumes: every rate of the network grows with it, the heart stays (cases.csv).\n"
    )
    for case in sorted(best):
        methods = best[case]
        put(f"### {case[0]}, stiffness × {case[1]:g}\n")
        reference = methods.get("odeint_rk4")
        rows = []
        for _, r in sorted(methods.items(), key=lambda item: item[1]["us"]):
            ratio = number(reference["us"] / r["us"]) if reference else ""
            rows.append((r["method"], r["setting"], number(r["us"]), r["us_median"], r["noise_percent"], r["error"], ratio))
        table(("method", "setting", "µs per beat", "median", "noise %", "error", "Odeint RK4 / this"), rows)
        mesh = [r for r in beats if r["method"].startswith("coronet") and r["setting"] == "44"]
        mesh = [r for r in mesh if (r["phase"], float(r["stiffness"])) == case]
        if mesh:
            r = min(mesh, key=lambda q: q["us"])
            put(f"On the product's usual mesh of 44 steps: {number(r['us'])} µs ({r['method']}), error {r['error']}.\n")
for title, name in (
    ("To the limit cycle", "limit_cycles.csv"),
    ("Beats of a search", "searches.csv"),
    ("Ways of lanes, whole patients on one core", "widths.csv"),
    ("Peak of one core", "peak.csv"),
    ("Operations of a beat", "operations.csv"),
    ("Share of the peak, one core", "roofline.csv"),
    ("Threads", "threads.csv"),
    ("Sweeps of capillary_density", "sweeps.csv"),
    ("Cases", "cases.csv"),
):
    rows = read(name)
    put(f"## {title}\n")
    if rows:
        table(list(rows[0]), [list(r.values()) for r in rows])
    else:
        put("not measured\n")
peak = {r["kernel"]: float(r["GFLOPS"]) for r in read("peak.csv")}
for kernel, name in (("implicit", "the implicit beat"), ("rk4", "RK4")):
    mixes = [v for k, v in peak.items() if k.endswith("_mix_" + kernel)]
    if mixes:
        put(
            f"Sums, products and quotients as in {name}, independent and in registers, reach "
            f"{100 * max(mixes) / max(peak.values()):.1f} % of the peak: no order of its operations can do better without contraction.\n"
        )
answered = {int(r["samples"]): float(r["process_s"]) for r in sweeps if r["solver"] == "answered_at_once"}
for r in solved:
    if int(r["samples"]) in answered:
        share = 100 * answered[int(r["samples"])] / float(r["process_s"])
        put(f"Files (journal, result, hash): {share:.2f} % of the processor time of {r['samples']} samples.\n")
fused = {r["way"]: float(r["us_least"]) for r in roof if r["kernel"] == "implicit"}
for way in fused:
    if way + "_fma" in fused:
        gain = 100 * (fused[way] / fused[way + "_fma"] - 1)
        put(f"Contraction to fma would make the beat of {way} {gain:+.1f} % faster. The product never has it.\n")
if waves:
    put("## Waveforms\n")
    put("Largest error of any patient and phase, relative to the wave's peak, on meshes of 800 steps times the refinement:\n")
    refinements = list(dict.fromkeys(r["refinement"] for r in waves))
    rows = []
    for quantity in dict.fromkeys(r["quantity"] for r in waves):
        cells = []
        for refinement in refinements:
            errors = [float(r["largest_error"]) for r in waves if (r["quantity"], r["refinement"]) == (quantity, refinement)]
            cells.append(f"{max(errors):.1e}")
        rows.append([quantity] + cells)
    table(["quantity"] + [f"× {r}" for r in refinements], rows)

text = "\n".join(lines)
(folder / "summary.md").write_text(text)
print(text[: text.index("## One beat")] if "## One beat" in text else text)
