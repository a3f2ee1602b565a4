#include "cli/run.hpp"

#include "cli/commands.hpp"
#include "cli/help.hpp"
#include "cli/reporter.hpp"
#include "cli/usage_error.hpp"

#include <algorithm>
#include <ostream>
#include <string_view>

namespace roamsync::cli {
namespace {

void add_common_options(CLI::App& app, CommonOptions& common) {
  const auto group = "Common options, before or after the command";
  app.set_help_flag("--help,-h", "Show this help, or that of the command before it")->group(group);
  app.set_version_flag("--version", "roamsync " ROAMSYNC_VERSION, "Show the version")->group(group);
  app.add_flag("--json", common.json, "Print one JSON document on standard output and nothing else there")
      ->group(group);
  app.add_option("--events", common.events_file, "Write what happens to this file, one JSON document a line")
      ->type_name("FILE")
      ->group(group);
  add_choice<ProgressWhen>(
      app, "--progress", common.progress,
      {{"auto", ProgressWhen::automatic}, {"always", ProgressWhen::always}, {"never", ProgressWhen::never}},
      "Draw a progress line on standard error; auto: when that is a terminal")
      ->group(group);
  app.add_flag("--quiet,-q", common.quiet, "Print results, warnings and errors only")->group(group);
}

const CLI::App& chosen(const CLI::App& app) {
  const auto commands = app.get_subcommands();
  return commands.empty() ? app : chosen(*commands.back());
}

std::string full_name(const CLI::App& app) {
  return app.get_parent() == nullptr ? "roamsync" : full_name(*app.get_parent()) + ' ' + app.get_name();
}

// Before the command line has been understood: who asked for JSON gets it also when it cannot be.
bool wants_json(int argc, const char* const* argv) {
  return std::any_of(argv, argv + argc, [](const char* word) { return std::string_view(word) == "--json"; });
}

std::string fault_of(const CLI::App& app, const CLI::ParseError& error) {
  // What a command group does not know falls through to the program.
  const CLI::App* top = &app;
  while (top->get_parent() != nullptr) top = top->get_parent();
  const auto left_over = top->remaining(true);
  const bool lacks_command = app.get_require_subcommand_min() > 0 && app.get_subcommands().empty();
  if (!lacks_command) return error.what();
  return left_over.empty() ? "a command is missing" : "there is no command '" + left_over.front() + '\'';
}

ExitCode run_command(Context& context) {
  const Result<ExitCode> result = context.command();
  if (!result) context.output.failure(result.error());
  if (!context.output.flush()) {
    context.output.note("roamsync: standard output did not take all of the result");
    return io_error;
  }
  const ExitCode code = result ? result.value() : exit_code_of(result.error());
  // What was broken off may end as something else, such as a question without an answer.
  return code != done && context.stop.stop_requested() ? interrupted : code;
}

}  // namespace

int run(int argc, const char* const* argv, Host& host, std::stop_token stop, std::ostream& results,
        std::ostream& messages) {
  Output output{results, messages};
  Reporter reporter(host, output);
  Context context{.host = host, .output = output, .stop = std::move(stop), .on_event = [&](const Event& event) {
                    reporter.handle(event);
                  }};

  CLI::App app{"Carries a Windows roaming profile between this machine and a server without ever losing it."};
  app.name("roamsync");
  app.formatter(std::make_shared<Help>());
  app.fallthrough();
  app.require_subcommand(1);
  add_common_options(app, context.common);
  add_commands(app, context);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    results << chosen(app).help();
    return done;
  } catch (const CLI::CallForVersion& version) {
    results << version.what() << '\n';
    return done;
  } catch (const CLI::ParseError& error) {
    output.set_json(wants_json(argc, argv));
    output.failure(usage_error(fault_of(chosen(app), error), "see " + full_name(chosen(app)) + " --help"));
    return usage;
  }
  output.set_json(context.common.json);
  output.set_quiet(context.common.quiet);
  if (auto begun = reporter.begin(full_name(chosen(app)).substr(std::string_view("roamsync ").size()), context.common);
      !begun) {
    output.failure(begun.error());
    return exit_code_of(begun.error());
  }
  const ExitCode code = run_command(context);
  return reporter.end(code);
}

}  // namespace roamsync::cli
