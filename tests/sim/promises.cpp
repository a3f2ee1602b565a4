#include "sim/promises.hpp"

#include "support/difference.hpp"

#include <algorithm>

namespace roamsync::sim {
namespace {

using testing::difference;

const std::string hive_name = "NTUSER.DAT";

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

bool lacks_files_only(const Profile& found, const Profile& whole) {
  return std::ranges::all_of(found, [&](const auto& one) {
    const auto at = whole.find(one.first);
    return at != whole.end() && at->second == one.second;
  });
}

}  // namespace

Promises::Promises(World& world) : world_(world), machines_(world.machines.size()) {
  take_server_as_it_is();
  for (std::size_t machine = 0; machine < machines_.size(); ++machine) take_machine_as_it_is(machine);
}

void Promises::take_server_as_it_is() {
  const View view = server_view();
  server_ = {.possible = {view.profile}, .machine_bound = view.machine_bound};
  server_has_hive_ = profile_of(world_.server.content()).contains(hive_name);
}

void Promises::take_machine_as_it_is(std::size_t machine) {
  const View view = view_of(machine);
  machines_[machine] = {.possible = {view.profile}, .machine_bound = view.machine_bound};
}

void Promises::expect(const Call& call, std::size_t machine, const CallResult& result, const Content& workstation,
                      const Content& server) {
  const View server_now = server_view();
  const View machine_now = view_of(machine);
  before_.clear();
  for (const Profile& profile : {server_now.profile, machine_now.profile}) {
    for (const auto& [path, bytes] : profile) before_.insert(bytes);
  }
  expected_server_ = view_of_server(server).profile;
  expected_machine_ = view_of_machine(workstation).profile;
  server_.possible.push_back(expected_server_);
  machines_[machine].possible.push_back(expected_machine_);
  if (call.deed == Deed::log_off && call.options.delete_cache) {
    machines_[machine].may_lack_files = true;
    for (const auto& [path, bytes] : machine_now.machine_bound) world_.ledger.supersede(bytes);
  }
  if (call.deed == Deed::log_on && call.options.rules != Rules::base) {
    for (const auto& [path, bytes] : machine_now.profile) {
      const auto after = expected_machine_.find(path);
      if (after == expected_machine_.end() || after->second != bytes) world_.ledger.supersede(bytes);
    }
  }
  if (result.merged) {
    for (const Content& disk : {world_.server.content(), world_.machines[machine].disk.content()}) {
      for (const ProfilePath& folder : {ProfilePath(), profile_folder}) {
        const auto hive = disk.find(folder.child_unchecked(hive_name));
        if (hive == disk.end()) continue;
        const auto* bytes = reinterpret_cast<const char*>(hive->second.bytes.data());
        world_.ledger.supersede({bytes, hive->second.bytes.size()});
      }
    }
  }
}

void Promises::heard(const Call& call, std::size_t machine, const CallResult& result) {
  if (!result.said_so) return;
  server_.possible = {expected_server_};
  server_has_hive_ = expected_server_.contains(hive_name);
  const View server = server_view();
  const View view = view_of(machine);
  Side& side = machines_[machine];
  if (call.deed == Deed::log_on || call.deed == Deed::log_off) {
    side.possible = {result.local_copy_stays ? view.profile : expected_machine_};
    if (side.may_lack_files) side.machine_bound = view.machine_bound;
    side.may_lack_files = false;
  }
  // What else lies in the history may be what a call that died has begun to keep there.
  for (const auto& [path, bytes] : server.profile) before_.insert(bytes);
  for (const std::string& bytes : before_) {
    if (server.contents.contains(bytes)) world_.ledger.arrived_on_server(bytes);
  }
  if (call.deed == Deed::restore && !call.path && published_.contains(call.generation)) {
    const std::string differs = difference(without_case(published_[call.generation]), without_case(server.profile));
    if (!differs.empty()) {
      unkept_word_ =
          "restored means restored: generation " + std::to_string(call.generation) + " was different:" + differs;
    }
  }
  const bool publishes = call.deed == Deed::log_off || call.deed == Deed::restore;
  if (publishes && result.changed && knows_generations_) published_[result.generation] = server.profile;
  if (call.deed != Deed::log_off || call.options.rules != Rules::base) return;
  for (const auto& [path, bytes] : view.profile) {
    const auto known = world_.ledger.all().find(bytes);
    if (known == world_.ledger.all().end() || known->second.superseded || server.contents.contains(bytes)) continue;
    unkept_word_ = "uploaded means uploaded: " + call.machine + " has logged off, and " + known->second.title +
                   " is not on the server";
  }
}

std::string Promises::check() {
  if (!unkept_word_.empty()) return unkept_word_;
  const View server = server_view();
  std::vector<View> machines;
  if (std::string broken = check_hive_on(world_.server.content()); !broken.empty()) return broken;
  if (std::string broken = check_side("the server", server_, server); !broken.empty()) return broken;
  for (std::size_t machine = 0; machine < machines_.size(); ++machine) {
    machines.push_back(view_of(machine));
    const std::string& name = world_.machines[machine].name;
    if (std::string broken = check_side(name, machines_[machine], machines.back()); !broken.empty()) return broken;
  }
  return check_losses(server, machines);
}

std::string Promises::check_hive_on(const Content& server) {
  const Profile profile = profile_of(server);
  const auto hive = profile.find(hive_name);
  if (hive == profile.end()) return server_has_hive_ ? "the hive is whole: the server has none any more" : "";
  if (const std::string fault = fault_of_hive(hive->second); !fault.empty()) {
    return "the hive is whole: the server's is " + fault;
  }
  if (world_.ledger.knows(hive->second) || world_.ledger.take_up_merged(hive->second, at_server)) return "";
  return "the hive is whole: the server's is none that anybody wrote";
}

std::string Promises::check_side(const std::string& name, Side& side, const View& view) {
  if (!view.failure.empty()) return "nothing left behind: on " + name + ' ' + view.failure;
  const bool is_possible = std::ranges::find(side.possible, view.profile) != side.possible.end();
  const bool lacks_files = side.may_lack_files && std::ranges::any_of(side.possible, [&](const Profile& one) {
                             return lacks_files_only(view.profile, one);
                           });
  if (!is_possible && !lacks_files) {
    std::string text = "all or nothing: " + name + " is neither as before nor as after, but:";
    for (const Profile& one : side.possible) text += " [" + difference(one, view.profile) + " ]";
    return text;
  }
  if (!view.leftovers.empty()) return "nothing left behind: on " + name + " lies " + joined(view.leftovers);
  if (!view.strangers.empty()) return "nothing outside: on " + name + " lies " + joined(view.strangers);
  if (view.machine_bound != side.machine_bound && !side.may_lack_files) {
    return "nothing outside: what is bound to " + name +
           " has changed:" + difference(side.machine_bound, view.machine_bound);
  }
  return "";
}

std::string Promises::check_losses(const View& server, const std::vector<View>& machines) const {
  for (const auto& [bytes, written] : world_.ledger.all()) {
    if (written.superseded || server.contents.contains(bytes)) continue;
    if (written.on_server) return "no silent loss: " + written.title + " was on the server and is not any more";
    if (written.home != at_server && !machines[written.home].contents.contains(bytes)) {
      return "no silent loss: " + written.title + " is neither on the server nor where it was written";
    }
  }
  return "";
}

}  // namespace roamsync::sim
