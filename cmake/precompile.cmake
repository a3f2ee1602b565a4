# With ROAMSYNC_PRECOMPILE what many sources include is parsed once. The preset `release` goes without, and shows whether
# every source includes what it needs.

# GoogleTest, Boost.Outcome and our public headers cost the compiler some seven seconds in every test. They are parsed for
# the first test program, and all others use that.
function(roamsync_precompile_tests target)
  if(NOT ROAMSYNC_PRECOMPILE)
    return()
  endif()
  get_property(first GLOBAL PROPERTY roamsync_first_test)
  if(first)
    target_precompile_headers(${target} REUSE_FROM ${first})
    return()
  endif()
  set_property(GLOBAL PROPERTY roamsync_first_test ${target})
  target_precompile_headers(${target} PRIVATE
    <algorithm> <array> <atomic> <fstream> <functional> <map> <random> <set> <sstream> <thread> <variant>
    <boost/filesystem.hpp> <gmock/gmock.h> <gtest/gtest.h>
    <roamsync/disk_store.hpp> <roamsync/memory_store.hpp> <roamsync/scan.hpp> <roamsync/session.hpp>)
endfunction()

# The library has it only with sanitizers: all other builds of it share what a compiler cache holds.
function(roamsync_precompile_library target)
  if(ROAMSYNC_PRECOMPILE AND ROAMSYNC_SANITIZE)
    target_precompile_headers(${target} PRIVATE <algorithm> <array> <functional> <map> <set> <thread> <variant>
      <boost/filesystem.hpp> <roamsync/session.hpp>)
  endif()
endfunction()

function(roamsync_precompile_command target)
  if(ROAMSYNC_PRECOMPILE)
    target_precompile_headers(${target} PRIVATE <CLI/CLI.hpp> <nlohmann/json.hpp> <roamsync/session.hpp>)
  endif()
endfunction()
