#include "cli/commands.hpp"

namespace roamsync::cli {

void add_commands(CLI::App& app, Context& context) {
  add_acl_commands(app, context);
  add_hive_commands(app, context);
  add_session_commands(app, context);
  add_history_commands(app, context);
  add_check_command(app, context);
  add_holders_command(app, context);
}

CLI::App& add_command_group(CLI::App& parent, const std::string& name, const std::string& description) {
  CLI::App& group = *parent.add_subcommand(name, description);
  group.require_subcommand(1);
  return group;
}

}  // namespace roamsync::cli
