/// @file
/// What usually helps: the cure for an error that knows none of its own, such as one of the system's.
#pragma once

#include <roamsync/error.hpp>

#include <string>

namespace roamsync {

/// Empty where nothing usually helps.
std::string usual_cure(const std::error_code& code);

}  // namespace roamsync
