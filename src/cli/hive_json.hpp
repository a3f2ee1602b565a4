/// @file
/// What the library says of hives, as the JSON that scripts see.
#pragma once

#include <roamsync/hive_diff.hpp>
#include <roamsync/hive_merge.hpp>
#include <roamsync/hive_replay.hpp>

#include "cli/json.hpp"

namespace roamsync::cli {

/// `{verdict, left_open, rule, section, offset, expected, found}`; the last five are null for a clean hive.
Json json_of(const Verdict& verdict);
/// `{rule, section, offset, expected, found}`
Json json_of(const HiveFault& fault);
/// `{version, keys, values, root, newest_key_time, sequence}`
Json json_of(const HiveInfo& info);
/// `{outcome, format, header_from_log, sequence, logs: [{used, entries, pages, why}]}`
Json json_of(const Replay& replay);
/// `{path, name, type, data}`, data as registry text
Json json_of(const hive::ValueNode& value);
/// `{kind, path, name, base, local, server, taken, reason}`
Json json_of(const hive::Conflict& conflict);

/// `{added, removed, changed, conflicts}`: lists of `{kind, path, …}`; no conflicts between two.
Json json_of_difference(hive::Key before, hive::Key after);
/// `{path, class, time, values, subkeys}` of a key and all below it.
Json json_of_tree(hive::Key key);

}  // namespace roamsync::cli
