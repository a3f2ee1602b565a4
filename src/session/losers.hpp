/// @file
/// Losers: local versions that a conflict was decided against. They go to the server's history before anything else
/// happens, as a generation of their own that was superseded at once.
#pragma once

#include "session/survey.hpp"

namespace roamsync {

/// Local files whose conflict the server's side has won; the hive among them.
std::vector<Entry> local_losers(const Plan& plan, const Tree& local);

/// Keeps them as `.roamsync/history/<generation>/…` on the server, durable, with a head record of that generation.
/// With `access`, each with the access list it would have had in its place there.
Result<void> keep_losers(Workspace& work, Store& server, CarriedAccess* access, const Survey& survey,
                         std::span<const Entry> losers, const GenerationId& generation);

}  // namespace roamsync
