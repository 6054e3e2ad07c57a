/// Units of the parameter and index tables as UDUNITS and pint write them.
#pragma once
#include <string>

namespace coronet::io {

inline std::string udunits(const std::string& unit) {
  return unit == "mmHg s"         ? "mmHg.s"
         : unit == "mmHg s/cm"    ? "mmHg.s/cm"
         : unit == "WU"           ? "mmHg.min/L"
         : unit == "mL/100 g"     ? "mL/hg"
         : unit == "mL/min/100 g" ? "mL/min/hg"
         : unit == "mPa s"        ? "mPa.s"
         : unit == "kg/m3"        ? "kg/m^3"
         : unit.empty()           ? "1"
                                  : unit;
}

}  // namespace coronet::io
