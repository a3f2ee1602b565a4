/// @file
/// The profile that crash_worker publishes, known to it and to the test that kills it.
#pragma once

#include <map>
#include <string>

namespace roamsync::testing {

/// Files by path, folders with "/" behind.
using ProfileText = std::map<std::string, std::string>;

/// Large enough to move by pages.
inline std::string worker_hive(char letter) {
  std::string hive(1'200'000, 'h');
  hive[300'000] = letter;
  return hive;
}

inline ProfileText worker_profile_before() {
  return {{"Desktop/", ""},
          {"Desktop/a.txt", "old a"},
          {"Desktop/b.txt", "old b"},
          {"Gone/", ""},
          {"Gone/x.txt", "old x"},
          {"NTUSER.DAT", worker_hive('o')},
          {"Swap/", ""},
          {"Swap/y.txt", "old y"},
          {"same.txt", "same"},
          {"swap.txt", "a file still"}};
}

inline ProfileText worker_profile_after() {
  return {{"Desktop/", ""},     {"Desktop/a.txt", "new a"}, {"NTUSER.DAT", worker_hive('n')}, {"New/", ""},
          {"New/Empty/", ""},   {"New/Sub/", ""},           {"New/Sub/c.txt", "new c"},       {"Swap", "a file now"},
          {"same.txt", "same"}, {"swap.txt/", ""},          {"swap.txt/z.txt", "new z"}};
}

}  // namespace roamsync::testing
