/// @file
/// The rights a logoff needs, asked for before it writes: on the profile's folder or the one it will be made in, then on what
/// the plan changes.
#pragma once

#include "session/workspace.hpp"

namespace roamsync {

/// What would stop the publish anyway, before anything is waited for or written: the owner of the profile's folder, and the
/// rights at its root. Where the first logoff has yet to make it: the share's permissions and the folder above. A server that
/// is away is not the matter here. Errc::wrong_owner, Errc::share_lacks_write_dac, Errc::right_missing (the names of the
/// rights are in the report).
Result<void> check_before_log_off(Workspace& work, const Endpoints& endpoints);

/// On each folder that is there and that the plan writes to, and on the files it replaces or deletes where their folder does
/// not grant DELETE_CHILD. One question to the store for a folder; none where the store knows no rights.
Result<void> check_rights_of_plan(Workspace& work, Store& server, const Plan& plan);

}  // namespace roamsync
