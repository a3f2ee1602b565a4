#include "sim/views.hpp"

#include <roamsync/scan.hpp>
#include <roamsync/session.hpp>

#include "base/upcase.hpp"
#include "session/records.hpp"
#include "support/change_set.hpp"
#include "support/sim_host.hpp"
#include "support/sub_store.hpp"

#include <array>
#include <cstdlib>

namespace roamsync::sim {
namespace {

template <class Wanted>
Profile profile_where(const Content& content, Wanted wanted) {
  static const Filter filter;
  Profile profile;
  for (const auto& [path, node] : content) {
    const bool is_folder = node.kind == EntryKind::directory;
    if (is_own_name(path) || filter.admits(path, is_folder) != wanted) continue;
    profile[std::string(path.text()) + (is_folder ? "/" : "")] =
        is_folder ? std::string() : testing::text_of(node.bytes);
  }
  return profile;
}

// Recovery has to find nothing to do the second time.
template <class Recover>
std::string recover_twice(Recover recover) {
  for (const bool again : {false, true}) {
    const Result<Recovery> recovery = recover();
    if (!recovery) return "recovery failed: " + recovery.error().message();
    if (again && recovery.value().outcome != Recovery::Outcome::nothing_to_do) return "recovery had to be done twice";
  }
  return {};
}

// The generation that lies in place. Without a sound head record all that is kept is of the past.
std::uint64_t generation_on(MemoryStore& server) {
  const auto bytes = read_file(server, ProfilePath::literal(".roamsync/head"), UINT64_MAX);
  if (!bytes) return UINT64_MAX;
  const auto head = read_head(bytes.value(), server.location(), false);
  return head ? head.value().id.generation : UINT64_MAX;
}

// Of a folder of the history, or of what is in it.
std::uint64_t number_of(const ProfilePath& kept) {
  constexpr std::string_view above = ".roamsync/history/";
  return std::strtoull(kept.c_str() + above.size(), nullptr, 10);
}

void add_contents(View& view, const Profile& profile) {
  for (const auto& [path, bytes] : profile) view.contents.insert(bytes);
}

}  // namespace

Profile profile_of(const Content& profile) { return profile_where(profile, true); }
Profile machine_bound_of(const Content& profile) { return profile_where(profile, false); }

View view_of_server(const Content& disk) {
  const auto copy = make_memory_store();
  copy->set_content(disk);
  testing::SimHost host;
  View view{.failure = recover_twice([&] { return recover_server(host, *copy, std::chrono::milliseconds(0)); })};
  const Content content = copy->content();
  view.profile = profile_of(content);
  view.machine_bound = machine_bound_of(content);
  view.leftovers = leftovers_on(content);
  add_contents(view, view.profile);
  const std::uint64_t in_place = generation_on(*copy);
  constexpr std::array records{".roamsync", ".roamsync/head", ".roamsync/lock", ".roamsync/history"};
  for (const auto& [path, node] : content) {
    if (path.first() != record_folder_name) continue;
    if (path.text().starts_with(".roamsync/history/")) {
      if (number_of(path) <= in_place) view.contents.insert(testing::text_of(node.bytes));
    } else if (std::ranges::find(records, path.text()) == records.end()) {
      view.strangers.emplace_back(path.text());
    }
  }
  for (const auto& [path, bytes] : view.machine_bound) view.strangers.push_back(path);
  return view;
}

View view_of_machine(const Content& disk) {
  const auto copy = make_memory_store();
  copy->set_content(disk);
  testing::SubStore profile(*copy, profile_folder);
  testing::SubStore state(*copy, state_folder);
  // What a logon or logoff does first.
  View view{.failure = recover_twice([&]() -> Result<Recovery> {
              BOOST_OUTCOME_TRY(const Recovery recovery, recover(profile, {state, ProfilePath()}));
              BOOST_OUTCOME_TRY(const ScanResult scanned, scan(profile, {.lanes = 1}));
              BOOST_OUTCOME_TRYV(sweep(profile, scanned.temporaries));
              return recovery;
            })};
  const Content content = copy->content();
  const Content local = content_below(content, profile_folder);
  view.profile = profile_of(local);
  view.machine_bound = machine_bound_of(local);
  view.leftovers = leftovers_on(content);
  add_contents(view, view.profile);
  add_contents(view, view.machine_bound);
  constexpr std::array records{"base", "session", "pages", "lock", "base-hive", "lost-hive"};
  for (const auto& [path, node] : content_below(content, state_folder)) {
    if (std::ranges::find(records, path.text()) == records.end())
      view.strangers.push_back("state/" + std::string(path.text()));
  }
  for (const auto& [path, node] : local) {
    if (path.first() == record_folder_name) view.strangers.emplace_back(path.text());
  }
  return view;
}

std::vector<std::string> leftovers_on(const Content& disk) {
  std::vector<std::string> found;
  for (const auto& [path, node] : disk) {
    if (path.name().ends_with(".tmp") || path.name() == intent_name) found.emplace_back(path.text());
  }
  return found;
}

Profile without_case(const Profile& profile) {
  Profile upcased;
  for (const auto& [path, bytes] : profile) upcased[upcase(path)] = bytes;
  return upcased;
}

}  // namespace roamsync::sim
