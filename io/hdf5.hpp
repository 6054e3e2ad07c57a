/// HDF5's C interface with exceptions and owners, and the pieces of a netCDF-4 layout. Include it in .cpp only.
#pragma once
#include <fmt/format.h>
#include <hdf5.h>
#include <hdf5_hl.h>

#include <limits>
#include <string>
#include <utility>

namespace coronet::io::hdf5 {

/// Failed call to HDF5, before the file's name is known.
struct Hdf5Failure {
  std::string reason;
};

/// The innermost entry of HDF5's own error stack.
inline std::string innermost_error() {
  std::string reason = "HDF5 gives no reason";
  H5Ewalk2(
      H5E_DEFAULT, H5E_WALK_UPWARD,
      [](unsigned depth, const H5E_error2_t* entry, void* out) -> herr_t {
        if (depth == 0 && entry->desc != nullptr) *static_cast<std::string*>(out) = entry->desc;
        return 0;
      },
      &reason);
  return reason;
}

/// What the system said about a failed write, without the addresses that HDF5 tells with it.
inline std::string plain_reason(const std::string& reason) {
  const std::size_t at = reason.find("error message = '");
  if (at == std::string::npos) return reason;
  const std::size_t from = at + sizeof "error message = '" - 1;
  return reason.substr(from, reason.find('\'', from) - from);
}

/// Passes a result of HDF5 on, unless it is negative, which means failure.
template <class Result> Result checked(Result result, const char* what) {
  if (result < 0) throw Hdf5Failure{fmt::format("{}: {}", what, innermost_error())};
  return result;
}

/// Owns an HDF5 identifier.
class Handle {
 public:
  Handle(hid_t id, herr_t (*close)(hid_t), const char* what) : id_(checked(id, what)), close_(close) {}
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
  Handle& operator=(Handle&&) = delete;
  ~Handle() {
    if (id_ >= 0) close_(id_);
  }
  operator hid_t() const { return id_; }

 private:
  hid_t id_;
  herr_t (*close_)(hid_t);
};

/// Errors become exceptions here; HDF5 shall not print them as well. Nor shall it tidy up when the program ends: after a
/// write that failed (a full disk), HDF5 1.10 crashes there. Every file is closed by its owner.
class SilentErrors {
 public:
  SilentErrors() {
    H5dont_atexit();
    H5Eget_auto2(H5E_DEFAULT, &print_, &data_);
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  }
  SilentErrors(const SilentErrors&) = delete;
  SilentErrors& operator=(const SilentErrors&) = delete;
  ~SilentErrors() { H5Eset_auto2(H5E_DEFAULT, print_, data_); }

 private:
  H5E_auto2_t print_ = nullptr;
  void* data_ = nullptr;
};

inline constexpr unsigned in_written_order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;

/// Access to a file whose metadata (among them the heaps of all texts) take a quarter of a MiB at most. By default HDF5
/// keeps up to 32 MiB of them, and free blocks besides, so that memory would grow with the number of samples.
inline Handle frugal() {
  checked(H5set_free_list_limits(65536, 16384, 65536, 16384, 65536, 16384), "free lists");
  Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "access properties");
  H5AC_cache_config_t cache{};
  cache.version = H5AC__CURR_CACHE_CONFIG_VERSION;
  checked(H5Pget_mdc_config(access, &cache), "metadata cache");
  cache.set_initial_size = true;
  cache.initial_size = cache.min_size = cache.max_size = std::size_t{1} << 18;
  cache.incr_mode = H5C_incr__off;
  cache.flash_incr_mode = H5C_flash_incr__off;
  cache.decr_mode = H5C_decr__off;
  checked(H5Pset_mdc_config(access, &cache), "metadata cache");
  return access;
}

/// Access to a data set without a cache of chunks, which would take a MiB for each: for who goes through it once.
inline Handle uncached() {
  Handle access(H5Pcreate(H5P_DATASET_ACCESS), H5Pclose, "access properties");
  checked(H5Pset_chunk_cache(access, 0, 0, H5D_CHUNK_CACHE_W0_DEFAULT), "chunk cache");
  return access;
}

inline Handle utf8_strings(std::size_t size = H5T_VARIABLE) {
  Handle type(H5Tcopy(H5T_C_S1), H5Tclose, "string type");
  checked(H5Tset_size(type, size), "string type");
  checked(H5Tset_cset(type, H5T_CSET_UTF8), "string type");
  return type;
}

/// Text of a fixed length, as netCDF's own library writes it: Octave reads no other. Above 64 KiB HDF5 takes only text of
/// variable length.
inline void write_attribute(hid_t object, const std::string& name, const std::string& value) {
  const bool fixed = !value.empty() && value.size() < 60'000;
  const Handle type = utf8_strings(fixed ? value.size() : H5T_VARIABLE);
  checked(H5Tset_strpad(type, fixed ? H5T_STR_NULLPAD : H5T_STR_NULLTERM), "string type");
  const Handle space(H5Screate(H5S_SCALAR), H5Sclose, "attribute space");
  const Handle attribute(H5Acreate2(object, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose,
                         "attribute");
  const char* text = value.c_str();
  checked(fixed ? H5Awrite(attribute, type, text) : H5Awrite(attribute, type, &text), "attribute");
}

inline void write_described(hid_t object, const std::string& units, const std::string& long_name) {
  if (!units.empty()) write_attribute(object, "units", units);
  if (!long_name.empty()) write_attribute(object, "long_name", long_name);
}

inline void write_fill_value(hid_t dataset) {
  const hsize_t one = 1;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Handle space(H5Screate_simple(1, &one, nullptr), H5Sclose, "fill value");
  const Handle attribute(H5Acreate2(dataset, "_FillValue", H5T_IEEE_F64LE, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose,
                         "fill value");
  checked(H5Awrite(attribute, H5T_NATIVE_DOUBLE, &nan), "fill value");
}

}  // namespace coronet::io::hdf5
