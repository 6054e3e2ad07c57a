"""summary.py FOLDER: what the measurements of bench/run say, as a table on stdout."""

import csv
import sys
from collections import defaultdict
from pathlib import Path

folder = Path(sys.argv[1])
rows = [r for name in ("beats.csv", "scipy.csv") for r in csv.DictReader(open(folder / name))]
best = defaultdict(dict)  # cheapest setting of a method that reaches the accuracy
for r in rows:
    problem = (r["patient"], r["phase"], float(r["stiffness"]))
    for accuracy in (1e-3, 1e-4, 1e-5):
        cost = float(r["us_per_beat"])
        if float(r["error"]) <= accuracy and cost < best[problem, accuracy].get(r["method"], (9e99, ""))[0]:
            best[problem, accuracy][r["method"]] = (cost, r["setting"])

print((folder / "machine.txt").read_text())
print("A beat at equal accuracy: us, setting, ratio to coronet_rodas4")
for (problem, accuracy), methods in sorted(best.items(), key=lambda item: (item[0][0][:2], item[0][0][2], -item[0][1])):
    ours = methods.get("coronet_rodas4")
    print(f"{problem[0]}, {problem[1]}, stiffness x {problem[2]:g}, error <= {accuracy:g}")
    for method, (cost, setting) in sorted(methods.items(), key=lambda item: item[1][0]):
        print(f"  {method:20} {cost:10.1f}  {setting:>8}" + (f"  {cost / ours[0]:8.1f}" if ours else ""))
print("\nTo the limit cycle")
for r in csv.DictReader(open(folder / "limit_cycles.csv")):
    print(f"  {r['patient']:24} {r['phase']:14} {r['method']:24} {r['beats']:>5} beats {float(r['ms']):9.2f} ms  {r['ratio_to_coronet']:>6}")
