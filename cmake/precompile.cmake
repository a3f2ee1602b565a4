# GoogleTest, Boost.Outcome and our public headers cost the compiler some seven seconds in every test. With ROAMSYNC_PRECOMPILE
# they are parsed once, for the first test program, and all others use that. The preset `release` goes without, and shows
# whether every test includes what it needs. The library is compiled without in any case: a compiler cache then serves
# every build of it.
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
