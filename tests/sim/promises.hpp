/// @file
/// Promises: what must hold after every step of a simulation, whatever went wrong in it.
///
/// - *The hive is whole.* The server's `NTUSER.DAT`, recovered or not, is bytes that somebody wrote, or a merge of such, and
///   passes check_hive.
/// - *All or nothing.* Once recovered, a profile, the server's or a workstation's, is as it was before the call or as the same call
///   makes it when nothing goes wrong. What a call has said to be done is so for good, through any power cut after it. Only
///   when a local copy is deleted after its upload may some of it be gone already.
/// - *Nothing left behind, nothing outside.* Recovery leaves no temporary name and no intent; doing it twice changes nothing;
///   among the records lies nothing unheard of; what is bound to a machine is not touched and does not come to the server.
/// - *No silent loss.* What somebody wrote and nobody who had it replaced or deleted is where he wrote it, or on the server, under a
///   name or in the history. Once a call has said so, it is on the server. Two hives that are merged count as replaced:
///   a merge decides setting by setting, and tells. So does what is bound to a machine whose local copy is deleted, and what a
///   logon by the rules of NT 4 or Windows 2000 replaces: there clocks alone decide, and nothing is a conflict.
/// - *Restored means restored.* A generation that is restored whole is, name by name, what was published under its number, as
///   long as nobody worked on the share by hand: a logoff does not look where nothing of its own goes, and so may publish what
///   it has not seen.
/// - *Uploaded means uploaded.* After a logoff that says it is done, by roamsync's own rules, all that is in the local profile is on
///   the server.
#pragma once

#include "sim/call.hpp"
#include "sim/views.hpp"
#include "sim/world.hpp"

namespace roamsync::sim {

class Promises {
 public:
  explicit Promises(World& world);

  /// Somebody changed this by hand, or all of it was written back: what is there now is what there is.
  void take_server_as_it_is();
  void take_machine_as_it_is(std::size_t machine);
  /// Records on the server are gone or damaged, or somebody else works there: what generations held is not known any more.
  void forget_generations() {
    published_.clear();
    knows_generations_ = false;
  }
  /// A call is about to be made that, undisturbed, would leave these disks and say `result`.
  void expect(const Call& call, std::size_t machine, const CallResult& result, const Content& workstation,
              const Content& server);
  /// It was made, and what it said has been heard; not when it died before.
  void heard(const Call& call, std::size_t machine, const CallResult& result);

  /// The promise that is broken and how; empty when all hold.
  std::string check();
  /// The same for any disk of the server that a power cut may leave.
  std::string check_hive_on(const Content& server);

 private:
  struct Side {
    std::vector<Profile> possible;
    Profile machine_bound;
    bool may_lack_files = false;
  };

  std::string check_side(const std::string& name, Side& side, const View& view);
  std::string check_losses(const View& server, const std::vector<View>& machines) const;
  View view_of(std::size_t machine) const { return view_of_machine(world_.machines[machine].disk.content()); }
  View server_view() const { return view_of_server(world_.server.content()); }

  World& world_;
  Side server_;
  bool server_has_hive_ = false;  ///< durably, under its name
  std::vector<Side> machines_;
  std::set<std::string> before_;  ///< the contents of both profiles before the call
  Profile expected_server_;
  Profile expected_machine_;
  bool knows_generations_ = true;
  std::map<std::uint64_t, Profile> published_;  ///< by roamsync, by generation
  std::string unkept_word_;                     ///< what a call has said that is not so
};

}  // namespace roamsync::sim
