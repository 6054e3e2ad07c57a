/// One patient with microvascular disease from anchor to indices, rest and adenosine: what tools/instructions counts.
#include <cstdio>

#include "scenarios/protocol.hpp"

int main() {
  coronet::PatientParameters patient;
  for (double& ratio : patient.microvessels.capillary_density_ratio) ratio = 0.7;
  const coronet::RunResult r = coronet::run_patient(patient, {"rest", "adenosine_iv"}, coronet::network::lad);
  if (r.status != coronet::Status::ok) {
    std::fprintf(stderr, "%s\n", r.failure.c_str());
    return 1;
  }
  std::printf("CFR %.3f\n", r.indices.cfr);
}
