#include "plan/fates.hpp"

#include "plan/keep_both_name.hpp"

#include <algorithm>
#include <iterator>
#include <unordered_set>

namespace roamsync {
namespace {

class ActionWriter {
 public:
  ActionWriter(const PlanInput& input, const std::vector<Row>& rows, const std::vector<Fate>& fates,
               const Obstacles& source_obstacles, const Obstacles& target_obstacles)
      : input_(input),
        rows_(rows),
        fates_(fates),
        source_obstacles_(source_obstacles),
        target_obstacles_(target_obstacles) {}

  std::vector<Action> run();

 private:
  bool to_server() const noexcept { return input_.direction == Direction::logoff; }
  View view_of(std::size_t row) const noexcept { return View(rows_[row].triple, input_.direction); }

  Action action_of(std::size_t row);
  ProfilePath target_path(std::size_t row) const;
  ProfilePath second_name(const ProfilePath& path, std::string_view origin);
  SharedText shared(std::string_view reason);

  const PlanInput& input_;
  const std::vector<Row>& rows_;
  const std::vector<Fate>& fates_;
  const Obstacles& source_obstacles_;
  const Obstacles& target_obstacles_;
  std::unordered_set<std::string> second_names_;
  SharedText last_reason_;
};

std::vector<Action> ActionWriter::run() {
  std::vector<Action> actions;
  std::vector<Action> files;
  std::vector<Action> removals;
  std::vector<Action> hives;
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    if (fates_[row].deed == Deed::none) continue;
    Action action = action_of(row);
    const bool folder = action.source != nullptr && action.source->is_directory() && action.verb != Verb::conflict;
    const bool removal = action.verb == Verb::delete_on_server || action.verb == Verb::delete_locally;
    auto& list = is_hive(action.path) ? hives : folder ? actions : removal ? removals : files;
    list.push_back(std::move(action));
  }
  actions.reserve(actions.size() + files.size() + removals.size() + hives.size());
  std::move(files.begin(), files.end(), std::back_inserter(actions));
  std::move(removals.rbegin(), removals.rend(), std::back_inserter(actions));
  std::move(hives.begin(), hives.end(), std::back_inserter(actions));
  return actions;
}

Action ActionWriter::action_of(std::size_t row) {
  const View view = view_of(row);
  const Fate& fate = fates_[row];
  Action action{.path = target_path(row),
                .source = view.source,
                .target = view.target,
                .reason = shared(fate.reason),
                .loser_to_history = fate.loser_to_history,
                .keeps_target_access = fate.keeps_target_access};
  switch (fate.deed) {
    case Deed::none: break;
    case Deed::put:
      if (view.source->is_directory() && view.target != nullptr && view.target->is_directory()) {
        action.verb = to_server() ? Verb::set_access_on_server : Verb::set_access_locally;
      } else if (view.source->is_directory()) {
        action.verb = to_server() ? Verb::make_server_directory : Verb::make_local_directory;
      } else {
        action.verb = to_server() ? Verb::upload : Verb::download;
      }
      break;
    case Deed::beside:
      action.verb = Verb::download;
      action.path = second_name(action.path, "server");
      action.target = nullptr;
      break;
    case Deed::keep_both:
      action.verb = to_server() ? Verb::keep_both_on_server : Verb::keep_both_locally;
      action.other_path = second_name(action.path, input_.machine);
      break;
    case Deed::remove:
    case Deed::remove_if_emptied:
      action.verb = to_server() ? Verb::delete_on_server : Verb::delete_locally;
      action.source = nullptr;
      break;
    case Deed::merge: action.verb = Verb::merge_hive; break;
    case Deed::open: action.verb = Verb::conflict; break;
  }
  return action;
}

// The target's spelling of a row, which for a new name is that of its folder there.
ProfilePath ActionWriter::target_path(std::size_t row) const {
  const View view = view_of(row);
  if (view.target != nullptr) return view.target->path;
  const ProfilePath& path = rows_[row].triple.path();
  if (rows_[row].parent == no_row) return path;
  ProfilePath folder = target_path(rows_[row].parent);
  if (path.text().starts_with(folder.text())) return path;
  return folder.child_unchecked(path.name());
}

SharedText ActionWriter::shared(std::string_view reason) {
  if (reason != last_reason_.view()) last_reason_ = SharedText(reason);
  return last_reason_;
}

ProfilePath ActionWriter::second_name(const ProfilePath& path, std::string_view origin) {
  ProfilePath name = keep_both_name(path, origin, input_.now, [&](const ProfilePath& candidate) {
    return input_.local.find(candidate) != nullptr || input_.server.find(candidate) != nullptr ||
           source_obstacles_.contains(candidate) || target_obstacles_.contains(candidate) ||
           second_names_.contains(candidate.key());
  });
  second_names_.insert(name.key());
  return name;
}

}  // namespace

std::vector<Action> actions_of(const PlanInput& input, const std::vector<Row>& rows, const std::vector<Fate>& fates,
                               const Obstacles& source_obstacles, const Obstacles& target_obstacles) {
  return ActionWriter(input, rows, fates, source_obstacles, target_obstacles).run();
}

}  // namespace roamsync
