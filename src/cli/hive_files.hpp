/// @file
/// Reading and writing hives for the command.
#pragma once

#include <roamsync/error.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace roamsync::cli {

using Bytes = std::vector<std::byte>;

/// A whole file.
Result<Bytes> read_file(const std::string& path);
/// An error of usage when `output` is one of `inputs`, under whatever name.
Result<void> check_output(const std::string& output, const std::vector<std::string>& inputs);
/// In one step and durable: whoever looks sees the file that was there or the new one.
Result<void> write_file(const std::string& path, std::span<const std::byte> bytes);

}  // namespace roamsync::cli
