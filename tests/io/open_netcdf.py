"""A result file opens in xarray (both engines) and h5py with every variable, name, unit and label in place, and its
fingerprint can be computed again from what was read."""
import os
import subprocess
import sys
import tempfile

import h5py
import numpy as np
import xarray as xr

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from helper_netcdf import fingerprint, is_scale, text

LABELLED = ("phase", "territory", "layer", "compartment")


def check_xarray(path, engine, expected):
    with xr.open_dataset(path, engine=engine) as ds:
        assert set(ds.variables) == expected, f"{engine}: {set(ds.variables) ^ expected} differ"
        assert not [d for d in ds.dims if d.startswith("phony")], f"{engine}: unnamed dimensions"
        for name in LABELLED:
            labels = [text(v) for v in ds[name].values]
            assert labels and all(labels), f"{engine}: {name} has no labels"
            ds.isel({name: 0}), ds.sel({name: labels[-1]})
        for name, variable in ds.variables.items():
            if variable.dtype.kind != "f":
                assert variable.dtype.kind in "OU", f"{engine}: {name} has type {variable.dtype}"
                continue
            units = variable.attrs.get("units")
            assert isinstance(units, str) and units, f"{engine}: {name} has no units"
            assert np.isfinite(variable.values).any(), f"{engine}: {name} holds no finite value"
            assert not np.isinf(variable.values).any(), f"{engine}: {name} is infinite somewhere"
        assert len(ds.attrs["results_sha256"]) == 64
        for value in ds.attrs.values():
            assert isinstance(value, str)


with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "healthy.nc")
    subprocess.run([os.environ["CORONET"], "run", "healthy", "-o", path], check=True, stdout=subprocess.DEVNULL)
    assert os.listdir(folder) == ["healthy.nc"], "something was left beside the result"
    with h5py.File(path) as file:
        expected = set(file)
        for name, variable in file.items():
            assert is_scale(variable) or all(dim.keys() for dim in variable.dims), f"{name}: a dimension without scale"
            assert not variable.dtype.kind == "S", f"{name}: fixed-length strings"
        assert "pressure" in expected and set(LABELLED) <= expected, expected
        assert np.isfinite(file["pressure"][()]).all(), "pressure is not finite everywhere"
        assert text(file["pressure"].attrs["units"]) == "mmHg"
        assert fingerprint(file) == text(file.attrs["results_sha256"]), "the fingerprint does not fit the data"
    for engine in ("netcdf4", "h5netcdf"):
        check_xarray(path, engine, expected)
print(f"{len(expected)} variables, alike in three readers", file=sys.stderr)
