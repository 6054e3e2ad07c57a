"""Results of `coronet sweep` and `coronet run` open in Octave (netcdf) with every variable; dimensions come reversed."""
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from helper_sweep import EXPECTED, STUDY, run, skip, sweep

if not shutil.which("octave-cli"):
    skip("Octave is not installed (octave)")
if subprocess.run(["octave-cli", "--eval", "pkg load netcdf"], capture_output=True).returncode:
    skip("Octave has no package netcdf (octave-netcdf)")

COUNT = """
pkg load netcdf
path = argv(){1};
nc = netcdf_open(path, "NOWRITE");  # ncinfo cannot pass variables of text
[~, count] = netcdf_inq(nc);
found = cell(1, count);
for i = 1:count
  found{i} = netcdf_inqVar(nc, i - 1);
end
netcdf_close(nc);
found = sort(found);
expected = sort(strsplit(argv(){2}, ","));
if (! isequal(found(:), expected(:)))
  error("variables: %s", strjoin(setxor(found, expected), ", "));
end
"""
SWEEP = COUNT + """
q = ncread(path, "flow_lad_mL_per_min");
cfr = ncread(path, "cfr");
assert(size(q), [2 3]); assert(isnan(cfr(2))); assert(q(2, 1) / q(1, 1), cfr(1), 1e-12);
assert(ncread(path, "p_length_mm")(:)', [10 30 12]); assert(double(ncread(path, "status")(:)'), [0 3 0]);
assert(double(ncread(path, "sample")(:)'), [0 1 2]); assert(ncreadatt(path, "p_length_mm", "units"), "mm");
assert(ncreadatt(path, "/", "seed_text"), "1"); assert(length(ncreadatt(path, "/", "results_sha256")), 64);
"""
RUN = COUNT + """
q = ncread(path, "perfusion");
assert(size(q), [3 3 2]); assert(all(isfinite(q(:)) & q(:) > 0));
"""


def in_octave(script, folder, path, names):
    source = os.path.join(folder, "read.m")
    with open(source, "w", encoding="utf-8") as file:
        file.write(script)
    done = subprocess.run(["octave-cli", "--norc", source, path, ",".join(names)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


with tempfile.TemporaryDirectory() as folder:
    in_octave(SWEEP, folder, sweep(folder, "list", STUDY, 4), EXPECTED)
    in_octave(RUN, folder, *run(folder))
