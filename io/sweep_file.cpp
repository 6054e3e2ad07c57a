#include "io/sweep_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <optional>

#include "coronet_version.hpp"
#include "io/dataset.hpp"
#include "io/hdf5.hpp"
#include "io/netcdf_reader.hpp"
#include "io/one_line.hpp"
#include "io/units_text.hpp"
#include "scenarios/parameter_table.hpp"
#include "solvers/sensitivity.hpp"

namespace coronet::io {
using namespace hdf5;
namespace {

constexpr std::size_t block_rows = 8192;

/// A column of the file while it grows.
struct Column {
  Handle dataset;
  std::size_t width;          // elements per sample
  std::vector<double> block;  // of the rows not written yet
};

/// The words of a flag variable, as CF wants them: one blank-free word each.
std::string flag_word(std::string text) {
  std::string out;
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter)
      out += c;
    else if (!out.empty() && out.back() != '_')
      out += '_';
  }
  while (!out.empty() && out.back() == '_') out.pop_back();
  return out;
}

class Writer {
 public:
  Writer(const StudyFile& file, const std::filesystem::path& path, std::size_t count)
      : file_(file),
        count_(count),
        hdf5_(create(path), H5Fclose, "file"),
        sample_(scale("sample", count, H5T_STD_I64LE)) {
    write_described(sample_, "1", "sample of the study");
  }

  void put_attributes() {
    const Handle root(H5Gopen2(hdf5_, "/", H5P_DEFAULT), H5Gclose, "root group");
    const study::Study& s = file_.study;
    const auto text = [&](const char* name, const std::string& value) { write_attribute(root, name, value); };
    text("Conventions", "CF-1.11");
    text("title", s.title);
    text("source", std::string("coronet ") + CORONET_VERSION);
    text("compiler", std::string(CORONET_COMPILER) + " " + CORONET_FLAGS);
    text("coronet_schema", "1");
    text("artery", network::territory_names[s.artery]);
    text("sampling_method", study::method_names[static_cast<int>(s.sampling.method)]);
    text("seed_text", std::to_string(s.sampling.seed));
    text("study_name", file_.name);
    text("study_toml", file_.text);
    text("study_resolved", file_.resolved);
    text("study_sha256", file_.hash);
    text("license", "Apache-2.0");
    text("comment", "Education and research; not for clinical decisions.");
  }

  void define() {
    const study::Study& s = file_.study;
    const bool phases = std::any_of(s.outputs.begin(), s.outputs.end(), [](const auto& o) { return !o.phase.empty(); });
    if (phases) phase_.emplace(labels("phase", s.phases, "phase of the protocol"));
    for (const study::Factor& f : s.factors) {
      const Parameter& p = find_parameter(f.key);
      std::vector<std::string> words = p.choices;
      if (p.is_switch) words = {"false", "true"};
      columns_.push_back(column("p_" + f.name, 1, !words.empty()));
      const Handle& d = columns_.back().dataset;
      if (words.empty()) {
        write_described(d, udunits(p.unit), p.meaning);
        number_attribute(d, "valid_min", p.minimum);
        number_attribute(d, "valid_max", p.maximum);
      } else {
        write_described(d, "1", p.meaning);
        flags(d, words);
      }
      write_attribute(d, "key", f.key);
      write_attribute(d, "distribution", distribution_text(f));
    }
    for (std::size_t i = 0; i < s.outputs.size();) {
      const study::Output& o = s.outputs[i];
      const std::size_t width = o.phase.empty() ? 1 : s.phases.size();
      columns_.push_back(column(o.name, width, !o.words.empty(), !o.phase.empty()));
      const Handle& d = columns_.back().dataset;
      write_described(d, udunits(o.unit), o.label);
      if (!o.words.empty()) flags(d, o.words);
      write_attribute(d, "ancillary_variables", "status");
      i += width;
    }
    columns_.push_back(column("status", 1, true));
    write_described(columns_.back().dataset, "1", "whether and why a sample has no results");
    flags(columns_.back().dataset, {std::begin(study::sample_status_names), std::end(study::sample_status_names)});
    reason_.emplace(reasons());
  }

  void add(const study::Sample& sample, const study::SampleResult& result) {
    std::size_t c = 0, o = 0;
    for (const double v : sample.values) columns_[c++].block.push_back(v);
    for (; c + 1 < columns_.size(); ++c)
      for (std::size_t k = 0; k < columns_[c].width; ++k) columns_[c].block.push_back(result.outputs[o++]);
    columns_[c].block.push_back(static_cast<double>(result.status));
    reason_block_.push_back(one_line(result.reason, 500));
    if (reason_block_.size() == block_rows) flush();
  }

  void flush() {
    const std::size_t n = reason_block_.size();
    if (n == 0) return;
    std::vector<double> numbers(n);
    for (std::size_t i = 0; i < n; ++i) numbers[i] = static_cast<double>(written_ + i);
    write_rows(sample_, 1, n, H5T_NATIVE_DOUBLE, numbers.data());
    for (Column& c : columns_) {
      if (is_integer(c.dataset))
        for (double& v : c.block) v = std::isnan(v) ? -1.0 : v;  // no NaN among integers
      write_rows(c.dataset, c.width, n, H5T_NATIVE_DOUBLE, c.block.data());
      c.block.clear();
    }
    std::vector<const char*> pointers;
    for (const std::string& text : reason_block_) pointers.push_back(text.c_str());
    write_rows(*reason_, 1, n, utf8_strings(), pointers.data());
    written_ += n;
    reason_block_.clear();
  }

  void put_sensitivity(const sensitivity::Result& r, bool refused) {
    const study::Study& s = file_.study;
    const bool morris = s.sampling.method == study::Method::morris;
    std::vector<std::string> parameters, outputs;
    for (const study::Factor& f : s.factors) parameters.push_back(f.name);
    for (const study::Output& o : s.outputs) outputs.push_back(o.phase.empty() ? o.name : o.phase + "." + o.name);
    const Handle parameter = labels("parameter", parameters, "varied parameter");
    const Handle output = labels("output", outputs, "index, or phase and reading");
    const Handle bound = labels("bound", {"low", "high"}, "ends of the 95 % bootstrap interval");
    const double missing = std::numeric_limits<double>::quiet_NaN();
    // An endotype is a name; the variance of its code means nothing
    const auto hidden = [&](std::size_t i) { return refused || !s.outputs[i % outputs.size()].words.empty(); };
    const auto table = [&](const std::string& name, const char* long_name, std::vector<double> values) {
      for (std::size_t i = 0; i < values.size(); ++i)
        if (hidden(i)) values[i] = missing;
      small(name, long_name, {&parameter, &output}, {parameters.size(), outputs.size()}, values);
    };
    const auto interval = [&](const std::string& name, const char* long_name, const sensitivity::Estimate& e) {
      std::vector<double> values;
      for (std::size_t i = 0; i < e.low.size(); ++i) {
        values.push_back(hidden(i) ? missing : e.low[i]);
        values.push_back(hidden(i) ? missing : e.high[i]);
      }
      small(name, long_name, {&parameter, &output, &bound}, {parameters.size(), outputs.size(), 2}, values);
    };
    if (morris) {
      table("morris_mu_star",
            "mean size of the elementary effects, per full range of probability, in the output's units", r.main.value);
      interval("morris_mu_star_ci", "95 % bootstrap interval of morris_mu_star", r.main);
      table("morris_mu", "mean of the elementary effects", r.other.value);
      table("morris_sigma", "standard deviation of the elementary effects", r.sigma);
    } else {
      table("sobol_first", "first-order Sobol index (Jansen)", r.main.value);
      interval("sobol_first_ci", "95 % bootstrap interval of sobol_first", r.main);
      table("sobol_total", "total Sobol index (Jansen)", r.other.value);
      interval("sobol_total_ci", "95 % bootstrap interval of sobol_total", r.other);
    }
    std::vector<double> used(r.rows.begin(), r.rows.end());
    small("rows_used", "rows or trajectories without a failed sample", {&output}, {outputs.size()}, used);
    small("rows", "rows or trajectories of the design", {}, {}, {static_cast<double>(r.all_rows)});
  }

  void finish() { checked(H5Fflush(hdf5_, H5F_SCOPE_GLOBAL), "flush"); }

  void put_hash(const std::string& hash) {
    const Handle root(H5Gopen2(hdf5_, "/", H5P_DEFAULT), H5Gclose, "root group");
    write_attribute(root, "results_sha256", hash);
    checked(H5Fflush(hdf5_, H5F_SCOPE_GLOBAL), "flush");
  }

 private:
  static hid_t create(const std::filesystem::path& path) {
    const Handle plan(H5Pcreate(H5P_FILE_CREATE), H5Pclose, "file properties");
    checked(H5Pset_link_creation_order(plan, in_written_order), "link order");
    checked(H5Pset_attr_creation_order(plan, in_written_order), "attribute order");
    checked(H5Pset_obj_track_times(plan, false), "time stamps");
    return H5Fcreate(path.c_str(), H5F_ACC_TRUNC, plan, frugal());
  }

  static bool is_integer(hid_t dataset) {
    const Handle type(H5Dget_type(dataset), H5Tclose, "dataset type");
    return H5Tget_class(type) == H5T_INTEGER;
  }

  Handle dataset(const std::string& name, const std::vector<hsize_t>& sizes, hid_t type, bool in_blocks) {
    const Handle plan(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, "dataset properties");
    checked(H5Pset_attr_creation_order(plan, in_written_order), "attribute order");
    checked(H5Pset_obj_track_times(plan, false), "time stamps");
    if (in_blocks) {
      std::vector<hsize_t> chunk = sizes;
      chunk[0] = std::min<hsize_t>(block_rows, sizes[0]);
      checked(H5Pset_chunk(plan, static_cast<int>(chunk.size()), chunk.data()), "chunks");
      if (H5Tget_class(type) != H5T_STRING) {
        checked(H5Pset_shuffle(plan), "shuffle filter");
        checked(H5Pset_deflate(plan, 1), "deflate filter");
      }
    }
    const Handle access = uncached();  // whole chunks are written once
    const double nan = std::numeric_limits<double>::quiet_NaN();
    if (H5Tget_class(type) == H5T_FLOAT) checked(H5Pset_fill_value(plan, H5T_NATIVE_DOUBLE, &nan), "fill value");
    const Handle space(
        sizes.empty() ? H5Screate(H5S_SCALAR) : H5Screate_simple(static_cast<int>(sizes.size()), sizes.data(), nullptr),
        H5Sclose, "dataset space");
    return {H5Dcreate2(hdf5_, name.c_str(), type, space, H5P_DEFAULT, plan, access), H5Dclose, "dataset"};
  }

  Handle scale(const std::string& name, std::size_t size, hid_t type) {
    Handle d = dataset(name, {size}, type, true);
    checked(H5DSset_scale(d, name.c_str()), "dimension scale");
    return d;
  }

  Handle labels(const std::string& name, const std::vector<std::string>& words, const char* long_name) {
    const Handle strings = utf8_strings();
    Handle d = dataset(name, {words.size()}, strings, false);
    checked(H5DSset_scale(d, name.c_str()), "dimension scale");
    std::vector<const char*> pointers;
    for (const std::string& word : words) pointers.push_back(word.c_str());
    checked(H5Dwrite(d, strings, H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers.data()), "labels");
    write_described(d, "", long_name);
    return d;
  }

  Column column(const std::string& name, std::size_t width, bool integer, bool has_phase = false) {
    std::vector<hsize_t> sizes = {count_};
    if (has_phase) sizes.push_back(width);
    Handle d = dataset(name, sizes, integer ? H5T_STD_I8LE : H5T_IEEE_F64LE, true);
    checked(H5DSattach_scale(d, sample_, 0), "dimension scale");
    if (has_phase) checked(H5DSattach_scale(d, *phase_, 1), "dimension scale");
    if (!integer) write_fill_value(d);
    return {std::move(d), width, {}};
  }

  Handle reasons() {
    const Handle strings = utf8_strings();
    Handle d = dataset("failure_reason", {count_}, strings, true);
    checked(H5DSattach_scale(d, sample_, 0), "dimension scale");
    write_described(d, "", "what failed; empty where status is ok");
    return d;
  }

  void small(const std::string& name, const char* long_name, const std::vector<const Handle*>& scales,
             const std::vector<hsize_t>& sizes, const std::vector<double>& values) {
    const Handle d = dataset(name, sizes, H5T_IEEE_F64LE, false);
    for (unsigned i = 0; i < scales.size(); ++i) checked(H5DSattach_scale(d, *scales[i], i), "dimension scale");
    write_fill_value(d);
    write_described(d, "1", long_name);
    checked(H5Dwrite(d, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), "numbers");
  }

  void write_rows(hid_t d, std::size_t width, std::size_t rows, hid_t type, const void* values) {
    const Handle space(H5Dget_space(d), H5Sclose, "dataset space");
    const int rank = checked(H5Sget_simple_extent_ndims(space), "rank");
    std::vector<hsize_t> start = {written_}, size = {rows};
    if (rank == 2) start.push_back(0), size.push_back(width);
    checked(H5Sselect_hyperslab(space, H5S_SELECT_SET, start.data(), nullptr, size.data(), nullptr), "rows");
    const Handle memory(H5Screate_simple(rank, size.data(), nullptr), H5Sclose, "space");
    checked(H5Dwrite(d, type, memory, space, H5P_DEFAULT, values), "rows");
  }

  static void number_attribute(hid_t object, const char* name, double value) {
    const hsize_t one = 1;
    const Handle space(H5Screate_simple(1, &one, nullptr), H5Sclose, "attribute space");
    const Handle a(H5Acreate2(object, name, H5T_IEEE_F64LE, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose, "attribute");
    checked(H5Awrite(a, H5T_NATIVE_DOUBLE, &value), "attribute");
  }

  static void flags(hid_t object, const std::vector<std::string>& words) {
    std::vector<signed char> values;
    std::string meanings;
    for (std::size_t i = 0; i < words.size(); ++i) {
      values.push_back(static_cast<signed char>(i));
      if (i) meanings += ' ';
      meanings += flag_word(words[i]);
    }
    const hsize_t n = values.size();
    const Handle space(H5Screate_simple(1, &n, nullptr), H5Sclose, "attribute space");
    const Handle a(H5Acreate2(object, "flag_values", H5T_STD_I8LE, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose,
                   "attribute");
    checked(H5Awrite(a, H5T_NATIVE_SCHAR, values.data()), "attribute");
    write_attribute(object, "flag_meanings", meanings);
  }

  std::string distribution_text(const study::Factor& f) const {
    if (file_.study.sampling.method == study::Method::table) return "table";
    if (!f.values.empty()) return fmt::format("{} values", f.values.size());
    const random::Distribution& d = f.distribution;
    std::string text = random::kind_names[static_cast<int>(d.kind)];
    using random::Kind;
    if (d.kind == Kind::normal) text += fmt::format(", mean {:g}, sd {:g}", d.a, d.b);
    if (d.kind == Kind::lognormal) text += fmt::format(", median {:g}, geometric sd {:g}", d.a, d.b);
    if (d.kind == Kind::triangular) text += fmt::format(", mode {:g}", d.a);
    if (d.kind == Kind::beta) text += fmt::format(", alpha {:g}, beta {:g}", d.a, d.b);
    if (std::isfinite(d.minimum)) text += fmt::format(", from {:g}", d.minimum);
    if (std::isfinite(d.maximum)) text += fmt::format(", to {:g}", d.maximum);
    return text;
  }

  const StudyFile& file_;
  std::size_t count_, written_ = 0;
  Handle hdf5_, sample_;
  std::optional<Handle> phase_, reason_;
  std::vector<Column> columns_;
  std::vector<std::string> reason_block_;
};

}  // namespace

SweepWritten write_sweep(const StudyFile& file, const std::filesystem::path& path, std::size_t count, std::size_t chunk,
                         const std::function<Chunk(std::size_t)>& chunk_at) {
  const study::Study& s = file.study;
  const SilentErrors silent;
  SweepWritten written;
  std::optional<sensitivity::Accumulator> accumulator;
  const bool morris = s.sampling.method == study::Method::morris;
  if (morris || s.sampling.method == study::Method::saltelli)
    accumulator.emplace(sampling::Design{.method = morris ? sampling::Method::morris : sampling::Method::saltelli,
                                         .count = s.sampling.count,
                                         .dimensions = s.factors.size(),
                                         .seed = s.sampling.seed,
                                         .levels = s.sampling.levels},
                        s.outputs.size(), s.sampling.bootstrap);
  compose_atomically(path, [&](const std::filesystem::path& temporary) {
    try {
      Writer writer(file, temporary, count);
      writer.put_attributes();
      writer.define();
      for (std::size_t k = 0; k * chunk < count; ++k) {
        const Chunk c = chunk_at(k);
        for (std::size_t i = 0; i < c.samples.size(); ++i) {
          writer.add(c.samples[i], c.results[i]);
          if (accumulator) accumulator->add(c.results[i].outputs);
        }
      }
      writer.flush();
      if (accumulator) {
        const sensitivity::Result r = accumulator->result();
        std::size_t least = r.all_rows;
        for (const std::size_t n : r.rows) least = std::min(least, n);
        const double failed = 100.0 * static_cast<double>(r.all_rows - least) / static_cast<double>(r.all_rows);
        const bool refused = failed > s.sampling.max_failed_percent;
        if (refused)
          written.refusals.push_back(fmt::format(
              "sensitivity indices are not given: {} of {} {} hold a failed sample ({:.1f} %, "
              "sampling.max_failed_percent allows {:g} %)",
              r.all_rows - least, r.all_rows, morris ? "trajectories" : "rows", failed, s.sampling.max_failed_percent));
        writer.put_sensitivity(r, refused);
      }
      writer.finish();
      written.results_sha256 = stored_sha256(NetcdfReader(temporary));
      writer.put_hash(written.results_sha256);
    } catch (const Hdf5Failure& failure) {
      throw FileError(path, "write", plain_reason(failure.reason));
    }
  });
  return written;
}

SweepStamp stamp_of(const std::filesystem::path& path) {
  const NetcdfReader file(path);
  SweepStamp stamp{.study = file.attribute("study_resolved"),
                   .results_sha256 = file.attribute("results_sha256"),
                   .program = file.attribute("source")};
  if (stamp.study.empty()) throw FileError(path, "read", "it is not the result of a sweep");
  return stamp;
}

}  // namespace coronet::io
