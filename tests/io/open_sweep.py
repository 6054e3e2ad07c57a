"""The result of a sweep opens in xarray (both engines), h5py and ncdump with every variable; parameters, flags, failed
samples and sensitivity indices are where docs/files.md says. R and Octave: open_in_r.py, open_in_octave.py."""
import os
import subprocess
import sys
import tempfile

import h5py
import numpy as np
import xarray as xr

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from helper_netcdf import fingerprint, is_scale, text
from helper_sweep import EXPECTED, STUDY, sweep

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


def check_ncdump(path):
    header = subprocess.run(["ncdump", "-h", path], check=True, capture_output=True, text=True).stdout
    assert all(f" {name}(" in header for name in EXPECTED), header
    assert "int64 sample(sample)" in header and "byte status(sample)" in header, header


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
    check_ncdump(path)
    path = sweep(folder, "saltelli", SALTELLI, 0)
    with h5py.File(path) as file:
        assert fingerprint(file) == text(file.attrs["results_sha256"])
    for engine in ("netcdf4", "h5netcdf"):
        with xr.open_dataset(path, engine=engine) as ds:
            assert dict(ds.sizes) == {"sample": 6, "phase": 1, "parameter": 1, "output": 1, "bound": 2}, ds.sizes
            assert ds.sobol_total.dims == ("parameter", "output") and ds.sobol_first_ci.dims == ("parameter", "output", "bound")
            assert text(ds.parameter.values[0]) == "heart_rate_bpm" and text(ds.output.values[0]) == "rest.flow_lad_mL_per_min"
            assert ds.rows.item() == 2 and ds.rows_used.values.tolist() == [2]
