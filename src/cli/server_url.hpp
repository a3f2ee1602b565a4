/// @file
/// ServerUrl: what `--server` was given: a path, or `smb://[domain;]user@host[:port]/share/path`.
#pragma once

#include <roamsync/error.hpp>

#include <boost/filesystem/path.hpp>

#include <string>

namespace roamsync::cli {

/// The folder that `text` names. Errors are of usage: an empty text, a password in it, a scheme that nobody here speaks.
Result<boost::filesystem::path> folder_of_server(const std::string& text);

}  // namespace roamsync::cli
