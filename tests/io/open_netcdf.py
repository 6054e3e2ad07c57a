"""A result file opens in xarray (both engines) and h5py with every variable, name, unit and label in place, and its
fingerprint can be computed again from what was read."""
import hashlib
import os
import struct
import subprocess
import sys
import tempfile

import h5py
import numpy as np
import xarray as xr

LABELLED = ("phase", "territory", "layer", "compartment")


def text(value):
    return value.decode("utf-8") if isinstance(value, bytes) else str(value)


def is_scale(dataset):
    return dataset.attrs.get("CLASS", b"") == b"DIMENSION_SCALE"


def in_written_order(file):
    root, names = file["/"], []
    root.id.links.iterate(lambda name: names.append(text(name)), idx_type=h5py.h5.INDEX_CRT_ORDER)
    return names


def fingerprint(file):
    """SHA-256 as io/netcdf.hpp describes it."""
    count = lambda n: struct.pack("<Q", n)
    string = lambda s: count(len(s.encode())) + s.encode()
    digest = hashlib.sha256()
    for name in in_written_order(file):
        variable = file[name]
        if is_scale(variable):
            continue
        digest.update(string(name) + count(variable.ndim))
        for dim, size in zip(variable.dims, variable.shape):
            digest.update(string(dim[0].name.lstrip("/")) + count(size))
        values = np.atleast_1d(variable[()]).ravel()
        if h5py.check_string_dtype(variable.dtype):
            digest.update(b"s" + count(values.size) + b"".join(string(text(v)) for v in values))
        else:
            bits = values.astype("<f8").view("<u8")
            bits[np.isnan(values)] = 0x7FF8000000000000
            digest.update(b"d" + count(values.size) + bits.tobytes())
    return digest.hexdigest()


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


COURSES = {"perfusion_pressure": "mmHg", "exercise_ramp_time": "s", "pressure_step_time": "s", "pacing_step_time": "s",
           "occlusion_time": "s"}


def check_courses(path, engine):
    """Each course along a dimension of its own, whose coordinate has the unit of the axis."""
    with xr.open_dataset(path, engine=engine) as ds:
        for dim, units in COURSES.items():
            assert ds[dim].dims == (dim,) and ds[dim].attrs["units"] == units, dim
            assert (np.diff(ds[dim].values) > 0).all(), f"{dim} does not rise"
            prefix = "autoregulation" if dim == "perfusion_pressure" else dim[: -len("_time")]
            assert ds[prefix + "_perfusion"].dims == (dim, "territory", "layer"), ds[prefix + "_perfusion"].dims
        flow = ds.autoregulation_perfusion.sel(territory="LAD", layer="subendocardium")
        assert float(flow.sel(perfusion_pressure=100.0)) > 2 * float(flow.sel(perfusion_pressure=20.0)) > 0
        closed = ds.occlusion_perfusion.sel(territory="LAD", occlusion_time=slice(14, 24))
        assert abs(closed).max() < 0.05, "the closed artery flows"


def check(folder, patient, *protocol):
    path = os.path.join(folder, "result.nc")
    subprocess.run([os.environ["CORONET"], "run", patient, "-o", path, *protocol], check=True, stdout=subprocess.DEVNULL)
    assert os.listdir(folder) == ["result.nc"], "something was left beside the result"
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
        if protocol:
            check_courses(path, engine)
    print(f"{len(expected)} variables, alike in three readers", file=sys.stderr)


with tempfile.TemporaryDirectory() as folder:
    check(folder, "healthy")
    # cmd_structural becomes ischaemic in exercise, so that no variable is missing
    check(folder, "cmd_structural", "--protocol", "autoregulation,exercise_ramp,pressure_step,pacing_step,occlusion")
