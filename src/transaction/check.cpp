#include "transaction/check.hpp"

#include <algorithm>
#include <sstream>

namespace roamsync {
namespace {

std::string text_of(const std::optional<Entry>& entry) {
  if (!entry) return "nothing";
  std::ostringstream out;
  out << *entry;
  return out.str();
}

Error changed(const Store& target, const ProfilePath& path, std::string expected, std::string found) {
  return Error(
      Errc::target_changed,
      {.step = "check", .path = target.location_of(path), .expected = std::move(expected), .found = std::move(found)});
}

Result<void> check_one(Store& target, const ProfilePath& path, const std::optional<Entry>& expected) {
  BOOST_OUTCOME_TRY(const auto found, target.stat(path));
  if (found.has_value() == expected.has_value() && (!found || same_stamp(*found, *expected))) return success();
  return changed(target, path, text_of(expected), text_of(found));
}

// A folder that a file takes the place of may hold only what is deleted with it.
Result<void> check_folder_goes_empty(Store& target, const ProfilePath& folder, const Tree& removals) {
  BOOST_OUTCOME_TRY(const Listing listing, target.list(folder));
  if (!listing.unusable.empty()) {
    const Unusable& thing = listing.unusable.front();
    return changed(target, folder, "a folder that can go", thing.path + ": " + thing.found);
  }
  for (const Entry& entry : listing.entries) {
    if (removals.find(entry.path) == nullptr) {
      return changed(target, folder, "a folder that can go", target.location_of(entry.path) + " in it, which stays");
    }
    if (entry.is_directory()) {
      BOOST_OUTCOME_TRYV(check_folder_goes_empty(target, entry.path, removals));
    }
  }
  return success();
}

}  // namespace

Result<void> check_targets(Store& target, const Intent& intent, LaneSet& lanes) {
  const std::size_t units = intent.units.size();
  const bool folder_goes = std::ranges::any_of(
      intent.units, [](const Unit& unit) { return unit.replaces && unit.replaces->is_directory(); });
  const Tree removals = folder_goes ? Tree(intent.removals) : Tree();
  const std::size_t entries = units + intent.removals.size();
  return lanes.run(entries + intent.refits.size(), [&](std::size_t item, CopyBuffer&) -> Result<void> {
    if (item >= entries) {
      const ProfilePath& path = intent.refits[item - entries].path;
      return check_one(target, path, Entry{.path = path, .kind = EntryKind::directory});
    }
    if (item >= units) {
      const Entry& expected = intent.removals[item - units];
      return check_one(target, expected.path, expected);
    }
    const Unit& unit = intent.units[item];
    BOOST_OUTCOME_TRYV(check_one(target, unit.entry.path, unit.replaces));
    if (!unit.replaces || !unit.replaces->is_directory()) return success();
    return check_folder_goes_empty(target, unit.entry.path, removals);
  });
}

}  // namespace roamsync
