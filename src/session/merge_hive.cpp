#include "session/merge_hive.hpp"

#include <roamsync/hive_merge.hpp>

#include "session/base_hive.hpp"
#include "session/records.hpp"

#include <algorithm>

namespace roamsync {
namespace {

// A root without anything below: against it both sides have only added.
Result<std::vector<std::byte>> empty_hive(std::span<const std::byte> like) {
  BOOST_OUTCOME_TRY(const hive::Hive model, hive::Hive::open(like));
  const hive::Key root = model.root();
  const hive::KeyNode node{.name = root.name(), .time = root.time(), .security = root.security()};
  return hive::write_hive(node);
}

std::string describe(const hive::Conflict& conflict) {
  std::string text = "hive conflict at " + conflict.path;
  if (conflict.kind == hive::ConflictKind::value) text += ", value \"" + conflict.value_name.utf8() + '"';
  text += " (" + std::string(hive::conflict_name(conflict.kind)) + "): the " +
          std::string(hive::side_name(conflict.taken)) + " one is taken: " + conflict.reason;
  return text;
}

Result<void> keep_lost_hive(Workspace& work, const CheckedHive& local) {
  const ProfilePath path = ProfilePath::literal("lost-hive");
  if (const auto kept = replace_record_file(work.state, path, local.bytes.view(), true); !kept) {
    return kept.error().within({.step = "keep the local hive"});
  }
  work.notice(event_id::none, Level::information,
              "the local hive as it was is kept as " + work.state.location_of(path) +
                  ", until the next merge that settles something against it");
  return success();
}

}  // namespace

Result<CheckedHive> merge_local_and_server_hive(Workspace& work, Store& server, const Base& base, Direction direction,
                                                const ProfilePath& local_path, const ProfilePath& server_path,
                                                bool snapshot) {
  work.step("merge the hives");
  BOOST_OUTCOME_TRY(CheckedHive local, read_hive(work, work.local, local_path, snapshot));
  BOOST_OUTCOME_TRY(CheckedHive theirs, read_hive(work, server, server_path, false));
  BOOST_OUTCOME_TRY(auto before, find_base_hive(work, server, base));
  if (!before) {
    work.notice(
        event_id::none, Level::warning,
        "the hive both sides began with is not kept: what only one side has is kept, also what the other deleted");
    BOOST_OUTCOME_TRY(before, empty_hive(local.bytes.view()));
  }
  BOOST_OUTCOME_TRY(hive::Merged merged, hive::merge_hives(*before, local.bytes.view(), theirs.bytes.view()));
  for (const hive::Conflict& conflict : merged.conflicts) {
    work.notice(event_id::none, Level::warning, describe(conflict));
  }
  if (std::ranges::count(merged.conflicts, hive::Side::server, &hive::Conflict::taken) > 0) {
    BOOST_OUTCOME_TRYV(keep_lost_hive(work, local));
  }
  CheckedHive& source = direction == Direction::logoff ? local : theirs;
  source.entry.digest = digest_of(source.bytes.view());
  source.merged_from = std::move(source.bytes);
  source.bytes = SharedBytes(std::move(merged.file));
  source.attributes.modified = work.host.now();
  return std::move(source);
}

}  // namespace roamsync
