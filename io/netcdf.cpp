#include "io/netcdf.hpp"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "io/canonical.hpp"
#include "io/hdf5.hpp"

namespace coronet::io {
using namespace hdf5;
namespace {

// --- layout ----------------------------------------------------------------------------------------------------------

constexpr std::size_t compress_from = 64 * 1024;    // bytes of a variable
constexpr std::size_t largest_chunk = 1024 * 1024;  // bytes: fits the chunk cache of every reader

/// The trailing part of `sizes` that stays below the largest chunk: a run of neighbours in memory.
std::vector<hsize_t> chunk_of(std::vector<hsize_t> sizes) {
  std::size_t bytes = sizeof(double);
  for (std::size_t i = sizes.size(); i-- > 0;) {
    sizes[i] = std::clamp<hsize_t>(largest_chunk / bytes, 1, sizes[i]);
    bytes *= sizes[i];
  }
  return sizes;
}

/// Creates `name` under `file` and fills it with `numbers` or, if there are none, with `text`.
Handle write_array(hid_t file, const std::string& name, const std::vector<hsize_t>& sizes,
                   const std::vector<double>& numbers, const std::vector<std::string>& text) {
  const bool numeric = text.empty();
  const Handle plan(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, "dataset properties");
  checked(H5Pset_attr_creation_order(plan, in_written_order), "attribute order");
  checked(H5Pset_obj_track_times(plan, false), "time stamps");
  if (numeric && numbers.size() * sizeof(double) >= compress_from) {
    const std::vector<hsize_t> chunk = chunk_of(sizes);
    checked(H5Pset_chunk(plan, static_cast<int>(chunk.size()), chunk.data()), "chunks");
    checked(H5Pset_shuffle(plan), "shuffle filter");
    checked(H5Pset_deflate(plan, 4), "deflate filter");
  }
  if (numeric) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    checked(H5Pset_fill_value(plan, H5T_NATIVE_DOUBLE, &nan), "fill value");
  }

  const Handle space(
      sizes.empty() ? H5Screate(H5S_SCALAR) : H5Screate_simple(static_cast<int>(sizes.size()), sizes.data(), nullptr),
      H5Sclose, "dataset space");
  const Handle strings = utf8_strings();
  const hid_t stored = numeric ? H5T_IEEE_F64LE : static_cast<hid_t>(strings);
  Handle dataset(H5Dcreate2(file, name.c_str(), stored, space, H5P_DEFAULT, plan, H5P_DEFAULT), H5Dclose, "dataset");
  if (numeric) {
    checked(H5Dwrite(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, numbers.data()), "numbers");
  } else {
    std::vector<const char*> pointers;
    for (const std::string& element : text) pointers.push_back(element.c_str());
    checked(H5Dwrite(dataset, strings, H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers.data()), "strings");
  }
  return dataset;
}

/// A file that lives in memory only: HDF5's "core" driver without backing store.
Handle create_in_memory() {
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "file properties");
  checked(H5Pset_fapl_core(access, 4 * 1024 * 1024, false), "memory driver");
  const Handle plan(H5Pcreate(H5P_FILE_CREATE), H5Pclose, "file properties");
  checked(H5Pset_link_creation_order(plan, in_written_order), "link order");
  checked(H5Pset_attr_creation_order(plan, in_written_order), "attribute order");
  checked(H5Pset_obj_track_times(plan, false), "time stamps");
  return Handle(H5Fcreate("coronet-in-memory", H5F_ACC_TRUNC, plan, access), H5Fclose, "file");
}

void write_contents(hid_t file, const Dataset& dataset) {
  const Handle root(H5Gopen2(file, "/", H5P_DEFAULT), H5Gclose, "root group");
  for (const auto& [name, value] : dataset.attributes) write_attribute(root, name, value);
  write_attribute(root, "results_sha256", results_sha256(dataset));

  std::vector<Handle> scales;
  for (const Dimension& d : dataset.dimensions) {
    scales.push_back(write_array(file, d.name, {d.size}, d.values, d.labels));
    checked(H5DSset_scale(scales.back(), d.name.c_str()), "dimension scale");
    write_described(scales.back(), d.units, d.long_name);
  }
  for (const Variable& v : dataset.variables) {
    const std::vector<std::size_t> sizes = shape(dataset, v);
    const Handle array = write_array(file, v.name, {sizes.begin(), sizes.end()}, v.data, v.text);
    for (unsigned i = 0; i < v.dims.size(); ++i)
      for (std::size_t k = 0; k < scales.size(); ++k)
        if (dataset.dimensions[k].name == v.dims[i]) checked(H5DSattach_scale(array, scales[k], i), "dimension scale");
    if (v.text.empty()) write_fill_value(array);
    write_described(array, v.units, v.long_name);
    for (const auto& [name, value] : v.attributes) write_attribute(array, name, value);
  }
}

/// The bytes of the finished file.
std::string compose(const Dataset& dataset) {
  const Handle file = create_in_memory();
  write_contents(file, dataset);
  checked(H5Fflush(file, H5F_SCOPE_GLOBAL), "flush");
  const ssize_t size = checked(H5Fget_file_image(file, nullptr, 0), "file image");
  std::string bytes(static_cast<std::size_t>(size), '\0');
  checked(H5Fget_file_image(file, bytes.data(), bytes.size()), "file image");
  return bytes;
}

}  // namespace

std::string results_sha256(const Dataset& dataset) {
  validate(dataset);
  Canonical out;
  for (const Variable& v : dataset.variables) {
    out.string(v.name);
    out.integer(v.dims.size());
    for (const std::string& name : v.dims) {
      out.string(name);
      out.integer(dimension(dataset, name).size);
    }
    out.digest.update(v.text.empty() ? "d" : "s");
    out.integer(v.data.size() + v.text.size());
    for (const double element : v.data) out.number(element);
    for (const std::string& element : v.text) out.string(element);
  }
  return out.digest.hex();
}

void write_netcdf(const std::filesystem::path& path, const Dataset& dataset) {
  validate(dataset);
  const SilentErrors silent;
  std::string bytes;
  try {
    bytes = compose(dataset);
  } catch (const Hdf5Failure& failure) {
    throw FileError(path, "compose", failure.reason);
  }
  write_text_atomically(path, bytes);
}

}  // namespace coronet::io
