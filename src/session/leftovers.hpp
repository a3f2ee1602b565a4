/// @file
/// Leftovers: what interrupted sessions left in a profile under temporary names, told from files that a user has given such a
/// name. The first are swept, the second stay and are told.
#pragma once

#include <roamsync/path.hpp>

#include <span>
#include <vector>

namespace roamsync {

/// True for names that a session of roamsync gives: those with one of its transactions in them, and `NTUSER.DAT.tmp`. The
/// latter says not who made it, but it is Windows' own name for a hive on its way (KB Q191834): whoever did has the whole one
/// elsewhere, and every publish writes over it.
bool is_leftover(const ProfilePath& temporary);

std::vector<ProfilePath> leftovers_among(std::span<const ProfilePath> temporaries);

}  // namespace roamsync
