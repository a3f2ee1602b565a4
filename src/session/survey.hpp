/// @file
/// Survey: both sides scanned, with what is remembered of them. What a plan is made from.
#pragma once

#include <roamsync/scan.hpp>

#include "session/carried_access.hpp"
#include "session/hive_gate.hpp"
#include "session/records.hpp"
#include "session/workspace.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace roamsync {

/// The folder of roamsync's records on a server.
ProfilePath server_records();
/// Where the files of one generation are kept there.
ProfilePath history_folder(std::uint64_t generation);

/// What the server's head says. Nothing when there is none, or when it is damaged (which is told).
/// Its tree is read only when `known` (the base's generation) is another one.
Result<std::optional<HeadRecord>> load_head(Workspace& work, Store& server, const GenerationId& known);

/// What `known` says of the same names: digests where nothing was written since, and the paths themselves, so that their text
/// is held once. Both are in PathOrder: one pass.
void take_over_known(Tree& tree, const Tree& known);

struct Survey {
  ScanResult local;
  ScanResult server;
  std::optional<HeadRecord> head;
  BaseRecord base;
  std::optional<CheckedHive>
      local_hive;              ///< by_generation: read and judged on the way when it has changed, and is clean
  bool as_remembered = false;  ///< both sides and the generation are what the base says, to the last stamp
  bool lists_settled = false;  ///< the base has new marks of lists that say the same as ever
  std::vector<std::string> local_obstacles;
  std::vector<std::string> server_obstacles;

  GenerationId generation() const { return head ? head->id : GenerationId(); }
  /// The state that a publish comes after: the head's, or, where that is gone, the last one that this machine knew.
  const GenerationId& last_id() const { return head ? head->id : base.id; }
  const Lineage& last_lineage() const { return head ? head->lineage : base.lineage; }
  PlanInput input(Workspace& work, Direction direction, const SessionRecord& session,
                  std::chrono::nanoseconds resolution) const;
};

/// Entry for entry the same, but for the times of folders, and for access lists that nobody looked at now.
bool same_content(const Tree& now, const Tree& before);

/// How much of the server is looked at.
enum class ServerScan {
  whole,
  /// When the server's generation is the base's, nobody has published since: only its root and the folders of what changed
  /// here are listed, the rest is as the base has it. What others did there without roamsync is met at the next logon, and
  /// before that in any folder that is written to. An upload needs no more: what is unchanged here stays as it is there.
  by_generation,
};

/// What is known of the local side before anything of the server is read.
struct LocalSide {
  const Tree* tree = nullptr;   ///< null: it is scanned together with the server
  bool nothing_is_new = false;  ///< it is known to be as the base has it
};
/// Called once, at that moment.
using BeforeServer = std::function<Result<void>(const LocalSide&)>;

/// Scans both sides and loads the base, and gives the entries the digests that head and base know. With `access`, where lists
/// are carried, the entries have the marks of theirs, and lists that were only written anew count as unchanged.
Result<Survey> make_survey(Workspace& work, Store& server, ServerScan how, CarriedAccess* access,
                           const BeforeServer& before_server = {});

/// Reads the files that stamps cannot tell apart, so that the plan can.
Result<void> compare_contents(Workspace& work, Store& server, Survey& survey, const PlanInput& input);

}  // namespace roamsync
