/// @file
/// Puts conflicts to the person at the terminal.
#pragma once

#include <roamsync/plan.hpp>

#include "cli/context.hpp"

#include <functional>

namespace roamsync::cli {

/// Shows both sides on standard error and reads the answer; an answer in capitals holds for all that follow. Undecided at
/// the end of the input and when a stop is requested.
std::function<Choice(const Triple&, ConflictKind)> conflict_prompt(Context& context);

}  // namespace roamsync::cli
