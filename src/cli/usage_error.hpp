/// @file
/// An error of whoever typed the command line: exit code 64, `usage` in JSON.
#pragma once

#include <roamsync/error.hpp>

#include <string>

namespace roamsync::cli {

/// `sentence` says what is wrong, `cure` what to type instead.
Error usage_error(std::string sentence, std::string cure = {});
bool is_usage_error(const Error& error) noexcept;

}  // namespace roamsync::cli
