/// @file
/// Kept generations: the numbers in a server's history, and the number of the generation that lies in place.
#pragma once

#include "session/survey.hpp"

#include <vector>

namespace roamsync {

/// Ascending.
Result<std::vector<std::uint64_t>> kept_generations(Store& server);

/// Under which number what lies in place goes to the history. Without a head record nobody has numbered it (a stock workstation's
/// profile, a damaged head): then it comes after all that the history holds, so that nothing there is taken for it.
/// 0 when there is no file.
Result<std::uint64_t> number_in_place(Store& server, const std::optional<HeadRecord>& head, const Tree& in_place);

}  // namespace roamsync
