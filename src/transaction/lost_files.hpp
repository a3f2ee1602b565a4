/// @file
/// Lost files: what the history is given although the target never had it. It is copied from wherever it lies.
#pragma once

#include <roamsync/transaction.hpp>

#include "transaction/lane_set.hpp"

#include <vector>

namespace roamsync {

struct LostCopies {
  std::vector<Entry> entries;       ///< as they were read, with their digests; paths as in their store
  std::vector<ProfilePath> copies;  ///< where each of them is kept
};

/// Copies them below `folder`, where the folders they stand in are already. A name that is taken stays; the newcomer gets a
/// number. Errc::source_changed for one that does not rest while it is copied.
Result<LostCopies> copy_lost_files(const PublishOptions& options, Store& store, const ProfilePath& folder,
                                   LaneSet& lanes);

}  // namespace roamsync
