/// Prints the hash of every case and one over all: what tools/same-bits compares. bits [THREADS]; CORONET_LANES is heeded.
/// Needs nothing but the model, so that it also compiles to WebAssembly. bits --lanes: only what computes; fails if
/// CORONET_LANES names what is not here.
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "tests/bits/cases.hpp"

int main(int argc, char** argv) {
  using namespace coronet;
  if (argc > 1 && std::strcmp(argv[1], "--lanes") == 0) {
    std::puts(lanes::chosen().name);
    return 0;
  }
  const int threads = argc > 1 ? std::atoi(argv[1]) : 1;
  const std::string patients = bits::patients(threads), trial = bits::trial(threads), sweep = bits::sweep(threads);
  Hash all;
  bits::add_words(all, patients + trial + sweep);
  std::printf("%s patients %s trial %s sweep %s\n", all.text().c_str(), patients.c_str(), trial.c_str(), sweep.c_str());
}
