/// @file
/// Names at which a person went wrong, or will: told at every session until somebody puts them right.
#pragma once

#include "session/survey.hpp"

namespace roamsync {

/// NTUSER.MAN beside NTUSER.DAT, of which Windows takes the first (KB Q154120); NTUSER.DAT.MAN, which somebody meant to be
/// NTUSER.MAN and could not see the ending of (KB Q185587); and a file of the user's that has a name kept for roamsync's own
/// temporary files, and so does not roam. What roamsync itself left under such a name is not told: it is swept.
void tell_odd_names(Workspace& work, const Survey& survey, const Store& server);

}  // namespace roamsync
