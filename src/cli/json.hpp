/// @file
/// The library's values as the JSON that scripts see. Member names that are written down stay; more may come.
#pragma once

#include <roamsync/error.hpp>
#include <roamsync/event.hpp>
#include <roamsync/host.hpp>

#include <nlohmann/json.hpp>

#include <span>
#include <string>

namespace roamsync::cli {

using Json = nlohmann::ordered_json;

/// `{code, remedy, step, path, expected, found, message}`
Json json_of(const Error& error);
/// One line for a person.
std::string sentence_of(const Error& error);
/// `{id, level, text}`
Json json_of(const Notice& notice);
/// `{pid, name, what}`
Json json_of(const Holder& holder);
Json json_of(std::span<const Holder> holders);

}  // namespace roamsync::cli
