#include "session/carry_out.hpp"

#include "session/merge_hive.hpp"
#include "session/room.hpp"

#include <algorithm>

namespace roamsync {
namespace {

const ProfilePath pages_path = ProfilePath::literal(pages_name);

// A damaged page record costs bytes on the line, nothing else.
PageRecord load_pages(Workspace& work) {
  const auto bytes = read_record_file(work.state, pages_path);
  if (!bytes || !bytes.value()) return {};
  auto pages = read_pages(*bytes.value(), work.state.location_of(pages_path));
  if (!pages) {
    work.notice(event_id::none, Level::warning, pages.error().message() + "; large files are sent whole");
    return {};
  }
  return std::move(pages).value();
}

Result<void> save_pages(Workspace& work, PageRecord pages, const Published& published) {
  if (published.pages.empty()) return success();
  for (const auto& [path, digests] : published.pages) {
    std::erase_if(pages.files, [&path = path](const PageRecord::File& file) { return file.path.same_file(path); });
    const auto entry = std::find_if(published.files.begin(), published.files.end(),
                                    [&path = path](const Entry& file) { return file.path == path; });
    if (entry == published.files.end() || !entry->digest) continue;
    pages.files.push_back({.path = path, .content = *entry->digest, .pages = digests});
  }
  return replace_record_file(work.state, pages_path, write_pages(pages), false);
}

// The local profile's old logs belong to its old hive.
Result<void> remove_hive_logs(Workspace& work, ChangeSet& changes) {
  BOOST_OUTCOME_TRY(const Listing root, work.local.list(ProfilePath()));
  for (const Entry& entry : root.entries) {
    if (entry.is_file() && is_hive_log(entry.path)) changes.removals.push_back({entry});
  }
  return success();
}

bool is_same_file(const Entry& left, const Entry& right) { return left.path == right.path && same_stamp(left, right); }

}  // namespace

HiveChoice hive_choice(const PlanInput& input, const Plan& plan) {
  if (const Action* action = hive_action(plan)) {
    if (action->verb == Verb::merge_hive) return HiveChoice::merged;
    return plan.direction == Direction::logoff ? HiveChoice::local : HiveChoice::server;
  }
  const Entry* local = find_hive(input.local);
  const Entry* server = find_hive(input.server);
  if (local == nullptr && server == nullptr) return HiveChoice::none;
  if (local == nullptr) return HiveChoice::server;
  if (server == nullptr) return HiveChoice::local;
  const bool same =
      (local->digest && server->digest)
          ? local->digest == server->digest
          : local->size == server->size && same_time(local->modified, server->modified, input.time_resolution);
  if (same) return HiveChoice::equal;
  return plan.direction == Direction::logoff ? HiveChoice::server : HiveChoice::local;
}

std::chrono::nanoseconds resolution_of(const Store& left, const Store& right) {
  return std::max(left.traits().time_resolution, right.traits().time_resolution);
}

Result<CarriedOut> carry_out(Workspace& work, const Survey& survey, const PlanInput& input, const Plan& plan,
                             const CarryOut& how) {
  const bool up = plan.direction == Direction::logoff;
  Store& source = up ? work.local : how.server;
  Store& target = up ? how.server : work.local;
  const Tree& source_tree = up ? survey.local.tree : survey.server.tree;
  const Tree& target_tree = up ? survey.server.tree : survey.local.tree;

  std::optional<CheckedHive> hive;
  if (const Action* action = hive_action(plan)) {
    work.step("check the hive");
    const bool snapshot = up && work.report.unload == HiveUnload::snapshot;
    if (action->verb == Verb::merge_hive) {
      const Entry& local = up ? *action->source : *action->target;
      const Entry& theirs = up ? *action->target : *action->source;
      BOOST_OUTCOME_TRY(hive, merge_local_and_server_hive(work, how.server, survey.base.base, plan.direction,
                                                          local.path, theirs.path, snapshot));
    } else if (up && survey.local_hive && is_same_file(survey.local_hive->entry, *action->source)) {
      hive = survey.local_hive;
    } else {
      BOOST_OUTCOME_TRY(hive, read_hive(work, source, action->source->path, snapshot));
    }
  }
  work.report.hive = hive_choice(input, plan);

  ChangeSet changes = changes_of(plan, source, target, hive);
  if (!up && hive) {
    BOOST_OUTCOME_TRY(remove_hive_logs(work, changes));
  }
  PageRecord pages;
  if (wants_pages(changes)) {
    pages = load_pages(work);
    add_pages(changes, pages);
  }
  RoomNeeded needed = room_needed(changes);
  needed += room_for(how.lost);
  BOOST_OUTCOME_TRY(check_space(target, needed));

  if (how.access != nullptr) {
    for (const Action& action : plan.actions) {
      if (action.keeps_target_access) how.access->keep_list_at(action.path);
    }
  }

  CarriedOut after;
  const auto trees_after = [&](const Published& published) {
    CarriedOut trees;
    (up ? trees.server_after : trees.local_after) = target_after(target_tree, changes, published);
    (up ? trees.local_after : trees.server_after) = source_after(source_tree, source, hive, changes, published);
    return trees;
  };
  const PublishOptions options{.transaction = how.transaction,
                               .lanes = work.options.lanes,
                               .verify = work.options.verify,
                               .history = how.history,
                               .lost = how.lost,
                               .head_name = std::string(how.record_name),
                               .make_head = [&](const Published& published) -> Result<std::vector<std::byte>> {
                                 after = trees_after(published);
                                 return how.make_record(after);
                               },
                               .fit_attributes = fit_attributes_of(how.access),
                               .before_intent = how.before_intent,
                               .monotonic = [&work] { return work.host.monotonic(); },
                               .on_event = [&work](const Event& event) { work.tell(event); },
                               .stop = work.options.stop};
  work.step("publish");
  const RecordFolder records =
      up ? RecordFolder{how.server, server_records()} : RecordFolder{work.state, ProfilePath()};
  BOOST_OUTCOME_TRY(const Published published, publish(target, records, changes, options));

  Report& report = work.report;
  (up ? report.uploaded : report.downloaded) = published.files.size();
  report.deleted = plan.deleted_files();
  report.bytes = published.bytes;
  if (hive) {
    report.bytes.read += hive->bytes.size();
    after.base_hive = hive->merged_from;
  }
  for (const ProfilePath& folder : published.kept_directories) {
    work.notice(event_id::none, Level::information,
                target.location_of(folder) + " was to be deleted and is kept, for something else is in it");
  }
  if (const auto saved = save_pages(work, std::move(pages), published); !saved) {
    work.notice(event_id::none, Level::warning, saved.error().message());
  }
  return after;
}

}  // namespace roamsync
