/// @file
/// The library's values as the JSON that scripts see. Member names that are written down stay; more may come.
#pragma once

#include <roamsync/error.hpp>
#include <roamsync/event.hpp>
#include <roamsync/host.hpp>
#include <roamsync/session.hpp>

#include <nlohmann/json.hpp>

#include <span>
#include <string>
#include <string_view>

namespace roamsync::cli {

using Json = nlohmann::ordered_json;

/// `nothing_to_do`, `rolled_forward`, `cleared`
std::string_view text_of(Recovery::Outcome outcome);

/// `{code, remedy, step, path, expected, found, message}`
Json json_of(const Error& error);
/// One line for a person.
std::string sentence_of(const Error& error);
/// `{id, level, text}`
Json json_of(const Notice& notice);
/// `{pid, name, what}`
Json json_of(const Holder& holder);
Json json_of(std::span<const Holder> holders);
/// `[{id, level, text}, …]`
Json json_of(std::span<const Notice> notices);
/// `[{path, choice, reason}, …]`
Json json_of(std::span<const Conflict> conflicts);
/// `[{path, found}, …]`
Json json_of(std::span<const Unusable> unusable);
Json json_of(std::span<const ProfilePath> paths);
/// "2026-11-21T08:15:30.1234567Z"; null for 0.
Json json_of(FileTime time);
/// What logon, logoff and restore print.
Json json_of(const Report& report);
/// `{actions: [{action, path, reason}, …], …}`
Json json_of(const Preview& preview);
Json json_of(const Status& status);
Json json_of(const Recovery& recovery);
Json json_of(const HistoryGeneration& generation);

}  // namespace roamsync::cli
