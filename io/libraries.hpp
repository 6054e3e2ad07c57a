/// Versions of what the program is made of, for `coronet doctor`.
#pragma once
#include <string>
#include <utility>
#include <vector>

namespace coronet::io {

/// Name and version of each library; of HDF5 the one at run time.
std::vector<std::pair<std::string, std::string>> library_versions();

/// Compiler and flags of the build.
std::string compiler_text();

/// SHA-256 over the bits of everything that `coronet run healthy` says: of indices and phases.
std::string self_test_hash();

/// The hash that belongs to this version of the model, from scenarios/self_test.sha256; empty if the file is missing.
std::string stored_self_test_hash();

}  // namespace coronet::io
