/// @file
/// Merging two hives that both changed, key by key, with the hive both began with.
#pragma once

#include "session/hive_gate.hpp"

namespace roamsync {

/// Reads all three and merges; settled conflicts are told. Where one was settled against the local hive, that hive is kept in
/// the state folder before anything takes its place: as `lost-hive`, byte for byte. Without a base hive the union of both is
/// made: what only one side has is kept, what they hold differently is settled by the newer key time. Entry and attributes of
/// the result are those of the source's hive, the local one at logoff and the server's at logon, and so is the digest: what
/// the target has from now on is the source's and the target's own changes, and the next session takes it for changed there.
Result<CheckedHive> merge_local_and_server_hive(Workspace& work, Store& server, const Base& base, Direction direction,
                                                const ProfilePath& local_path, const ProfilePath& server_path,
                                                bool snapshot);

}  // namespace roamsync
