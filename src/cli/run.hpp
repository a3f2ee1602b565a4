/// @file
/// run: the whole command, from the command line to the exit code.
#pragma once

#include <roamsync/host.hpp>

#include <iosfwd>
#include <stop_token>

namespace roamsync::cli {

int run(int argc, const char* const* argv, Host& host, std::stop_token stop, std::ostream& results,
        std::ostream& messages);

}  // namespace roamsync::cli
