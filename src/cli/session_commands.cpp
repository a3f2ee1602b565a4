#include "cli/commands.hpp"
#include "cli/json.hpp"
#include "cli/report_text.hpp"
#include "cli/session_options.hpp"

#include <functional>
#include <ostream>

namespace roamsync::cli {
namespace {

Result<ExitCode> run_session(Direction direction, const TypedOptions& typed, Context& context) {
  const bool is_logon = direction == Direction::logon;
  BOOST_OUTCOME_TRY(const SessionOptions options, session_options(typed, context));
  ProfileFolderOptions new_folder{.adds_administrators = typed.adds_administrators};
  if (!options.access.user.empty()) new_folder.user = options.access.user.front();
  BOOST_OUTCOME_TRY(const Places places,
                    open_places(typed.places, is_logon ? Purpose::log_on : Purpose::log_off, new_folder));
  Session session(context.host, places.endpoints());
  BOOST_OUTCOME_TRY(const Report report, is_logon ? session.log_on(options) : session.log_off(options));
  context.output.summary(json_of(report),
                         [&](std::ostream& out) { print_report(out, is_logon ? "logon" : "logoff", report); });
  return exit_code_of(report);
}

Result<ExitCode> run_preview(Direction direction, const TypedOptions& typed, Context& context) {
  BOOST_OUTCOME_TRY(SessionOptions options, session_options(typed, context));
  options.decide = {};  // a plan that is only looked at shows its conflicts open
  BOOST_OUTCOME_TRY(const Places places, open_places(typed.places, Purpose::look));
  Session session(context.host, places.endpoints());
  BOOST_OUTCOME_TRY(const Preview preview, session.preview(direction, options));
  context.output.result(json_of(preview), [&](std::ostream& out) { print_preview(out, preview); });
  return done;
}

Result<ExitCode> run_status(const TypedOptions& typed, Context& context) {
  BOOST_OUTCOME_TRY(const SessionOptions options, session_options(typed, context));
  BOOST_OUTCOME_TRY(const Places places, open_places(typed.places, Purpose::look));
  Session session(context.host, places.endpoints());
  BOOST_OUTCOME_TRY(const Status status, session.status(options));
  context.output.result(json_of(status), [&](std::ostream& out) { print_status(out, status); });
  return done;
}

Result<ExitCode> run_recover(const TypedOptions& typed, Context& context) {
  BOOST_OUTCOME_TRY(const auto server, open_server(typed.places.server));
  BOOST_OUTCOME_TRY(const Recovery recovery,
                    recover_server(context.host, *server, std::chrono::milliseconds(typed.lock_timeout_ms)));
  context.output.summary(json_of(recovery), [&](std::ostream& out) { print_recovery(out, recovery); });
  return done;
}

void add_status_options(CLI::App& command, TypedOptions& typed) {
  add_all_place_options(command, typed.places);
  add_filter_options(command, typed);
}

void add_recover_options(CLI::App& command, TypedOptions& typed) {
  add_server_options(command, typed.places);
  add_lock_option(command, typed);
}

}  // namespace

void add_session_commands(CLI::App& app, Context& context) {
  const auto add = [&context](CLI::App& parent, const char* name, const char* description, auto add_options, auto run) {
    add_command<TypedOptions>(parent, name, description, context, add_options, run);
  };
  add(app, "logon", "Bring the server's profile down, and remember what both sides hold", add_session_options,
      std::bind_front(run_session, Direction::logon));
  add(app, "logoff", "Publish what changed here on the server, whole or not at all, the hive last", add_session_options,
      std::bind_front(run_session, Direction::logoff));
  CLI::App& preview = add_command_group(app, "preview", "Show what logon or logoff would do, and why; write nothing");
  add(preview, "logon", "Show what logon would do, and why; write nothing", add_session_options,
      std::bind_front(run_preview, Direction::logon));
  add(preview, "logoff", "Show what logoff would do, and why; write nothing", add_session_options,
      std::bind_front(run_preview, Direction::logoff));
  add(app, "status", "Show the generation, and what differs on each side since the last sync", add_status_options,
      run_status);
  add(app, "recover", "Finish a publish that was interrupted on the server, or clear it away", add_recover_options,
      run_recover);
}

}  // namespace roamsync::cli
