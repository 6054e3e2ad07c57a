"""Results of `coronet sweep` and `coronet run` open in R (ncdf4) with every variable; dimensions come reversed."""
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from helper_sweep import EXPECTED, STUDY, run, skip, sweep

if not shutil.which("Rscript"):
    skip("R is not installed (r-base-core)")
if subprocess.run(["Rscript", "-e", "library(ncdf4)"], capture_output=True).returncode:
    skip("R has no ncdf4 (r-cran-ncdf4)")

COUNT = """
library(ncdf4)
arguments <- commandArgs(TRUE)
nc <- nc_open(arguments[1])
expected <- sort(strsplit(arguments[2], ",")[[1]])
# A coordinate of text is a dimension and a variable at once
found <- sort(unique(c(names(nc$var), names(nc$dim))))
if (!identical(found, expected)) stop("variables: ", paste(setdiff(union(found, expected), intersect(found, expected)), collapse = ", "))
"""
SWEEP = COUNT + """
q <- ncvar_get(nc, "flow_lad_mL_per_min")
cfr <- ncvar_get(nc, "cfr")
stopifnot(all(dim(q) == c(2, 3)), is.na(cfr[2]), abs(q[2, 1] / q[1, 1] - cfr[1]) < 1e-12)
stopifnot(all(ncvar_get(nc, "p_length_mm") == c(10, 30, 12)), all(ncvar_get(nc, "status") == c(0, 3, 0)))
stopifnot(all(ncvar_get(nc, "sample") == 0:2), ncatt_get(nc, "p_length_mm", "units")$value == "mm")
stopifnot(ncatt_get(nc, 0, "seed_text")$value == "1", nchar(ncatt_get(nc, 0, "results_sha256")$value) == 64)
"""
RUN = COUNT + """
q <- ncvar_get(nc, nc$var[["perfusion"]])
stopifnot(all(dim(q) == c(3, 3, 2)), all(is.finite(q)), all(q > 0))
"""


def in_r(script, path, names):
    done = subprocess.run(["Rscript", "-e", script, path, ",".join(names)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


with tempfile.TemporaryDirectory() as folder:
    in_r(SWEEP, sweep(folder, "list", STUDY, 4), EXPECTED)
    in_r(RUN, *run(folder))
