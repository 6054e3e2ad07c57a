/// Pressure around the vessels inside the wall: cavity-induced extracellular pressure plus shortening-induced pressure.
///
///   P_im = CEP + SIP,   CEP = λ P_cavity + (1 − λ) P_peri,   SIP = 0.2 · max(P_LV) · e(t)
///   λ = 5/6 subendocardium, 1/2 midwall, 1/6 subepicardium;  P_peri = 0
///
/// SIP is the pressure inside shortening myocytes, so it is taken the same in both ventricles (assumption); CEP is each
/// ventricle's own. A bed that lies partly in the right-ventricular wall feels the mass-weighted mean of both cavities.
///
/// Source: CEP + SIP after Algranati, Kassab & Lanir 2010, doi:10.1152/ajpheart.00925.2009; SIP of 20 % of peak
/// pressure after Mynard & Smolich 2016. Assumption: pericardial pressure 0.
#pragma once
#include "model/math.hpp"

namespace coronet::intramyocardial {

template <class T> T pressure(const T& lambda, const T& cavity, const T& peak_left_ventricular, const T& activation) {
  return lambda * cavity + T(0.2) * peak_left_ventricular * activation;
}

}  // namespace coronet::intramyocardial
