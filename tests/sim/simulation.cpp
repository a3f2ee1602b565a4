#include "sim/simulation.hpp"

#include "sim/promises.hpp"
#include "sim/users.hpp"

#include "support/change_set.hpp"
#include "support/difference.hpp"

#include <roamsync/session.hpp>

#include <set>

namespace roamsync::sim {
namespace {

using testing::difference;

constexpr std::size_t rounds_max = 6;  // after the faults, until there is nothing to do

class Simulation {
 public:
  explicit Simulation(const SimulationOptions& options)
      : options_(options), world_(options.seed, options.sabotage), promises_(world_) {}

  SimulationResult run() {
    settle_in();
    for (std::size_t step = 0; step < options_.steps && holds(); ++step) {
      world_.let_time_pass();
      do_something();
      check();
      write_back_at_times();
    }
    if (holds()) say("the faults stop");
    if (holds()) converge();
    return std::move(result_);
  }

 private:
  bool holds() const { return result_.broken.empty(); }
  void say(std::string words) {
    result_.trace.push_back(std::to_string(result_.trace.size() + 1) + ' ' + std::move(words));
  }
  void check() {
    if (holds()) result_.broken = promises_.check();
  }
  std::size_t any_machine() { return random().below(world_.machines.size()); }
  Random& random() { return world_.random; }

  // --- what may happen ---

  void settle_in() {
    for (std::size_t machine = 0; machine < world_.machines.size(); ++machine) {
      world_.let_time_pass();
      // A profile that is on two machines before they ever met a server has no common past.
      if (machine == 0 || random().one_in(4)) {
        at_desk(machine, "moves in: ", [](Desk& desk) { return desk.settle_in(); });
      }
    }
    check();
  }

  void do_something() {
    switch (random().weighted({70, 50, 50, 12, 8, 6, 4, 4, 2, 3})) {
      case 0: return at_desk(any_machine(), "", [](Desk& desk) { return desk.work(); });
      case 1: return log(Deed::log_off);
      case 2: return log(Deed::log_on);
      case 3: return at_share([](Desk& desk) { return desk.work(); });
      case 4: return restore();
      case 5: return recover_share(Phase::faults);
      case 6: return forget_state(any_machine());
      case 7: return damage_record();
      case 8: return forget_share();
      default: return set_clock(any_machine());
    }
  }

  template <class Work>
  void at_desk(std::size_t number, const std::string& how, Work work) {
    Machine& machine = world_.machines[number];
    Content disk = machine.disk.content();
    Desk desk(disk, profile_folder, {machine.name, number}, random(), world_.ledger, world_.now_at(machine));
    say(machine.name + "'s user " + how + work(desk));
    machine.disk.replace_with(disk);
    promises_.take_machine_as_it_is(number);
  }

  template <class Work>
  void at_share(Work work) {
    Content disk = world_.server.content();
    Desk desk(disk, ProfilePath(), {"A stock workstation", at_server}, random(), world_.ledger, world_.now());
    say("on the share a stock workstation " + work(desk));
    world_.server.replace_with(disk);
    promises_.forget_generations();
    promises_.take_server_as_it_is();
  }

  void log(Deed deed) {
    const std::size_t machine = any_machine();
    make(call_of(deed, machine, draw_options(random(), options_.sabotage)), machine, Phase::faults);
  }

  void restore() {
    const auto share = make_memory_store();
    share->set_content(world_.server.content());
    const auto history = list_history(*share);
    if (!history || history.value().empty()) return say("an administrator looks for a history and finds none");
    const HistoryGeneration& kept = random().pick(history.value());
    Call call = call_of(Deed::restore, 0, plain_options(options_.sabotage));
    call.machine = "ADMIN";
    call.generation = kept.generation;
    if (!kept.files.empty() && random().one_in(2)) call.path = random().pick(kept.files).path;
    make(std::move(call), 0, Phase::faults);
  }

  enum class Phase { faults, calm };
  void recover_share(Phase phase) {
    Call call = call_of(Deed::recover, 0, plain_options(options_.sabotage));
    call.machine = "ADMIN";
    make(std::move(call), 0, phase);
  }

  // Somebody who deletes the record of a publish that is under way takes the matter into his own hands.
  void forget_state(std::size_t number) {
    Machine& machine = world_.machines[number];
    Content disk = machine.disk.content();
    if (!leftovers_on(disk).empty()) return say("nobody dares to delete the state folder of " + machine.name);
    std::erase_if(disk, [](const auto& one) { return state_folder.contains(one.first) && one.first != state_folder; });
    say("somebody deletes the state folder of " + machine.name);
    machine.disk.replace_with(disk);
    promises_.take_machine_as_it_is(number);
  }

  void forget_share() {
    Content disk = world_.server.content();
    if (!leftovers_on(disk).empty()) return say("nobody dares to delete the records of the server");
    say("an administrator deletes the records of the server, and the history with them");
    const ProfilePath records = ProfilePath::literal(record_folder_name);
    std::set<std::string> doomed;
    for (const auto& [path, node] : disk) {
      if (records.contains(path)) doomed.insert(testing::text_of(node.bytes));
    }
    std::erase_if(disk, [&](const auto& one) { return records.contains(one.first); });
    for (const auto& [path, bytes] : profile_of(disk)) doomed.erase(bytes);
    for (const std::string& bytes : doomed) world_.ledger.supersede(bytes);
    promises_.forget_generations();
    world_.server.replace_with(disk);
    promises_.take_server_as_it_is();
  }

  void damage_record() {
    const bool at_the_server = random().one_in(2);
    const std::size_t number = any_machine();
    Disk& owner = at_the_server ? world_.server : world_.machines[number].disk;
    Content disk = owner.content();
    std::vector<ProfilePath> records;
    for (const auto& [path, node] : disk) {
      const bool is_record = at_the_server ? path.text() == ".roamsync/head" || path.name() == history_head_name
                                           : state_folder.contains(path) && path.name() != "lock";
      if (is_record && !node.bytes.empty()) records.push_back(path);
    }
    if (records.empty() || !leftovers_on(disk).empty()) return say("no record is there to be damaged");
    const ProfilePath path = random().pick(records);
    auto& bytes = disk.at(path).bytes;
    const bool cut = random().one_in(3);
    const std::size_t at = random().below(bytes.size());
    if (cut) {
      bytes.resize(at);
    } else {
      bytes[at] ^= std::byte{0x40};
    }
    say((at_the_server ? "on the server " : "on " + world_.machines[number].name + ' ') + std::string(path.text()) +
        (cut ? " is cut at byte " : " rots at byte ") + std::to_string(at));
    owner.replace_with(disk);
    if (at_the_server) promises_.forget_generations();
    take_all_as_it_is();
  }

  void set_clock(std::size_t number) {
    Machine& machine = world_.machines[number];
    machine.clock_off_ticks = draw_clock_error(random());
    say("the clock of " + machine.name + " is set, " +
        std::to_string(machine.clock_off_ticks / FileTime::ticks_per_second) + " s off");
  }

  // What nobody flushed reaches the disk in the end, if nothing happens before.
  void write_back_at_times() {
    if (random().one_in(2)) {
      world_.server.write_back();
      promises_.take_server_as_it_is();
    }
    for (std::size_t machine = 0; machine < world_.machines.size(); ++machine) {
      if (!random().one_in(2)) continue;
      world_.machines[machine].disk.write_back();
      promises_.take_machine_as_it_is(machine);
    }
  }

  void take_all_as_it_is() {
    promises_.take_server_as_it_is();
    for (std::size_t machine = 0; machine < world_.machines.size(); ++machine) promises_.take_machine_as_it_is(machine);
  }

  // --- calls ---

  Call call_of(Deed deed, std::size_t machine, SessionOptions options) {
    return {.deed = deed,
            .machine = world_.machines[machine].name,
            .options = std::move(options),
            .now = world_.now_at(world_.machines[machine]),
            .seed = random().next()};
  }

  CallResult make(Call call, std::size_t number, Phase phase) {
    Machine& machine = world_.machines[number];
    // First on copies, with nothing going wrong: that is what it should lead to, and how many operations there are to fail.
    const auto workstation = make_memory_store();
    const auto share = make_memory_store();
    workstation->set_content(machine.disk.content());
    share->set_content(world_.server.content());
    const CallResult undisturbed = make_call(call, *workstation, *share, {}, options_.sabotage);
    if (call.deed == Deed::restore && !profile_of(share->content()).contains("NTUSER.DAT")) {
      say(words_of(call) + " in thought only, for that one had no hive");
      return undisturbed;
    }
    promises_.expect(call, number, undisturbed, workstation->content(), share->content());
    if (!undisturbed.has_report && call.deed != Deed::restore) {
      say(words_of(call) + ": " + undisturbed.words);
      result_.broken = "a report: the call has none though nothing went wrong";
      return undisturbed;
    }

    const Faults faults = phase == Phase::faults ? draw_faults(random(), undisturbed.counts) : Faults();
    CallResult result = make_call(call, machine.disk.store(), world_.server.store(), faults, options_.sabotage);
    say(words_of(call) + words_of(faults, result.hit) + ": " +
        (faults.kills() ? "nobody hears how it ends" : result.words));
    if (faults.kind == Faults::Kind::workstation_loses_power) cut_power(machine.disk);
    if (faults.kind == Faults::Kind::server_loses_power) cut_power(world_.server);
    if (!faults.kills()) promises_.heard(call, number, result);
    return result;
  }

  void cut_power(Disk& disk) {
    const std::uint64_t seed = random().next();
    const std::vector<Content> disks = disk.after_power_cut(seed);
    if (&disk == &world_.server) {
      for (const Content& one : disks) {
        if (holds()) result_.broken = promises_.check_hive_on(one);
      }
    }
    disk.replace_with(random().pick(disks));
  }

  // --- when the faults have stopped ---

  void converge() {
    recover_share(Phase::calm);
    check();
    for (std::size_t machine = 0; machine < world_.machines.size() && holds(); ++machine) {
      close_hive(machine);
    }
    bool at_rest = false;
    while (!at_rest && result_.rounds < rounds_max && holds()) {
      at_rest = true;
      for (std::size_t machine = 0; machine < world_.machines.size(); ++machine) {
        for (const Deed deed : {Deed::log_off, Deed::log_on}) {
          if (!holds()) return;
          world_.let_time_pass();
          const CallResult result =
              make(call_of(deed, machine, plain_options(options_.sabotage)), machine, Phase::calm);
          at_rest = at_rest && result.said_so && !result.changed;
          if (result.error && is_for_people(*result.error)) forget_state(machine);
          check();
        }
      }
      ++result_.rounds;
    }
    if (holds() && !at_rest) result_.broken = "rest: there is something to do for ever";
    if (holds()) check_equal();
  }

  // The share's records were deleted and made anew by another machine, or with all files that anybody knew: somebody does what
  // the cure says.
  static bool is_for_people(const Error& error) {
    return error.code() == Errc::other_profile || error.code() == Errc::server_emptied;
  }

  void close_hive(std::size_t number) {
    Machine& machine = world_.machines[number];
    Content disk = machine.disk.content();
    Desk desk(disk, profile_folder, {machine.name, number}, random(), world_.ledger, world_.now_at(machine));
    if (!desk.close_hive()) return;
    say(machine.name + "'s user closes the hive");
    machine.disk.replace_with(disk);
    promises_.take_machine_as_it_is(number);
  }

  void check_equal() {
    const Profile server = without_case(profile_of(world_.server.content()));
    for (const std::string& left : leftovers_on(world_.server.content())) {
      result_.broken = "nothing left behind: in the end " + left + " lies on the server";
    }
    for (const Machine& machine : world_.machines) {
      const Content disk = machine.disk.content();
      for (const std::string& left : leftovers_on(disk)) {
        result_.broken = "nothing left behind: in the end " + left + " lies on " + machine.name;
      }
      const Profile local = without_case(profile_of(content_below(disk, profile_folder)));
      if (local != server) {
        result_.broken =
            "convergence: in the end " + machine.name + " differs from the server:" + difference(server, local);
      }
    }
  }

  SimulationOptions options_;
  World world_;
  Promises promises_;
  SimulationResult result_;
};

}  // namespace

SimulationResult simulate(const SimulationOptions& options) { return Simulation(options).run(); }

}  // namespace roamsync::sim
