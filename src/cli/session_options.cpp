#include "cli/session_options.hpp"

#include "cli/commands.hpp"
#include "cli/conflict_prompt.hpp"
#include "cli/terminal.hpp"
#include "cli/usage_error.hpp"

#include <limits>

namespace roamsync::cli {
namespace {

constexpr std::uint64_t slow_link_kbps_max = 4'294'967'200;  // as the policy UserProfileMinTransferRate

const Policy& policy_of(OnConflict choice) {
  switch (choice) {
    case OnConflict::newest: return newest_wins();
    case OnConflict::local: return local_wins();
    case OnConflict::server: return server_wins();
    case OnConflict::keep_both: return keeps_both();
    case OnConflict::merge: return merges();
    case OnConflict::ask: break;
  }
  return asks();
}

void add_decision_options(CLI::App& app, TypedOptions& typed) {
  constexpr auto group = "Decisions";
  add_choice<Rules>(app, "--rules", typed.session.rules,
                    {{"base", Rules::base}, {"nt4", Rules::nt4}, {"windows2000", Rules::windows2000}},
                    "What decides who changed what: base, what both sides last agreed on; nt4, the hive's time alone; "
                    "windows2000, each file's time and the time the profile was loaded")
      ->group(group);
  add_choice<OnConflict>(app, "--on-conflict", typed.on_conflict,
                         {{"newest", OnConflict::newest},
                          {"local", OnConflict::local},
                          {"server", OnConflict::server},
                          {"keep-both", OnConflict::keep_both},
                          {"merge", OnConflict::merge},
                          {"ask", OnConflict::ask}},
                         "What both sides changed: who wins; the loser is kept in the history. merge: the hive key by "
                         "key. ask: at the terminal; without one the exit code is 2")
      ->group(group);
  app.add_option("--max-deletions", typed.session.deletion_guard.percent_max,
                 "Refuse a plan that would delete more than so much of a side's files, if they are more than ten")
      ->type_name("PERCENT")
      ->check(between(0, 100))
      ->capture_default_str()
      ->group(group);
}

void add_caution_options(CLI::App& app, TypedOptions& typed) {
  constexpr auto group = "What may happen";
  app.add_flag("--read-only", typed.session.read_only,
               "Bring down, never up; given at logon it holds until the next one")
      ->group(group);
  app.add_flag("--delete-cache", typed.session.delete_cache,
               "At logoff remove the local copy, once the publish has been confirmed")
      ->group(group);
  app.add_flag("--no-owner-check", typed.no_owner_check,
               "Work also with a server folder that belongs to neither the user nor the Administrators")
      ->group(group);
  app.add_flag("--add-administrators", typed.adds_administrators,
               "Let the Administrators into the folder of a new profile, where the server keeps NT access lists")
      ->group(group);
}

void add_hive_options(CLI::App& app, TypedOptions& typed) {
  constexpr auto group = "The hive";
  app.add_option(
         "--process-terminate-timeout", typed.process_terminate_timeout_ms,
         "How long to wait for processes that hold NTUSER.DAT open, in milliseconds; -1: for ever, 0: not at all")
      ->type_name("MS")
      ->check(between(std::int64_t{-1}, std::numeric_limits<std::int64_t>::max()))
      ->capture_default_str()
      ->group(group);
  add_choice<AtTimeout>(app, "--at-timeout", typed.session.at_timeout,
                        {{"give-up", AtTimeout::give_up},
                         {"snapshot", AtTimeout::snapshot},
                         {"release", AtTimeout::release_holders},
                         {"force", AtTimeout::force}},
                        "And then: give-up, change nothing; snapshot, take a consistent copy of the hive as it is; "
                        "release, ask the processes to end (SIGTERM); force, end them (SIGKILL)")
      ->group(group);
}

void add_link_options(CLI::App& app, TypedOptions& typed) {
  constexpr auto group = "A slow link";
  app.add_option("--slow-link-kbps", typed.session.slow_link.kilobits_per_second_min,
                 "Slow is less than so many kilobits a second; 0: not tested")
      ->type_name("N")
      ->check(between(std::uint64_t{0}, slow_link_kbps_max))
      ->capture_default_str()
      ->group(group);
  app.add_option("--slow-link-ms", typed.slow_link_ms, "Or an answer that takes longer, in milliseconds; 0: not tested")
      ->type_name("N")
      ->check(between(std::int64_t{0}, std::numeric_limits<std::int64_t>::max()))
      ->capture_default_str()
      ->group(group);
  add_choice<OnSlowLink>(app, "--on-slow-link", typed.session.slow_link.then,
                         {{"local", OnSlowLink::local}, {"wait", OnSlowLink::wait}},
                         "Then use the local copy, where there is one, or wait for the server's")
      ->group(group);
}

}  // namespace

void add_filter_options(CLI::App& app, TypedOptions& typed) {
  constexpr auto group = "What roams";
  app.add_option("--exclude", typed.exclude,
                 "What matches stays where it is, on both sides: * and ? within a name, ** for any folders. Windows' "
                 "own exclusions (AppData/Local, Temp, …) always hold")
      ->type_name("GLOB")
      ->group(group);
  app.add_option("--include", typed.include, "Exceptions from --exclude")->type_name("GLOB")->group(group);
}

void add_copy_options(CLI::App& app, TypedOptions& typed) {
  constexpr auto group = "Copying";
  add_choice<Verify>(app, "--verify", typed.session.verify,
                     {{"full", Verify::full}, {"written", Verify::written}, {"none", Verify::none}},
                     "Read back and compare before anything is replaced: all of every file, the bytes that were "
                     "written, or sizes only")
      ->group(group);
  app.add_option("--lanes", typed.session.lanes, "Files copied at a time")
      ->type_name("N")
      ->check(between(1, 64))
      ->capture_default_str()
      ->group(group);
}

void add_lock_option(CLI::App& app, TypedOptions& typed) {
  app.add_option("--lock-timeout", typed.lock_timeout_ms,
                 "How long to wait while another machine works on the same profile, in milliseconds")
      ->type_name("MS")
      ->check(between(std::int64_t{0}, std::numeric_limits<std::int64_t>::max()))
      ->capture_default_str()
      ->group("Copying");
}

void add_session_options(CLI::App& app, TypedOptions& typed) {
  add_all_place_options(app, typed.places);
  add_decision_options(app, typed);
  add_filter_options(app, typed);
  app.add_option("--max-size", typed.size_max_kib, "Upload nothing of a profile larger than this, in KiB; 0: no limit")
      ->type_name("KIB")
      ->check(between(std::uint64_t{0}, std::numeric_limits<std::uint64_t>::max() / 1024))
      ->capture_default_str()
      ->group("What roams");
  add_caution_options(app, typed);
  add_access_options(app, typed.access);
  add_hive_options(app, typed);
  add_link_options(app, typed);
  add_copy_options(app, typed);
  add_lock_option(app, typed);
}

Result<SessionOptions> session_options(const TypedOptions& typed, Context& context) {
  SessionOptions options = typed.session;
  auto filter = Filter::make(typed.exclude, typed.include);
  if (!filter) return usage_error("--exclude or --include: " + filter.error().message());
  options.filter = std::move(filter).value();
  options.policy = &policy_of(typed.on_conflict);
  if (typed.on_conflict == OnConflict::ask && can_ask()) options.decide = conflict_prompt(context);
  options.profile_size_max = typed.size_max_kib * 1024;
  options.check_owner = !typed.no_owner_check;
  BOOST_OUTCOME_TRY(options.access, access_inquiry(typed.access));
  options.process_terminate_timeout = typed.process_terminate_timeout_ms < 0
                                          ? wait_for_ever
                                          : std::chrono::milliseconds(typed.process_terminate_timeout_ms);
  options.lock_patience = std::chrono::milliseconds(typed.lock_timeout_ms);
  options.slow_link.latency_max = std::chrono::milliseconds(typed.slow_link_ms);
  options.on_event = context.on_event;
  options.stop = context.stop;
  return options;
}

}  // namespace roamsync::cli
