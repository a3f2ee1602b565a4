/// @file
/// Applying an intent: the renames and deletions in their order, the hive last, then the head, then the intent goes. A publish
/// does it right after writing the intent; a recovery does what of it is not done yet.
#pragma once

#include "transaction/intent.hpp"
#include "transaction/lane_set.hpp"

#include <string>
#include <vector>

namespace roamsync {

struct ApplyOptions {
  /// Looks before each step, because some are done already and others may have been at work since.
  bool look_first = false;
  /// Units that are in place or lost, by index; empty: none.
  std::vector<bool> skip_units = {};
  bool skip_head = false;
};

struct Applied {
  std::size_t renamed = 0;
  std::size_t removed = 0;
  std::vector<ProfilePath> kept_directories;
  std::vector<std::string> warnings;
};

/// The intent must be durable. Does not wait for the removal of the intent to be durable: an intent that comes back is
/// carried out already, and recover() finds so.
Result<Applied> apply_intent(Store& target, RecordFolder records, const Intent& intent, LaneSet& lanes,
                             const ApplyOptions& options);

}  // namespace roamsync
