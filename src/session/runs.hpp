/// @file
/// Log off and log on: the two halves of a session's life.
#pragma once

#include "session/workspace.hpp"

namespace roamsync {

Result<Report> run_log_off(Workspace& work, Endpoints& endpoints);
Result<Report> run_log_on(Workspace& work, Endpoints& endpoints);

}  // namespace roamsync
