"""Reading a result file by hand: what the scripts beside this one share."""
import hashlib
import struct

import h5py
import numpy as np


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
