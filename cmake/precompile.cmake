# Boost.Outcome and the standard library cost a compiler some four seconds in every file, GoogleTest two more. With
# ROAMSYNC_PRECOMPILE they are parsed once a target; the headers named here are others' only, so that a change of ours makes
# no more to compile than it touches. The preset `fuzz` goes without, and so shows that every file includes what it needs.

set(roamsync_headers_of_others
  <algorithm> <array> <atomic> <chrono> <condition_variable> <cstdint> <cstring> <functional> <iosfwd> <map> <memory> <mutex>
  <optional> <ostream> <set> <span> <sstream> <stop_token> <string> <string_view> <system_error> <thread> <utility> <variant>
  <vector> <boost/filesystem/path.hpp> <boost/outcome/std_result.hpp> <boost/outcome/try.hpp>)

# roamsync_precompile(<target> [<header> …]): and these, for this target.
function(roamsync_precompile target)
  if(ROAMSYNC_PRECOMPILE)
    target_precompile_headers(${target} PRIVATE ${roamsync_headers_of_others} ${ARGN})
  endif()
endfunction()

# One parse for all test programs: that of the first.
function(roamsync_precompile_tests target)
  if(NOT ROAMSYNC_PRECOMPILE)
    return()
  endif()
  get_property(first GLOBAL PROPERTY roamsync_first_test)
  if(first)
    target_precompile_headers(${target} REUSE_FROM ${first})
  else()
    roamsync_precompile(${target} <gmock/gmock.h> <gtest/gtest.h>)
    set_property(GLOBAL PROPERTY roamsync_first_test ${target})
  endif()
endfunction()
