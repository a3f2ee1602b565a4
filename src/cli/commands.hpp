/// @file
/// The commands, by group. Each group stands in a file of its own and adds its commands to the app:
///
///     void add_check_options(CLI::App& command, CheckOptions& options) {
///       command.add_option("FILE", options.file, "The hive")->required();
///     }
///
///     void add_hive_commands(CLI::App& app, Context& context) {
///       CLI::App& hive = add_command_group(app, "hive", "Look into registry hives");
///       add_command<CheckOptions>(hive, "check", "Say whether a hive is whole", context, add_check_options, check_hive);
///     }
///
/// and one line here and in commands.cpp. A command, `check_hive(const CheckOptions&, Context&)`, returns its exit code,
/// or an Error, which is printed for it; its result goes to `context.output`. --json, --quiet, --events, --progress and
/// --help work everywhere by themselves.
#pragma once

#include "cli/context.hpp"

#include <CLI/CLI.hpp>

#include <concepts>
#include <memory>
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

/// Options: what is typed after the command, given to `add_options` to be filled and then to `run`. The options of a command are
/// made when it is met on the command line: to make those of all takes 2 ms, a twentieth of a logoff that has nothing to do.
template <class Options>
void add_command(CLI::App& parent, const std::string& name, const std::string& description, Context& context,
                 std::invocable<CLI::App&, Options&> auto add_options,
                 std::invocable<const Options&, Context&> auto run) {
  CLI::App* const command = parent.add_subcommand(name, description);
  const auto options = std::make_shared<Options>();
  command->preparse_callback([=](std::size_t) { add_options(*command, *options); });
  command->callback([=, &context] { context.command = [=, &context] { return run(*options, context); }; });
}

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
