/// @file
/// Call: one call of the library, with its options, as somebody makes it on some computer.
#pragma once

#include "sim/faults.hpp"
#include "sim/sabotage.hpp"

#include <roamsync/session.hpp>

#include <optional>
#include <string>

namespace roamsync::sim {

enum class Deed { log_on, log_off, restore, recover };

struct Call {
  Deed deed = Deed::log_on;
  std::string machine;
  SessionOptions options = {};
  std::uint64_t generation = 0;          ///< restore
  std::optional<ProfilePath> path = {};  ///< restore: only this
  FileTime now = {};                     ///< that machine's clock
  std::uint64_t seed = 0;                ///< of the machine's random numbers
};

/// One seldom used option after the other; one lane, no patience with locks, and a history without bounds.
SessionOptions draw_options(Random& random, Sabotage sabotage);
SessionOptions plain_options(Sabotage sabotage);
std::string words_of(const Call& call);

struct CallResult {
  std::string words;
  bool said_so = false;             ///< done, or nothing was to be done
  bool changed = false;             ///< done, and something was to be done
  std::uint64_t generation = 0;     ///< the server's, as far as the report knows it
  bool merged = false;              ///< the two hives became one
  bool local_copy_stays = false;    ///< of one that was to be deleted, as the report tells
  std::optional<Error> error = {};  ///< of a call without a report, or of a report that says no
  bool has_report = true;
  OperationCounts counts = {};
  std::string hit = {};  ///< the operation that failed first
};

/// Makes the call on these disks. The faults of a power cut end here with the process or the line; what it leaves of the disks
/// is the caller's business.
CallResult make_call(const Call& call, Store& workstation, Store& server, const Faults& faults, Sabotage sabotage);

}  // namespace roamsync::sim
