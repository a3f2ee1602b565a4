/// @file
/// What a user finds on a disk: the profile as it is once recovery has finished or cleared what a crash left.
#pragma once

#include "sim/disk.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace roamsync::sim {

/// The bytes of every file that roams, by path; folders with "/" behind.
using Profile = std::map<std::string, std::string>;

/// What is there, without recovery and roamsync's own names.
Profile profile_of(const Content& profile);
/// The same for what is bound to the machine.
Profile machine_bound_of(const Content& profile);

struct View {
  Profile profile;
  Profile machine_bound;
  /// The bytes of every file, on a server those in the history too. A folder there with a later number than the generation in
  /// place is what a call that died had begun to keep: it may go.
  std::set<std::string> contents;
  std::vector<std::string> leftovers;  ///< temporary names and intents
  std::vector<std::string> strangers;  ///< what neither a user nor roamsync would put there
  std::string failure;                 ///< why recovery failed; empty when it did not
};

/// Works on copies. `strangers` and `leftovers` are those after recovery.
View view_of_server(const Content& disk);
View view_of_machine(const Content& disk);
/// What is left behind on a disk as it is.
std::vector<std::string> leftovers_on(const Content& disk);

/// Each side spells a name in its own way: a mere change of case does not travel (plan.hpp).
Profile without_case(const Profile& profile);

}  // namespace roamsync::sim
