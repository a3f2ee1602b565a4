/// @file
/// Numbers as people read them.
#pragma once

#include <roamsync/time.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace roamsync::cli {

/// "512 bytes", "3.4 MiB"
std::string size_in_words(std::uint64_t bytes);
/// "1 file", "12 files"
std::string count_in_words(std::uint64_t count, std::string_view one, std::string_view many);
/// "2026-11-21 08:15:30 UTC"; "unknown" for 0
std::string time_in_words(FileTime time);
/// "0.42 s"
std::string seconds_in_words(std::chrono::duration<double> seconds);

}  // namespace roamsync::cli
