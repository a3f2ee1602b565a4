/// @file
/// Losers: local versions that a conflict was decided against. They go to the server's history before anything takes their
/// place, as a generation of their own that was superseded at once.
#pragma once

#include "session/room.hpp"
#include "session/survey.hpp"

namespace roamsync {

/// Local files whose conflict the server's side has won; the hive among them.
std::vector<Entry> local_losers(const Plan& plan, const Tree& local);

/// Them for a publish on the server: with a head record of that generation, the server's profile with them in it. The survey
/// must outlive it.
LostFiles as_generation(Workspace& work, const Survey& survey, std::span<const Entry> losers,
                        const GenerationId& generation);

/// What they need on the server.
RoomNeeded room_for(const LostFiles& lost);

}  // namespace roamsync
