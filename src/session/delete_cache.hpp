/// @file
/// DeleteRoamingCache: removing the local copy once the server is known to have it all.
#pragma once

#include <roamsync/plan.hpp>

#include "session/survey.hpp"

namespace roamsync {

/// Everything in the local folder is first moved into one temporary folder, so that an open file leaves no half profile, then
/// removed. The base goes first: a machine without a local copy remembers nothing. Kept, and told, when something is in it that cannot
/// roam or that `agreed`, the base after the upload, does not know as it is in `local`: it is nowhere else.
Result<void> delete_cache(Workspace& work, const Survey& survey, const Tree& local, const Base& agreed);

}  // namespace roamsync
