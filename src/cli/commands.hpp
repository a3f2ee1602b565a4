/// @file
/// The commands, by group. Each group stands in a file of its own and adds its commands, with their options, to the app:
///
///     void add_hive_commands(CLI::App& app, Context& context) {
///       CLI::App& hive = add_command_group(app, "hive", "Look into registry hives");
///       auto options = std::make_shared<CheckOptions>();
///       CLI::App& check = add_command(hive, "check", "Say whether a hive is whole", context,
///                                     [options, &context] { return check_hive(*options, context); });
///       check.add_option("FILE", options->file, "The hive")->required();
///     }
///
/// and one line here and in commands.cpp. A command returns its exit code, or an Error, which is printed for it; its
/// result goes to `context.output`. --json, --quiet, --events, --progress and --help work everywhere by themselves.
#pragma once

#include "cli/context.hpp"

#include <CLI/CLI.hpp>

#include <string>
#include <utility>
#include <vector>

namespace roamsync::cli {

/// All of them.
void add_commands(CLI::App& app, Context& context);

void add_hive_commands(CLI::App& app, Context& context);
void add_session_commands(CLI::App& app, Context& context);  // logon, logoff, preview, recover, status
void add_history_commands(CLI::App& app, Context& context);  // history, restore
void add_check_command(CLI::App& app, Context& context);
void add_acl_commands(CLI::App& app, Context& context);
void add_holders_command(CLI::App& app, Context& context);

// --- for the groups ---

CLI::App& add_command_group(CLI::App& parent, const std::string& name, const std::string& description);
CLI::App& add_command(CLI::App& parent, const std::string& name, const std::string& description, Context& context,
                      Command command);

/// A check of an option's value whose help says nothing: units and limits are in the description.
template <class T>
CLI::Validator between(T least, T most) {
  return CLI::Range(least, most).description("");
}

/// An empty value is a mistake of whoever wrote the script, not the same as no option.
inline CLI::Validator not_empty() {
  return CLI::Validator([](std::string& value) { return std::string(value.empty() ? "the value is empty" : ""); }, "");
}

/// An option that takes one of some words; `target` keeps its value, which is the default shown, when it is not given.
template <class T>
CLI::Option* add_choice(CLI::App& app, const std::string& name, T& target,
                        const std::vector<std::pair<std::string, T>>& choices, const std::string& description) {
  std::string words;
  std::string default_word;
  for (const auto& [word, value] : choices) {
    words += (words.empty() ? "" : "|") + word;
    if (value == target) default_word = word;
  }
  const auto set = [&target, choices, name, words](const std::string& given) {
    for (const auto& [word, value] : choices) {
      if (given != word) continue;
      target = value;
      return;
    }
    throw CLI::ValidationError(name, "'" + given + "' is none of " + words);
  };
  return app.add_option_function<std::string>(name, set, description)->type_name(words)->default_str(default_word);
}

}  // namespace roamsync::cli
