/// @file
/// Merging two hives that both changed, key by key, with the hive both began with.
#pragma once

#include "session/hive_gate.hpp"

namespace roamsync {

/// Reads all three and merges; settled conflicts are told with what each side had. Without a base hive the union of both is made: what
/// only one side has is kept, what they hold differently is settled by the newer key time.
/// The entry of the result is the local hive's: that is what the source of a logoff was read as.
Result<CheckedHive> merge_local_and_server_hive(Workspace& work, Store& server, const Base& base,
                                                const ProfilePath& local_path, const ProfilePath& server_path,
                                                bool snapshot);

}  // namespace roamsync
