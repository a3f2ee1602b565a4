/// @file
/// The base hive: the hive both sides agreed on last, whole, so that two machines' changes can be merged key by key.
#pragma once

#include <roamsync/shared_bytes.hpp>

#include "session/records.hpp"
#include "session/workspace.hpp"

namespace roamsync {

/// True when the session's conflicts are merged: then the base hive is kept in the state folder, compressed with zlib.
bool keeps_base_hive(const SessionOptions& options);

/// After a session: keeps the hive that the base names, unless it is kept already: `merged_from` after a merge, else the local
/// one if it is that. What goes wrong is told and costs the next merge its base, nothing else.
void keep_base_hive(Workspace& work, const Base& base, const std::optional<SharedBytes>& merged_from = {});

/// The hive of the base, from the state folder or from the server's history. Nothing when it is in neither.
Result<std::optional<std::vector<std::byte>>> find_base_hive(Workspace& work, Store& server, const Base& base);

}  // namespace roamsync
