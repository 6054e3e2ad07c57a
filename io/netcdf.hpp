/// Result files: HDF5 laid out so that it is netCDF-4, which xarray, netCDF4-python, h5netcdf, R, MATLAB and Julia open
/// with named dimensions, coordinates and units.
///
///   - every dimension is a dimension scale of its own name that holds its coordinate, attached to its variables;
///   - creation order is tracked, so that variables and attributes are listed in the order of the data set;
///   - all text is variable-length UTF-8 (fixed-length strings make the netCDF library fail);
///   - numbers are float64; `_FillValue` is NaN on variables, absent on coordinates;
///   - variables of 64 KiB or more are chunked, shuffled and deflated;
///   - no time stamps: the same data set gives the same bytes.
///
/// The root attribute `results_sha256` is the SHA-256 of this serialisation of the variables, in their order, with
/// every integer an unsigned 64-bit little-endian number and every string its length in bytes followed by its bytes:
///
///   name · number of dims · (dim name · dim size) per dim · 'd' or 's' · number of elements · elements
///
/// An element is an IEEE binary64, little-endian, with every NaN as 0x7ff8000000000000 (after 'd'), or a string
/// (after 's').
#pragma once

#include <filesystem>
#include <string>

#include "io/atomic_file.hpp"
#include "io/dataset.hpp"

namespace coronet::io {

/// The fingerprint of the variables described above, 64 hexadecimal digits. Throws DatasetError.
std::string results_sha256(const Dataset& dataset);

/// Writes `dataset` to `path`, atomically. The file is composed in memory, so that a full disk meets a plain write that
/// reports it. Throws DatasetError if the data set contradicts itself and FileError if it cannot be written.
void write_netcdf(const std::filesystem::path& path, const Dataset& dataset);

}  // namespace coronet::io
