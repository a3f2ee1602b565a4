/// @file
/// DeleteRoamingCache: removing the local copy once the server is known to have it all.
#pragma once

#include "session/workspace.hpp"

namespace roamsync {

/// Removes from the local profile, file by file, what is still as the base just saved has it, and what Windows never roams
/// (AppData/Local and the like). Whatever else is there exists nowhere else: what was written since the publish, what a
/// filter kept from going up, what cannot roam. It stays, with the folders it stands in, and is named; so does a file that
/// somebody holds where the system does not let it go.
///
/// A file is moved aside, looked at once more, and only then removed: what was saved in the meantime is put back.
/// The base goes first: a machine without a local copy remembers nothing, and what stayed is new to the next session.
/// Whatever goes wrong is told; the publish before it stands.
void delete_cache(Workspace& work);

}  // namespace roamsync
