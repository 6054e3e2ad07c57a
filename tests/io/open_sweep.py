"""The result of a sweep opens in xarray (both engines), h5py, ncdump, R and Octave with every variable; parameters, flags,
failed samples and sensitivity indices are where docs/files.md says. Tools that are not installed are named and skipped."""
import os
import shutil
import subprocess
import sys
import tempfile

import h5py
import numpy as np
import xarray as xr

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from helper_netcdf import fingerprint, is_scale, text

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
SALTELLI = """
protocol = "rest"
[sampling]
method = "saltelli"
count = 2
[[parameter]]
key = "heart.heart_rate_bpm"
range = [60, 70]
[outputs]
readings = ["flow_lad_mL_per_min"]
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


def check_xarray(path, engine):
    with xr.open_dataset(path, engine=engine) as ds:
        assert set(ds.variables) == set(EXPECTED), f"{engine}: {set(ds.variables) ^ set(EXPECTED)} differ"
        assert dict(ds.sizes) == {"sample": 3, "phase": 2}, ds.sizes
        assert [text(p) for p in ds.phase.values] == ["rest", "adenosine_iv"]
        assert ds.sample.dtype == np.int64 and ds.sample.values.tolist() == [0, 1, 2]
        assert ds.p_length_mm.values.tolist() == [10.0, 30.0, 12.0] and ds.p_length_mm.attrs["units"] == "mm"
        assert ds.p_stented.values.tolist() == [0, 0, 1] and ds.p_stented.attrs["flag_meanings"] == "false true"
        assert ds.status.values.tolist() == [0, 3, 0], ds.status.values
        assert ds.status.attrs["flag_meanings"].split()[3] == "invalid_input"
        assert "lesion.length_mm" in text(ds.failure_reason.values[1]) and text(ds.failure_reason.values[0]) == ""
        assert np.isfinite(ds.cfr.values[[0, 2]]).all() and np.isnan(ds.cfr.values[1])
        assert ds.imr.attrs["units"] == "mmHg.s" and ds.imr.attrs["ancillary_variables"] == "status"
        assert ds.endotype.values[1] == -1 and ds.endotype.attrs["flag_meanings"].split()[0] == "normal"
        rest = ds.flow_lad_mL_per_min.sel(phase="rest").values[0]
        peak = ds.flow_lad_mL_per_min.sel(phase="adenosine_iv").values[0]
        assert abs(peak / rest - ds.cfr.values[0]) < 1e-12
        for name in ("study_toml", "study_resolved", "seed_text", "source", "results_sha256"):
            assert ds.attrs[name], name
        assert ds.attrs["study_toml"] == STUDY


def skip(tool):
    print(f"skipped: {tool} is not installed")


def check_others(path):
    if shutil.which("ncdump"):
        header = subprocess.run(["ncdump", "-h", path], check=True, capture_output=True, text=True).stdout
        assert all(f" {name}(" in header for name in EXPECTED), header
        assert "int64 sample(sample)" in header and "byte status(sample)" in header, header
    else:
        skip("ncdump (netcdf-bin)")
    if shutil.which("Rscript") and subprocess.run(["Rscript", "-e", "library(ncdf4)"], capture_output=True).returncode == 0:
        script = ('library(ncdf4); nc <- nc_open(commandArgs(TRUE)[1]); stopifnot(all(strsplit(commandArgs(TRUE)[2], ",")[[1]] '
                  '%in% c(names(nc$var), names(nc$dim)))); q <- ncvar_get(nc, "flow_lad_mL_per_min"); '
                  'stopifnot(all(dim(q) == c(2, 3)), is.na(ncvar_get(nc, "cfr")[2]))')
        # netCDF-C keeps text variables from ncdf4 only as names
        subprocess.run(["Rscript", "-e", script, path, ",".join(EXPECTED)], check=True)
    else:
        skip("R with ncdf4 (r-cran-ncdf4)")
    if shutil.which("octave-cli"):
        script = (f"pkg load netcdf; q = ncread('{path}', 'flow_lad_mL_per_min'); assert(size(q), [2 3]); "
                  f"c = ncread('{path}', 'cfr'); assert(isnan(c(2)));")
        probe = subprocess.run(["octave-cli", "--eval", "pkg load netcdf"], capture_output=True)
        if probe.returncode:
            skip("Octave's netcdf package (octave-netcdf)")
        else:
            subprocess.run(["octave-cli", "--eval", script], check=True)
    else:
        skip("Octave (octave-netcdf)")


with tempfile.TemporaryDirectory() as folder:
    path = sweep(folder, "list", STUDY, 4)
    with h5py.File(path) as file:
        assert sorted(file) == sorted(EXPECTED), sorted(file)
        for name, variable in file.items():
            assert is_scale(variable) or all(dim.keys() for dim in variable.dims), f"{name}: a dimension without scale"
            assert variable.dtype.kind != "S", f"{name}: fixed-length strings"
        assert fingerprint(file) == text(file.attrs["results_sha256"]), "the fingerprint does not fit the data"
    for engine in ("netcdf4", "h5netcdf"):
        check_xarray(path, engine)
    check_others(path)
    path = sweep(folder, "saltelli", SALTELLI, 0)
    with h5py.File(path) as file:
        assert fingerprint(file) == text(file.attrs["results_sha256"])
    for engine in ("netcdf4", "h5netcdf"):
        with xr.open_dataset(path, engine=engine) as ds:
            assert dict(ds.sizes) == {"sample": 6, "phase": 1, "parameter": 1, "output": 1, "bound": 2}, ds.sizes
            assert ds.sobol_total.dims == ("parameter", "output") and ds.sobol_first_ci.dims == ("parameter", "output", "bound")
            assert text(ds.parameter.values[0]) == "heart_rate_bpm" and text(ds.output.values[0]) == "rest.flow_lad_mL_per_min"
            assert ds.rows.item() == 2 and ds.rows_used.values.tolist() == [2]
