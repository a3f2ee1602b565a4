/// @file
/// Ledger: everything that anybody ever wrote, and what has become of it.
///
/// No two writes are of the same bytes, so a content that is met anywhere tells who wrote it. A content may be gone only once it
/// is *superseded*: somebody who had it before him wrote something else in its place, or deleted it. Until then it is somewhere:
/// where it was written, or, once roamsync has said that it is on the server, there: under a name or in the history.
#pragma once

#include "sim/hives.hpp"
#include "sim/random.hpp"

#include <roamsync/path.hpp>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace roamsync::sim {

/// Whose disk something was written on: the number of a workstation, or the server's.
using Home = std::size_t;
inline constexpr Home at_server = SIZE_MAX;

struct Written {
  std::string title;  ///< "MACHINE-A's 17 of Desktop/a.txt"
  Home home = 0;
  bool on_server = false;  ///< a call that said so has brought it there
  bool superseded = false;
};

class Ledger {
 public:
  /// New bytes for a file, short or longer than a page; many are of one size.
  std::string new_text(Random& random, const std::string& author, Home home, const ProfilePath& path);
  /// A hive with these settings and another one or two, all of them new.
  std::string new_hive(Random& random, const std::string& author, Home home, Settings settings, FileTime now,
                       HiveClosed closed);
  /// A hive that nobody wrote as it is. Merged, when each of its settings is somebody's: then it is taken up.
  /// Otherwise false.
  bool take_up_merged(const std::string& bytes, Home home);

  bool knows(const std::string& bytes) const { return all_.contains(bytes); }
  void supersede(const std::string& bytes);
  void arrived_on_server(const std::string& bytes);
  const std::map<std::string, Written>& all() const { return all_; }

 private:
  std::map<std::string, Written> all_;  // by their bytes
  std::set<std::pair<std::string, std::string>> settings_;
  std::size_t count_ = 0;
};

}  // namespace roamsync::sim
