/// @file
/// Damaged hive: one here that no longer loads, over one on the server that may. Nobody gains by keeping it in place; it goes
/// to the history, and the server's comes down.
#pragma once

#include "session/survey.hpp"

#include <string>

namespace roamsync {

/// Why the local hive cannot be loaded, as a sentence, when there is one on the server to take its place. One that is as the
/// base has it is not read; one that was left open is no damaged one, for Windows recovers it.
Result<std::string> find_damage(Workspace& work, const Survey& survey);

/// Makes the plan of a logon bring the server's hive down, whatever the rules make of its time.
void take_servers_hive(Plan& plan, const PlanInput& input);

}  // namespace roamsync
