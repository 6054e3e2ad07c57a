# Writes HEADER with the version, e.g. "0.1.0+g1a2b3c4d5e.dirty"; without git just "0.1.0". Called by io/CMakeLists.txt.
# Only the folders that make up the program decide whether it is dirty: an edited page of the docs changes no number.
find_program(GIT git)
if(GIT AND EXISTS ${SOURCE}/.git)
  set(git ${GIT} --no-optional-locks -C ${SOURCE})  # no lock: must not disturb a commit going on beside the build
  execute_process(COMMAND ${git} rev-parse --short=10 HEAD
                  OUTPUT_VARIABLE commit ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed)
  execute_process(COMMAND ${git} status --porcelain -- model solvers scenarios io apps CMakeLists.txt
                  OUTPUT_VARIABLE edits ERROR_QUIET)
  if(NOT failed)
    string(APPEND VERSION "+g${commit}")
    if(edits)
      string(APPEND VERSION ".dirty")
    endif()
  endif()
endif()
file(CONFIGURE OUTPUT ${HEADER} @ONLY CONTENT [[
#pragma once
#define CORONET_VERSION "@VERSION@"
#define CORONET_COMPILER "@COMPILER@"
#define CORONET_FLAGS "@FLAGS@"
]])
