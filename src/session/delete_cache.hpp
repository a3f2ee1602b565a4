/// @file
/// DeleteRoamingCache: removing the local copy once the server is known to have it all.
#pragma once

#include "session/workspace.hpp"

namespace roamsync {

/// Removes from the local profile, file by file, what is still as the base just saved has it, and what Windows never roams
/// (AppData/Local and the like). Whatever else is there exists nowhere else: what was written since the publish, what a
/// filter kept from going up, what cannot roam. It stays, with the folders it stands in, and is named. So does a hive of which
/// a snapshot was taken, for its holder goes on writing into it.
/// A file that others have deleted on the server goes as well, as the next logon would have it; unless something hides its place
/// there, or so many are missing that the deletion guard takes the server for the one that lost them.
///
/// A file is moved aside, looked at once more, and only then removed: what was saved in the meantime is put back.
/// The base goes first: a machine without a local copy remembers nothing, and what stayed is new to the next session.
/// Whatever goes wrong is told; the publish before it stands.
/// `server`: all of it, as the publish left it; `obstacles`: what is there and no part of it.
void delete_cache(Workspace& work, const Tree& server, std::span<const std::string> obstacles);

}  // namespace roamsync
