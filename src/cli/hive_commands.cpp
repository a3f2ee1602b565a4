// roamsync hive check|info|export|replay|diff|merge
#include "cli/commands.hpp"
#include "cli/hive_files.hpp"
#include "cli/hive_json.hpp"
#include "cli/usage_error.hpp"

#include <algorithm>
#include <optional>
#include <ostream>
#include <string_view>

namespace roamsync::cli {
namespace {

using hive::Hive;

struct HiveOptions {
  std::string file;
  std::vector<std::string> logs;
  std::string key;
  std::string prefix = "HKEY_CURRENT_USER";
  std::string output;
  std::string base, local, server;
  hive::Prefer prefer = hive::Prefer::newest;
  bool all = false;
  bool rescue = false;
};

Result<std::vector<Bytes>> read_files(const std::vector<std::string>& paths) {
  std::vector<Bytes> files;
  for (const std::string& path : paths) {
    BOOST_OUTCOME_TRY(auto file, read_file(path));
    files.push_back(std::move(file));
  }
  return files;
}

Replay replay(const Bytes& file, const std::vector<Bytes>& logs) {
  const std::vector<std::span<const std::byte>> views(logs.begin(), logs.end());
  return replay_hive(file, views);
}

// A hive that may be dirty: it is read as it lies, and that is said.
Result<Hive> open_readable(const Bytes& file, const std::string& path, Context& context) {
  auto hive = Hive::open(file);
  if (!hive && hive.error().code() == Errc::hive_dirty) {
    context.output.note(path + " was not closed: shown as it lies, without its logs.");
    hive = Hive::open_as_it_lies(file);
  }
  if (!hive) return hive.error().within({.path = path});
  return hive;
}

// The worse of what a script can be told: 65 corrupt, 1 dirty, 0 clean.
ExitCode exit_code_of_state(HiveState state) {
  if (state == HiveState::corrupt) return data_error;
  return state == HiveState::dirty ? differs : done;
}

Result<ExitCode> check(const HiveOptions& options, Context& context) {
  BOOST_OUTCOME_TRY(const auto file, read_file(options.file));
  BOOST_OUTCOME_TRY(const auto logs, read_files(options.logs));
  Verdict verdict = check_hive(file);
  Json document = json_of(verdict);
  std::string logs_say;
  if (!logs.empty()) {
    const Replay seen = replay(file, logs);
    document["replay"] = json_of(seen);
    logs_say = "with its logs: " + seen.message();
    // A hive that only its logs make whole is not lost: it is dirty.
    if (seen.outcome == ReplayOutcome::recovered) verdict.state = HiveState::dirty;
    document["verdict"] = state_name(verdict.state);
  }
  std::vector<HiveFault> faults;
  if (options.all) {
    faults = all_hive_faults(file);
    document["faults"] = Json::array();
    for (const HiveFault& fault : faults) document["faults"].push_back(json_of(fault));
  }
  context.output.summary(document, [&](std::ostream& out) {
    out << options.file << ": " << verdict << '\n';
    if (verdict.fault.rule != HiveRule::none)
      out << "  see \"" << rule_section(verdict.fault.rule) << "\" of the format\n";
    if (!logs_say.empty()) out << "  " << logs_say << '\n';
    for (const HiveFault& fault : faults) out << "  " << Verdict{.state = HiveState::corrupt, .fault = fault} << '\n';
  });
  return exit_code_of_state(verdict.state);
}

Result<ExitCode> info(const HiveOptions& options, Context& context) {
  BOOST_OUTCOME_TRY(const auto file, read_file(options.file));
  const HiveInspection seen = inspect_hive(file);
  if (seen.verdict.state == HiveState::corrupt) {
    return hive::error_of(seen.verdict, "hive info").within({.path = options.file});
  }
  Json document = json_of(seen.info);
  document["verdict"] = state_name(seen.verdict.state);
  context.output.result(document, [&](std::ostream& out) {
    out << "version          " << seen.info.version() << "\nkeys             " << seen.info.keys
        << "\nvalues           " << seen.info.values << "\nroot             " << hive::printable(seen.info.root_name)
        << "\nnewest key time  " << seen.info.newest_key_time.text() << "\nstate            "
        << state_name(seen.verdict.state) << '\n';
  });
  return done;
}

// The file itself, or with --rescue a clean hive of what can be reached in it.
Result<Bytes> readable_bytes(Bytes file, const HiveOptions& options, Context& context) {
  if (!options.rescue) return file;
  const hive::Rescue rescue = hive::rescue_hive(file);
  if (rescue.tree.root.security.empty()) {
    return Error(Errc::hive_corrupt,
                 {.step = "hive export", .path = options.file, .expected = "a root key", .found = "none anywhere"});
  }
  for (const HiveFault& fault : rescue.warnings) {
    context.output.note(options.file + ": " + Verdict{.state = HiveState::corrupt, .fault = fault}.message());
  }
  return hive::write_hive(rescue.tree.root);
}

struct FoundKey {
  hive::Key key;
  std::string path;  ///< as the hive spells it, whatever was typed
};

std::optional<FoundKey> find_key(const Hive& hive, std::string_view typed) {
  FoundKey found{.key = hive.root(), .path = {}};
  while (!typed.empty()) {
    const std::size_t end = std::min(typed.find('\\'), typed.size());
    const auto below = found.key.find(hive::to_utf16(typed.substr(0, end)));
    if (!below) return std::nullopt;
    found.key = *below;
    found.path += (found.path.empty() ? "" : "\\") + found.key.name().utf8();
    typed.remove_prefix(std::min(end + 1, typed.size()));
  }
  return found;
}

// As an export prints it: `HKEY_CURRENT_USER\Software`.
std::string_view without_prefix(std::string_view typed, std::string_view prefix) {
  if (!typed.starts_with(prefix)) return typed;
  typed.remove_prefix(prefix.size());
  if (typed.starts_with('\\')) typed.remove_prefix(1);
  return typed;
}

Result<ExitCode> export_key(const HiveOptions& options, Context& context) {
  BOOST_OUTCOME_TRY(auto stored, read_file(options.file));
  BOOST_OUTCOME_TRY(const auto file, readable_bytes(std::move(stored), options, context));
  BOOST_OUTCOME_TRY(const auto hive, open_readable(file, options.file, context));
  auto found = find_key(hive, options.key);
  if (!found) found = find_key(hive, without_prefix(options.key, options.prefix));
  if (!found) {
    return usage_error("there is no key " + options.key + " in " + options.file,
                       "without KEY the whole hive is printed, with the names of all its keys");
  }
  const auto write = [&](std::ostream& out) {
    hive::export_text(found->key, found->path, [&](std::string_view text) { out << text; }, {.prefix = options.prefix});
  };
  context.output.result(context.output.json() ? json_of_tree(found->key) : Json(), write);
  return done;
}

Result<ExitCode> replay_logs(const HiveOptions& options, Context& context) {
  BOOST_OUTCOME_TRYV(check_output(options.output, {options.file}));
  BOOST_OUTCOME_TRYV(check_output(options.output, options.logs));
  BOOST_OUTCOME_TRY(const auto file, read_file(options.file));
  BOOST_OUTCOME_TRY(const auto logs, read_files(options.logs));
  const Replay seen = replay(file, logs);
  const bool is_clean = seen.verdict.state == HiveState::clean;
  if (!is_clean) {
    const Errc code = seen.outcome == ReplayOutcome::refused && seen.verdict.state == HiveState::dirty
                          ? Errc::hive_dirty
                          : Errc::hive_corrupt;
    return Error(code, {.step = "hive replay",
                        .path = options.file,
                        .expected = "logs that make the hive whole",
                        .found = seen.message()});
  }
  BOOST_OUTCOME_TRYV(write_file(options.output, seen.file.empty() ? file : seen.file));
  context.output.summary(json_of(seen), [&](std::ostream& out) { out << options.output << ": " << seen << '\n'; });
  return done;
}

Result<ExitCode> diff(const HiveOptions& options, Context& context) {
  BOOST_OUTCOME_TRY(const auto old_file, read_file(options.local));
  BOOST_OUTCOME_TRY(const auto new_file, read_file(options.server));
  BOOST_OUTCOME_TRY(const auto before, open_readable(old_file, options.local, context));
  BOOST_OUTCOME_TRY(const auto after, open_readable(new_file, options.server, context));
  if (context.output.json()) {
    const Json document = json_of_difference(before.root(), after.root());
    context.output.result(document, [](std::ostream&) {});
    const bool same = document["added"].empty() && document["removed"].empty() && document["changed"].empty();
    return same ? done : differs;
  }
  bool found = false;
  context.output.result({}, [&](std::ostream& out) {
    found = hive::diff_text(before.root(), after.root(), [&](std::string_view text) { out << text; },
                            {.prefix = options.prefix});
  });
  return found ? differs : done;
}

Result<Bytes> read_clean_hive(const std::string& path, const char* step) {
  BOOST_OUTCOME_TRY(auto file, read_file(path));
  const Verdict verdict = check_hive(file);
  if (verdict.state != HiveState::clean) return hive::error_of(verdict, step).within({.path = path});
  return file;
}

Result<ExitCode> merge(const HiveOptions& options, Context& context) {
  BOOST_OUTCOME_TRYV(check_output(options.output, {options.base, options.local, options.server}));
  BOOST_OUTCOME_TRY(const auto base, read_clean_hive(options.base, "merge base"));
  BOOST_OUTCOME_TRY(const auto local, read_clean_hive(options.local, "merge local"));
  BOOST_OUTCOME_TRY(const auto server, read_clean_hive(options.server, "merge server"));
  BOOST_OUTCOME_TRY(const auto merged, hive::merge_hives(base, local, server, {.prefer = options.prefer}));
  BOOST_OUTCOME_TRYV(write_file(options.output, merged.file));
  Json document;
  if (context.output.json()) {
    BOOST_OUTCOME_TRY(const auto before, Hive::open(base));
    BOOST_OUTCOME_TRY(const auto after, Hive::open(merged.file));
    document = json_of_difference(before.root(), after.root());
    for (const hive::Conflict& conflict : merged.conflicts) document["conflicts"].push_back(json_of(conflict));
  }
  context.output.result(document, [&](std::ostream& out) {
    for (const hive::Conflict& conflict : merged.conflicts) {
      out << conflict_name(conflict.kind) << ' ' << hive::key_line(conflict.path, {.prefix = options.prefix});
      if (conflict.kind == hive::ConflictKind::value) out << ' ' << hive::name_text(conflict.value_name);
      out << ": " << side_name(conflict.taken) << " taken, " << conflict.reason << '\n';
      for (const auto& [name, side] :
           {std::pair{"base  ", &conflict.base}, {"local ", &conflict.local}, {"server", &conflict.server}}) {
        if (conflict.kind == hive::ConflictKind::key) {
          out << "  " << name << ' ' << (*side ? "present" : "deleted") << '\n';
        } else {
          out << "  " << name << ' '
              << (*side ? hive::data_text((*side)->type, (*side)->data, {.wrap = false}) : "absent") << '\n';
        }
      }
    }
    if (!context.output.quiet()) {
      out << options.output << ": merged, " << merged.conflicts.size() << " conflicts settled\n";
    }
  });
  return merged.conflicts.empty() ? done : decision_needed;
}

void add_file(CLI::App& command, HiveOptions& options, const char* description = "The hive") {
  command.add_option("FILE", options.file, description)->required();
}

CLI::Option* add_logs(CLI::App& command, HiveOptions& options) {
  return command.add_option("--log", options.logs, "A transaction log of it; may be given again")->type_name("FILE");
}

void add_prefix(CLI::App& command, HiveOptions& options) {
  command.add_option("--prefix", options.prefix, "What stands for the root key in the text")->capture_default_str();
}

void add_output(CLI::App& command, HiveOptions& options, const char* description) {
  command.add_option("-o,--output", options.output, description)->type_name("FILE")->required();
}

void add_check_options(CLI::App& command, HiveOptions& options) {
  add_file(command, options);
  add_logs(command, options);
  command.add_flag("--all", options.all, "Tell all faults, not only the first");
}

void add_info_options(CLI::App& command, HiveOptions& options) { add_file(command, options); }

void add_export_options(CLI::App& command, HiveOptions& options) {
  add_file(command, options);
  command.add_option("KEY", options.key, "The key, with \\ between names; the root when not given");
  command.add_flag("--rescue", options.rescue, "Show what can be reached of a damaged hive, with warnings");
  add_prefix(command, options);
}

void add_replay_options(CLI::App& command, HiveOptions& options) {
  add_file(command, options, "The hive; it is not changed");
  add_logs(command, options)->required();
  add_output(command, options, "Where to write the clean hive");
}

void add_diff_options(CLI::App& command, HiveOptions& options) {
  command.add_option("OLD", options.local, "The hive before")->required();
  command.add_option("NEW", options.server, "The hive after")->required();
  add_prefix(command, options);
}

void add_merge_options(CLI::App& command, HiveOptions& options) {
  command.add_option("--base", options.base, "What both began with")->type_name("FILE")->required();
  command.add_option("--local", options.local, "One changed copy")->type_name("FILE")->required();
  command.add_option("--server", options.server, "The other")->type_name("FILE")->required();
  add_output(command, options, "Where to write the merged hive");
  add_choice<hive::Prefer>(
      command, "--prefer", options.prefer,
      {{"newest", hive::Prefer::newest}, {"local", hive::Prefer::local}, {"server", hive::Prefer::server}},
      "Whose data counts where both changed the same thing");
  add_prefix(command, options);
}

}  // namespace

void add_hive_commands(CLI::App& app, Context& context) {
  CLI::App& group = add_command_group(app, "hive", "Check, show, repair, compare and merge registry hives");
  const auto add = [&](const char* name, const char* description, auto add_options, auto command) {
    add_command<HiveOptions>(group, name, description, context, add_options, command);
  };
  add("check", "Say whether a hive is clean (0), dirty (1) or corrupt (65), and where", add_check_options, check);
  add("info", "Show version, keys, values, root name and newest key time", add_info_options, info);
  add("export", "Print a key and all below it as registry text", add_export_options, export_key);
  add("replay", "Apply the transaction logs, verify, write a clean hive", add_replay_options, replay_logs);
  add("diff", "Print what turns one hive into another; 1 when they differ", add_diff_options, diff);
  add("merge", "Merge two changed copies of a hive key by key; 2 when there were conflicts", add_merge_options, merge);
}

}  // namespace roamsync::cli
