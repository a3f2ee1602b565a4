#include "sim/call.hpp"

#include "sim/disk.hpp"

#include "support/sim_host.hpp"
#include "support/sub_store.hpp"

#include <algorithm>

namespace roamsync::sim {
namespace {

struct Named {
  const char* name;
  const Policy* policy;
};
const std::array policies{Named{"newest wins", &newest_wins()}, Named{"local wins", &local_wins()},
                          Named{"the server wins", &server_wins()}, Named{"keeps both", &keeps_both()},
                          Named{"merges", &merges()}};

std::string name_of(const Policy* policy) {
  for (const Named& one : policies) {
    if (one.policy == policy) return one.name;
  }
  return "default policy";
}

class Caller {
 public:
  Caller(const Call& call, Store& workstation, Store& server, const Faults& faults)
      : call_(call),
        faults_(faults),
        profile_(workstation, profile_folder),
        state_(workstation, state_folder),
        sides_{{{profile_, process_}, {state_, process_}, {server, process_}}} {
    host_.machine = call.machine;
    host_.seed(call.seed);
    host_.set_now(call.now);
    arm();
  }

  CallResult run(Sabotage sabotage) {
    TwoStepReplace sabotaged(side(Side::server).store());
    Store& server = sabotage == Sabotage::server_replaces_in_two_steps ? sabotaged : side(Side::server).store();
    CallResult result =
        call_.deed == Deed::recover ? result_of(recover_server(host_, server, no_patience)) : result_of(report(server));
    for (std::size_t i = 0; i < sides_.size(); ++i) {
      result.counts.of_side[i] = sides_[i].faults().operations();
      result.counts.new_files[i] = sides_[i].disk().new_files();
      if (result.hit.empty()) result.hit = sides_[i].faults().failed();
    }
    result.counts.in_all = process_.operations();
    if (result.hit.empty()) result.hit = process_.failed();
    return result;
  }

 private:
  static constexpr std::chrono::milliseconds no_patience{0};

  FaultySide& side(Side which) { return sides_[static_cast<std::size_t>(which)]; }

  void arm() {
    testing::Fault fault{.operation = faults_.operation, .code = faults_.code};
    switch (faults_.kind) {
      case Faults::Kind::none:
      case Faults::Kind::server_away: break;
      case Faults::Kind::operation_fails: side(faults_.side).faults().arm(fault); break;
      case Faults::Kind::disk_full: side(faults_.side).disk().set_room(faults_.operation - 1); break;
      case Faults::Kind::line_cut:
      case Faults::Kind::server_loses_power:
        fault.and_all_after = true;
        side(Side::server).faults().arm(fault);
        break;
      case Faults::Kind::killed:
      case Faults::Kind::workstation_loses_power:
        fault.and_all_after = true;
        process_.arm(fault);
        break;
    }
  }

  Result<Report> report(Store& server) {
    if (call_.deed == Deed::restore) {
      return restore_generation(host_, server, call_.generation, call_.path, call_.options);
    }
    Endpoints endpoints{side(Side::local).store(), &server, side(Side::state).store()};
    if (faults_.kind == Faults::Kind::server_away) {
      endpoints.server = AbsentServer{.location = server.location(), .why = Errc::server_unavailable};
    }
    Session session(host_, endpoints);
    return call_.deed == Deed::log_on ? session.log_on(call_.options) : session.log_off(call_.options);
  }

  static bool tells_of_local_copy(const Report& report) {
    return std::ranges::any_of(report.notices,
                               [](const Notice& notice) { return notice.text.starts_with("the local copy "); });
  }
  static CallResult result_of(const Result<Report>& report) {
    if (!report) return failed(report.error());
    const Report& told = report.value();
    CallResult result{.words = std::string(text_of(told.outcome)) + ", generation " + std::to_string(told.generation),
                      .said_so = told.outcome == Outcome::synced || told.outcome == Outcome::nothing_to_do,
                      .changed = told.outcome == Outcome::synced,
                      .generation = told.generation,
                      .merged = told.hive == HiveChoice::merged,
                      .local_copy_stays = tells_of_local_copy(told),
                      .error = told.cause};
    if (told.uploaded > 0) result.words += ", " + std::to_string(told.uploaded) + " up";
    if (told.downloaded > 0) result.words += ", " + std::to_string(told.downloaded) + " down";
    if (told.deleted > 0) result.words += ", " + std::to_string(told.deleted) + " deleted";
    if (!told.conflicts.empty()) result.words += ", " + std::to_string(told.conflicts.size()) + " conflicts";
    if (told.cause) result.words += " (" + told.cause->message() + ')';
    return result;
  }
  static CallResult result_of(const Result<Recovery>& recovery) {
    if (!recovery) return failed(recovery.error());
    constexpr std::array outcomes{"nothing to do", "rolled forward", "cleared"};
    return {.words = outcomes[static_cast<std::size_t>(recovery.value().outcome)], .said_so = true};
  }
  static CallResult failed(const Error& error) {
    return {.words = "fails: " + error.message(), .error = error, .has_report = false};
  }

  const Call& call_;
  const Faults& faults_;
  testing::SimHost host_;
  testing::FaultCounter process_;
  testing::SubStore profile_;
  testing::SubStore state_;
  std::array<FaultySide, 3> sides_;
};

}  // namespace

SessionOptions plain_options(Sabotage sabotage) {
  SessionOptions options{.lanes = 1, .lock_patience = std::chrono::milliseconds(0)};
  options.deletion_guard.percent_max = 100;
  const bool forgets = sabotage == Sabotage::server_forgets_history;
  options.history = {.generations_max = forgets ? 1U : 100'000U, .bytes_max = forgets ? 1U : 1ULL << 40};
  return options;
}

SessionOptions draw_options(Random& random, Sabotage sabotage) {
  SessionOptions options = plain_options(sabotage);
  options.policy = policies[random.weighted({10, 3, 3, 4, 3})].policy;
  options.rules = static_cast<Rules>(random.weighted({26, 1, 1}));
  options.verify = static_cast<Verify>(random.weighted({4, 1, 1}));
  options.delete_cache = random.one_in(20);
  if (random.one_in(3)) options.deletion_guard = {};
  return options;
}

std::string words_of(const Call& call) {
  switch (call.deed) {
    case Deed::log_on:
    case Deed::log_off: {
      constexpr std::array rules{"", ", by NT 4's rules", ", by Windows 2000's rules"};
      std::string words = call.machine + (call.deed == Deed::log_on ? " logs on (" : " logs off (");
      words += name_of(call.options.policy) + rules[static_cast<std::size_t>(call.options.rules)];
      if (call.options.delete_cache && call.deed == Deed::log_off) words += ", deletes the local copy";
      return words + ')';
    }
    case Deed::restore:
      return "an administrator restores generation " + std::to_string(call.generation) +
             (call.path ? ", only " + std::string(call.path->text()) : std::string());
    case Deed::recover: return "an administrator recovers the server";
  }
  return "";
}

CallResult make_call(const Call& call, Store& workstation, Store& server, const Faults& faults, Sabotage sabotage) {
  return Caller(call, workstation, server, faults).run(sabotage);
}

}  // namespace roamsync::sim
