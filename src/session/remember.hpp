/// @file
/// What a session keeps in the state folder for the next one: the base, and the hive it names.
#pragma once

#include "session/survey.hpp"

namespace roamsync {

/// After a session in which these trees came about and `now` is the generation both sides have (its trees are filled in
/// here). Nothing is written when everything was as it is remembered.
Result<void> remember(Workspace& work, const Survey& survey, const PlanInput& input, const Plan& plan,
                      const Tree& local_after, const Tree& server_after, BaseRecord now);

}  // namespace roamsync
