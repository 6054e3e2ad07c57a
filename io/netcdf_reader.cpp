#include "io/netcdf_reader.hpp"

#include <algorithm>

#include "io/canonical.hpp"
#include "io/hdf5.hpp"

namespace coronet::io {
namespace {

constexpr std::size_t block_elements = 8192;  // a chunk of a sweep

std::string name_of(hid_t object) {
  const ssize_t length = hdf5::checked(H5Iget_name(object, nullptr, 0), "name");
  std::string name(static_cast<std::size_t>(length) + 1, '\0');
  H5Iget_name(object, name.data(), name.size());
  name.resize(static_cast<std::size_t>(length));
  return name.substr(name.rfind('/') + 1);
}

/// A text attribute of any string type; empty if there is none.
std::string attribute_of(hid_t object, const char* name) {
  if (H5Aexists(object, name) <= 0) return {};
  const hdf5::Handle attribute(H5Aopen(object, name, H5P_DEFAULT), H5Aclose, "attribute");
  const hdf5::Handle type(H5Aget_type(attribute), H5Tclose, "attribute type");
  const hdf5::Handle space(H5Aget_space(attribute), H5Sclose, "attribute space");
  if (H5Tget_class(type) != H5T_STRING || H5Sget_simple_extent_npoints(space) != 1) return {};
  if (H5Tis_variable_str(type) > 0) {
    char* text = nullptr;
    const hdf5::Handle strings = hdf5::utf8_strings();
    if (H5Aread(attribute, strings, &text) < 0) hdf5::checked(H5Aread(attribute, type, &text), "attribute");
    std::string out = text ? text : "";
    H5free_memory(text);
    return out;
  }
  std::string out(H5Tget_size(type) + 1, '\0');
  hdf5::checked(H5Aread(attribute, type, out.data()), "attribute");
  return out.c_str();
}

herr_t append_scale(hid_t, unsigned, hid_t scale, void* out) {
  static_cast<std::vector<std::string>*>(out)->push_back(name_of(scale));
  return 1;  // the first is enough
}

StoredVariable describe(hid_t dataset, const std::string& name) {
  StoredVariable v;
  v.name = name;
  const hdf5::Handle space(H5Dget_space(dataset), H5Sclose, "dataset space");
  const hdf5::Handle type(H5Dget_type(dataset), H5Tclose, "dataset type");
  const int rank = hdf5::checked(H5Sget_simple_extent_ndims(space), "rank");
  std::vector<hsize_t> sizes(static_cast<std::size_t>(rank));
  hdf5::checked(H5Sget_simple_extent_dims(space, sizes.data(), nullptr), "sizes");
  v.sizes.assign(sizes.begin(), sizes.end());
  v.is_text = H5Tget_class(type) == H5T_STRING;
  v.is_coordinate = H5DSis_scale(dataset) > 0;
  if (!v.is_text && H5Tget_class(type) != H5T_FLOAT && H5Tget_class(type) != H5T_INTEGER)
    throw hdf5::Hdf5Failure{"'" + name + "' is neither numbers nor text"};
  for (unsigned i = 0; !v.is_coordinate && i < v.sizes.size(); ++i) {
    std::vector<std::string> names;
    H5DSiterate_scales(dataset, i, nullptr, append_scale, &names);
    v.dims.push_back(names.empty() ? "" : names.front());
  }
  v.units = attribute_of(dataset, "units");
  return v;
}

herr_t append_name(hid_t, const char* name, const H5L_info_t*, void* out) {
  static_cast<std::vector<std::string>*>(out)->push_back(name);
  return 0;
}

}  // namespace

struct NetcdfReader::Inside {
  std::filesystem::path path;
  hdf5::SilentErrors silent;
  hid_t file = -1;
  std::vector<StoredVariable> variables;

  ~Inside() {
    if (file >= 0) H5Fclose(file);
  }

  hdf5::Handle open(const StoredVariable& v) const {
    return {H5Dopen2(file, v.name.c_str(), hdf5::uncached()), H5Dclose, "dataset"};
  }

  /// Memory and file space of some rows.
  std::pair<hdf5::Handle, hdf5::Handle> rows(hid_t dataset, const StoredVariable& v, std::size_t first,
                                             std::size_t count) const {
    hdf5::Handle in_file(H5Dget_space(dataset), H5Sclose, "dataset space");
    if (v.sizes.empty()) return {hdf5::Handle(H5Screate(H5S_SCALAR), H5Sclose, "space"), std::move(in_file)};
    std::vector<hsize_t> start(v.sizes.size(), 0), size(v.sizes.begin(), v.sizes.end());
    start[0] = first;
    size[0] = count;
    hdf5::checked(H5Sselect_hyperslab(in_file, H5S_SELECT_SET, start.data(), nullptr, size.data(), nullptr), "rows");
    return {hdf5::Handle(H5Screate_simple(static_cast<int>(size.size()), size.data(), nullptr), H5Sclose, "space"),
            std::move(in_file)};
  }
};

std::size_t StoredVariable::width() const {
  std::size_t n = 1;
  for (std::size_t i = 1; i < sizes.size(); ++i) n *= sizes[i];
  return n;
}

NetcdfReader::NetcdfReader(const std::filesystem::path& path) : inside_(std::make_unique<Inside>()) {
  Inside& in = *inside_;
  in.path = path;
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) throw FileError(path, "open", ENOENT);
  if (std::filesystem::is_directory(status)) throw FileError(path, "open", EISDIR);
  try {
    in.file = hdf5::checked(H5Fopen(path.c_str(), H5F_ACC_RDONLY, hdf5::frugal()), "not a netCDF-4 file");
    std::vector<std::string> names;
    hsize_t at = 0;
    if (H5Literate(in.file, H5_INDEX_CRT_ORDER, H5_ITER_INC, &at, append_name, &names) < 0) {
      names.clear();
      at = 0;
      hdf5::checked(H5Literate(in.file, H5_INDEX_NAME, H5_ITER_INC, &at, append_name, &names), "names");
    }
    for (const std::string& name : names) {
      const hdf5::Handle object(H5Oopen(in.file, name.c_str(), H5P_DEFAULT), H5Oclose, "object");
      if (H5Iget_type(object) == H5I_DATASET) in.variables.push_back(describe(object, name));
    }
  } catch (const hdf5::Hdf5Failure& failure) {
    throw FileError(path, "read", failure.reason);
  }
}

NetcdfReader::~NetcdfReader() = default;
NetcdfReader::NetcdfReader(NetcdfReader&&) noexcept = default;

const std::vector<StoredVariable>& NetcdfReader::variables() const { return inside_->variables; }

const StoredVariable* NetcdfReader::find(const std::string& name) const {
  for (const StoredVariable& v : inside_->variables)
    if (v.name == name) return &v;
  return nullptr;
}

std::string NetcdfReader::attribute(const std::string& name) const {
  try {
    const hdf5::Handle root(H5Gopen2(inside_->file, "/", H5P_DEFAULT), H5Gclose, "root group");
    return attribute_of(root, name.c_str());
  } catch (const hdf5::Hdf5Failure& failure) {
    throw FileError(inside_->path, "read", failure.reason);
  }
}

std::vector<double> NetcdfReader::numbers(const StoredVariable& v, std::size_t first, std::size_t count) const {
  std::vector<double> out(count * v.width());
  if (out.empty()) return out;
  try {
    const hdf5::Handle dataset = inside_->open(v);
    const auto spaces = inside_->rows(dataset, v, first, count);
    hdf5::checked(H5Dread(dataset, H5T_NATIVE_DOUBLE, spaces.first, spaces.second, H5P_DEFAULT, out.data()), "numbers");
  } catch (const hdf5::Hdf5Failure& failure) {
    throw FileError(inside_->path, "read '" + v.name + "' of", failure.reason);
  }
  return out;
}

std::vector<std::string> NetcdfReader::texts(const StoredVariable& v, std::size_t first, std::size_t count) const {
  std::vector<std::string> out;
  try {
    const hdf5::Handle dataset = inside_->open(v);
    const hdf5::Handle type(H5Dget_type(dataset), H5Tclose, "dataset type");
    if (H5Tis_variable_str(type) <= 0) throw hdf5::Hdf5Failure{"text of fixed length is not supported"};
    const auto spaces = inside_->rows(dataset, v, first, count);
    std::vector<char*> pointers(count * v.width(), nullptr);
    hdf5::checked(H5Dread(dataset, type, spaces.first, spaces.second, H5P_DEFAULT, pointers.data()), "strings");
    for (char* text : pointers) out.emplace_back(text ? text : "");
    H5Dvlen_reclaim(type, spaces.first, H5P_DEFAULT, pointers.data());
  } catch (const hdf5::Hdf5Failure& failure) {
    throw FileError(inside_->path, "read '" + v.name + "' of", failure.reason);
  }
  return out;
}

std::string stored_sha256(const NetcdfReader& file) {
  Canonical out;
  for (const StoredVariable& v : file.variables()) {
    if (v.is_coordinate) continue;
    out.string(v.name);
    out.integer(v.dims.size());
    for (std::size_t i = 0; i < v.dims.size(); ++i) {
      out.string(v.dims[i]);
      out.integer(v.sizes[i]);
    }
    out.digest.update(v.is_text ? "s" : "d");
    out.integer(v.rows() * v.width());
    const std::size_t step = std::max<std::size_t>(1, block_elements / std::max<std::size_t>(1, v.width()));
    for (std::size_t first = 0; first < v.rows(); first += step) {
      const std::size_t count = std::min(step, v.rows() - first);
      if (v.is_text)
        for (const std::string& text : file.texts(v, first, count)) out.string(text);
      else
        for (const double number : file.numbers(v, first, count)) out.number(number);
    }
  }
  return out.digest.hex();
}

}  // namespace coronet::io
