#include "session/survey.hpp"

#include "copy/copy.hpp"
#include "copy/lanes.hpp"
#include "plan/rows.hpp"
#include "session/scan_changed.hpp"

#include <algorithm>
#include <set>

namespace roamsync {
namespace {

std::vector<std::string> paths_of(const std::vector<Unusable>& unusable) {
  std::vector<std::string> paths;
  paths.reserve(unusable.size());
  for (const Unusable& one : unusable) paths.push_back(one.path);
  return paths;
}

Result<void> add_digests(Workspace& work, Store& store, Tree& tree, std::span<const ProfilePath> paths) {
  const unsigned lanes = std::max(1U, work.options.lanes);
  auto buffers = CopyBuffer::several(lanes);
  const std::span<Entry> entries = tree.entries_for_update();
  return run_in_lanes(paths.size(), lanes, work.options.stop, [&](std::size_t item, unsigned lane) -> Result<void> {
    const Entry* const found = tree.find(paths[item]);
    if (found == nullptr || found->digest) return success();
    BOOST_OUTCOME_TRY(const auto file, store.open(found->path));
    BOOST_OUTCOME_TRY(entries[static_cast<std::size_t>(found - entries.data())].digest,
                      digest_file(*file, buffers[lane], {}, work.options.stop));
    return success();
  });
}

}  // namespace

bool same_content(const Tree& now, const Tree& before) {
  return now.shares_entries_with(before) ||
         std::ranges::equal(now.entries(), before.entries(), [](const Entry& a, const Entry& b) {
           if (a.path != b.path || a.kind != b.kind || a.mode != b.mode) return false;
           if (a.access_mark != b.access_mark && a.access_mark != access_mark_unknown) return false;
           // Putting a file into a folder changes the folder's time, and nothing that anybody wants to know.
           if (a.is_directory()) return true;
           return a.size == b.size && a.modified == b.modified && a.id == b.id && a.digest == b.digest;
         });
}

ProfilePath server_records() { return ProfilePath::literal(record_folder_name); }

ProfilePath history_folder(std::uint64_t generation) {
  return server_records().child_unchecked(history_name).child_unchecked(std::to_string(generation));
}

void take_over_known(Tree& tree, const Tree& known) {
  if (known.empty() || tree.shares_entries_with(known)) return;
  auto there = known.entries().begin();
  const auto end = known.entries().end();
  for (Entry& entry : tree.entries_for_update()) {
    while (there != end && PathOrder::compare(there->path, entry.path) < 0) ++there;
    if (there == end) return;
    if (PathOrder::compare(there->path, entry.path) != 0) continue;
    if (entry.path == there->path) entry.path = there->path;
    if (entry.is_file() && !entry.digest && there->digest && same_stamp(*there, entry)) entry.digest = there->digest;
  }
}

Result<std::optional<HeadRecord>> load_head(Workspace& work, Store& server, const GenerationId& known) {
  const ProfilePath path = server_records().child_unchecked(head_name);
  const std::string location = server.location_of(path);
  BOOST_OUTCOME_TRY(const auto bytes, read_record_file(server, path));
  if (!bytes) return std::optional<HeadRecord>();
  auto head = read_head(*bytes, location, false);
  if (head && head.value().id != known) head = read_head(*bytes, location, true);
  if (!head) {
    if (head.error().code() != Errc::record_damaged) return std::move(head).error();
    work.notice(event_id::none, Level::warning,
                head.error().message() + "; it is made anew from the files that are there");
    return std::optional<HeadRecord>();
  }
  return std::optional(std::move(head).value());
}

PlanInput Survey::input(Workspace& work, Direction direction, const SessionRecord& session,
                        std::chrono::nanoseconds resolution) const {
  return {.local = local.tree,
          .server = server.tree,
          .base = base.base,
          .direction = direction,
          .rules = work.options.rules,
          .local_obstacles = local_obstacles,
          .server_obstacles = server_obstacles,
          .time_resolution = resolution,
          // Where nothing was ever in common nothing can have been deleted.
          .load_time = base.base.empty()                ? std::nullopt
                       : direction == Direction::logoff ? session.loaded
                                                        : session.logged_off,
          .generation = base.base.empty() ? 0 : base.id.generation,
          .machine = work.host.machine_name(),
          .now = work.host.now()};
}

namespace {

Result<ScanResult> scan_server(const Survey& survey, Store& server, const ScanOptions& options) {
  const Base& base = survey.base.base;
  const bool is_known = survey.head && survey.head->id == survey.base.id && base.server.file_count() > 0;
  return is_known ? scan_changed(server, survey.local.tree, base, options) : scan(server, options);
}

// The local hive, when it is not as the base has it: most logoffs change it, and judging it takes as long as the scan.
std::optional<CheckedHive> read_changed_hive(Workspace& work, const Tree& base) {
  const Entry* before = find_hive(base);
  if (before == nullptr || work.report.unload == HiveUnload::snapshot) return std::nullopt;
  const auto now = work.local.stat(before->path);
  if (!now || !now.value() || same_stamp(*now.value(), *before)) return std::nullopt;
  return read_hive_ahead(work.local, before->path);
}

// One side after the other. The base comes first: it spares the scan the listing of folders in which no name came or went.
Result<void> scan_by_generation(Workspace& work, Store& server, Survey& survey, unsigned lanes, ScanOptions options,
                                const BeforeServer& before_server) {
  options.lanes = lanes;
  BOOST_OUTCOME_TRY(survey.base, load_base(work));
  const Tree& known = survey.base.base.local;
  ScanOptions options_here = options;
  options_here.known = &known;
  const auto do_item = [&](std::size_t item, unsigned) -> Result<void> {
    if (item == 0) {
      BOOST_OUTCOME_TRY(survey.local, scan(work.local, options_here));
    } else {
      survey.local_hive = read_changed_hive(work, known);
    }
    return success();
  };
  BOOST_OUTCOME_TRY(run_in_lanes(2, std::min(2U, lanes), work.options.stop, do_item));
  take_over_known(survey.local.tree, survey.base.base.local);
  if (before_server) {
    BOOST_OUTCOME_TRYV(before_server(
        {.tree = &survey.local.tree, .nothing_is_new = same_content(survey.local.tree, survey.base.base.local)}));
  }
  BOOST_OUTCOME_TRY(survey.head, load_head(work, server, survey.base.id));
  BOOST_OUTCOME_TRY(survey.server, scan_server(survey, server, options));
  return success();
}

// Three things at a time; what lanes are left go to the folders of each side.
Result<void> scan_whole(Workspace& work, Store& server, Survey& survey, unsigned lanes, ScanOptions options,
                        const BeforeServer& before_server) {
  if (before_server) {
    BOOST_OUTCOME_TRYV(before_server({}));
  }
  options.lanes = std::max(1U, lanes / 2);
  Result<BaseRecord> base = BaseRecord();
  BOOST_OUTCOME_TRY(
      run_in_lanes(3, lanes == 1 ? 1 : 3, work.options.stop, [&](std::size_t item, unsigned) -> Result<void> {
        if (item == 0) {
          BOOST_OUTCOME_TRY(survey.local, scan(work.local, options));
        } else if (item == 1) {
          BOOST_OUTCOME_TRY(survey.server, scan(server, options));
        } else {
          base = read_saved_base(work.state);
        }
        return success();
      }));
  BOOST_OUTCOME_TRY(survey.base, base_or_none(work, std::move(base)));
  take_over_known(survey.local.tree, survey.base.base.local);
  BOOST_OUTCOME_TRY(survey.head, load_head(work, server, survey.base.id));
  return success();
}

// Samba writes a list anew, in other bytes, for reasons of its own. What says the same on both sides was not changed by anybody.
Result<void> settle_rewritten_lists(Survey& survey, CarriedAccess& access, Direction direction) {
  Base& base = survey.base.base;
  const std::span<Entry> base_local = base.local.entries_for_update();  // the rows point into them
  const std::span<Entry> base_server = base.server.entries_for_update();
  for (const Row& row : rows_of(survey.local.tree, survey.server.tree, base)) {
    const Triple& triple = row.triple;
    if (triple.local == nullptr || triple.server == nullptr || triple.base_local == nullptr) continue;
    if (same_access(*triple.local, *triple.base_local) && same_access(*triple.server, *triple.base_server)) continue;
    const View view(triple, direction);
    BOOST_OUTCOME_TRY(const bool same, access.mean_the_same(*view.source, *view.target));
    if (!same) continue;
    base_local[static_cast<std::size_t>(triple.base_local - base_local.data())].access_mark = triple.local->access_mark;
    base_server[static_cast<std::size_t>(triple.base_server - base_server.data())].access_mark =
        triple.server->access_mark;
    survey.lists_settled = true;
  }
  return success();
}

}  // namespace

Result<Survey> make_survey(Workspace& work, Store& server, ServerScan how, CarriedAccess* access,
                           const BeforeServer& before_server) {
  work.step("scan");
  Survey survey;
  const unsigned lanes = std::max(1U, work.options.lanes);
  const bool marks_access = access != nullptr && access->carries_lists();
  const ScanOptions options{.filter = &work.options.filter, .marks_access = marks_access, .stop = work.options.stop};
  const auto scan_both = how == ServerScan::whole ? scan_whole : scan_by_generation;
  BOOST_OUTCOME_TRY(scan_both(work, server, survey, lanes, options, before_server));
  take_over_known(survey.server.tree, survey.base.base.server);
  if (survey.head) take_over_known(survey.server.tree, survey.head->tree);
  if (survey.head) survey.head->tree = Tree();
  if (marks_access) {
    BOOST_OUTCOME_TRYV(settle_rewritten_lists(survey, *access, access->direction()));
  }
  survey.as_remembered = survey.generation() == survey.base.id &&
                         same_content(survey.local.tree, survey.base.base.local) &&
                         same_content(survey.server.tree, survey.base.base.server);
  survey.local_obstacles = paths_of(survey.local.unusable);
  survey.server_obstacles = paths_of(survey.server.unusable);
  return survey;
}

Result<void> compare_contents(Workspace& work, Store& server, Survey& survey, const PlanInput& input) {
  const std::vector<ProfilePath> paths = files_to_compare(input);
  if (paths.empty()) return success();
  work.step("compare");
  BOOST_OUTCOME_TRY(add_digests(work, work.local, survey.local.tree, paths));
  return add_digests(work, server, survey.server.tree, paths);
}

}  // namespace roamsync
