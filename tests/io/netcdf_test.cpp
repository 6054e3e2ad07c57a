#include "io/netcdf.hpp"

#include <bit>
#include <cerrno>
#include <cmath>
#include <cstdint>
#include <cstring>

#include <hdf5.h>
#include <hdf5_hl.h>
#include <catch2/catch.hpp>

#include "tests/io/full_disk.hpp"
#include "tests/io/scratch_folder.hpp"

using namespace coronet::io;
using Catch::Contains;

namespace {

Dataset sample() {
  Dataset dataset{.attributes = {{"title", "sample"}, {"comment", ""}}};
  dataset.dimensions = {labelled("territory", {"LAD", "LCx", "RCA"}, "Perfused territory"), numbered("sample", 20'000)};
  std::vector<double> flow(3 * 20'000);
  for (std::size_t i = 0; i < flow.size(); ++i) flow[i] = std::sin(0.37 * static_cast<double>(i));
  flow[7] = std::nan("");
  dataset.variables = {{.name = "flow", .units = "mL/min", .dims = {"territory", "sample"}, .data = flow},
                       {.name = "status", .dims = {"territory"}, .text = {"ok", "", "é"}},
                       {.name = "cfr", .units = "1", .data = {3.1}}};
  return dataset;
}

}  // namespace

TEST_CASE("the same data set gives the same bytes") {
  const ScratchFolder folder;
  write_netcdf(folder.path / "a.nc", sample());
  write_netcdf(folder.path / "b.nc", sample());
  const std::string bytes = content_of(folder.path / "a.nc");
  CHECK(bytes.starts_with("\x89HDF\r\n"));
  CHECK(bytes == content_of(folder.path / "b.nc"));
  CHECK(folder.count() == 2);
}

TEST_CASE("a written file can be read back, with dimension scales on every dimension") {
  const ScratchFolder folder;
  const Dataset dataset = sample();
  write_netcdf(folder.path / "a.nc", dataset);
  const hid_t file = H5Fopen((folder.path / "a.nc").c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  REQUIRE(file >= 0);
  const hid_t flow = H5Dopen2(file, "flow", H5P_DEFAULT);
  for (unsigned i = 0; i < 2; ++i) {
    const hid_t scale = H5Dopen2(file, dataset.dimensions[i].name.c_str(), H5P_DEFAULT);
    CHECK(H5DSis_scale(scale) > 0);
    CHECK(H5DSis_attached(flow, scale, i) > 0);
    H5Dclose(scale);
  }
  std::vector<double> read(dataset.variables[0].data.size());
  REQUIRE(H5Dread(flow, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, read.data()) >= 0);
  CHECK(std::memcmp(read.data(), dataset.variables[0].data.data(), read.size() * sizeof(double)) == 0);
  H5Dclose(flow);
  H5Fclose(file);
}

TEST_CASE("the fingerprint follows the results and nothing else") {
  const Dataset before = sample();
  const std::string hash = results_sha256(before);
  CHECK(hash.size() == 64);

  Dataset other = before;
  other.attributes.push_back({"created", "now"});
  other.variables[0].long_name = "Flow";
  other.variables[0].data[7] = std::bit_cast<double>(std::uint64_t{0xfff8000000000001});  // NaN of another machine
  CHECK(results_sha256(other) == hash);

  other = before, other.variables[0].data[0] = 1e-300;
  CHECK(results_sha256(other) != hash);
  other = before, other.variables[2].name = "ffr";
  CHECK(results_sha256(other) != hash);
  other = before, other.variables[1].text = {"o", "k", "é"};
  CHECK(results_sha256(other) != hash);
  other = before, std::swap(other.variables[1], other.variables[2]);
  CHECK(results_sha256(other) != hash);
}

TEST_CASE("the fingerprint of a small data set is the documented one") {
  Dataset dataset;
  dataset.dimensions = {labelled("k", {"a", "b"})};
  dataset.variables = {{.name = "q", .units = "1", .dims = {"k"}, .data = {1.0, -2.0}}, {.name = "s", .text = {"é"}}};
  // hashlib.sha256(P(1)+b"q"+P(1)+P(1)+b"k"+P(2)+b"d"+P(2)+pack("<dd",1,-2) +
  // P(1)+b"s"+P(0)+b"s"+P(1)+P(2)+"é".encode()) with P = lambda n: pack("<Q", n)
  CHECK(results_sha256(dataset) == "f6adf20b7fe038150aaaa92fa94b29ecfda670f622c2cc082099b1f24b23d7f1");
}

TEST_CASE("a file that cannot be written leaves nothing behind") {
  const ScratchFolder folder;
  Dataset wrong = sample();
  wrong.variables[0].data.pop_back();
  CHECK_THROWS_AS(write_netcdf(folder.path / "a.nc", wrong), DatasetError);
  CHECK_THROWS_WITH(write_netcdf(folder.path / "missing" / "a.nc", sample()), Contains("No such file or directory"));
  CHECK_THROWS_WITH(write_netcdf("/dev/full", sample()), Contains("No space left on device"));
  CHECK(folder.count() == 0);
}

TEST_CASE("a full disk is reported and left without a partial result file") {
  const ScratchFolder folder;
  const FullDisk outcome = on_full_disk(folder.path, [&] {
    try {
      write_netcdf(folder.path / "a.nc", sample());
    } catch (const FileError& error) {
      return error.reason == std::strerror(ENOSPC) && folder.count() == 0;
    }
    return false;
  });
  if (outcome == FullDisk::not_permitted) WARN("skipped: this machine does not let a test mount a small tmpfs");
  CHECK(outcome != FullDisk::not_as_expected);
}
