"""A small sweep for tests of readers: two factors, a failed sample, indices and readings of two phases."""
import os
import subprocess
import sys

import h5py

STUDY = """
title = "Opened everywhere"
protocol = ["adenosine_iv"]
[fixed]
lesion.artery = "LCx"
lesion.position = "distal"
lesion.diameter_reduction_percent = 30
[sampling]
method = "list"
[[parameter]]
key = "lesion.length_mm"
values = [10, 30, 12]
[[parameter]]
key = "lesion.stented"
values = [false, false, true]
[outputs]
indices = ["cfr", "imr", "endotype"]
readings = ["flow_lad_mL_per_min", "endo_epi_ratio"]
"""
EXPECTED = ["sample", "phase", "p_length_mm", "p_stented", "cfr", "imr", "endotype", "flow_lad_mL_per_min",
            "endo_epi_ratio", "status", "failure_reason"]


def sweep(folder, name, study, code):
    source, result = os.path.join(folder, name + ".toml"), os.path.join(folder, name + ".nc")
    with open(source, "w", encoding="utf-8") as file:
        file.write(study)
    done = subprocess.run([os.environ["CORONET"], "sweep", source, "-o", result], capture_output=True, text=True)
    assert done.returncode == code, done
    return result


def run(folder):
    """A run's file and the names of its variables."""
    path = os.path.join(folder, "run.nc")
    subprocess.run([os.environ["CORONET"], "run", "healthy", "-o", path], check=True, stdout=subprocess.DEVNULL)
    with h5py.File(path) as file:
        return path, sorted(file)


def skip(why):
    """Ends the test; ctest counts it as skipped."""
    print(f"skipped: {why}")
    sys.exit(77)
