/// @file
/// The hives of a simulation: a handful of settings under one key. Every write of a setting has a text of its own, so that
/// whatever hive is met, also a merged one, tells where each of its settings came from.
#pragma once

#include <roamsync/time.hpp>

#include <map>
#include <string>
#include <string_view>

namespace roamsync::sim {

using Settings = std::map<std::string, std::string>;

enum class HiveClosed { cleanly, left_open };

/// `written` is the time of the keys, which a merge goes by.
std::string make_hive(const Settings& settings, FileTime written, HiveClosed closed);
/// Of a hive that is whole and clean; empty for any other bytes.
Settings settings_of(std::string_view hive);
/// Why these bytes are no hive that may lie on a server; empty when they are one.
std::string fault_of_hive(std::string_view hive);

}  // namespace roamsync::sim
