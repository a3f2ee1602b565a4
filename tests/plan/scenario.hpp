/// @file
/// A planner's input that owns its trees, and the plan as lines.
#pragma once

#include <roamsync/plan.hpp>

#include "support/tree_text.hpp"

#include <memory>
#include <sstream>

namespace roamsync::testing {

struct Planned;

struct Scenario {
  Tree local = {};
  Tree server = {};
  Base base = {};
  Direction direction = Direction::logoff;
  Rules rules = Rules::base;
  const Policy* policy = &newest_wins();
  std::vector<std::string> local_obstacles = {};
  std::vector<std::string> server_obstacles = {};
  std::optional<FileTime> load_time = {};
  std::chrono::nanoseconds time_resolution{100};
  std::uint64_t generation = 7;

  PlanInput input() const {
    return {.local = local,
            .server = server,
            .base = base,
            .direction = direction,
            .rules = rules,
            .local_obstacles = local_obstacles,
            .server_obstacles = server_obstacles,
            .time_resolution = time_resolution,
            .load_time = load_time,
            .generation = generation,
            .machine = "PC7",
            .now = at_second(3600)};
  }
  Planned plan() const;
};

/// A plan and the trees it points into, so that a test can write `logon(…).plan()`. Keep it as `auto`.
struct Planned : Plan {
  std::shared_ptr<const Scenario> scenario;
};

inline Planned Scenario::plan() const {
  auto copy = std::make_shared<const Scenario>(*this);
  Plan plan = make_plan(copy->input(), *policy);
  return {std::move(plan), std::move(copy)};
}

/// Both sides of a base alike.
inline Base agreed(std::string_view text) { return {tree(text), tree(text)}; }

/// The plan's text without reasons: `upload a.txt`, `! conflict a.txt both_changed, keep_local`.
inline std::vector<std::string> lines(const Plan& plan) {
  std::ostringstream out;
  out << plan;
  std::istringstream in(out.str());
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) {
    const std::size_t open = line.find("  (");
    const std::size_t close = line.rfind(')');
    std::string bare = line.substr(0, open) + line.substr(close + 1);
    const std::size_t word = bare.find("  ");
    const std::size_t rest = bare.find_first_not_of(' ', word);
    lines.push_back(bare.substr(0, word) + ' ' + bare.substr(rest));
  }
  return lines;
}

}  // namespace roamsync::testing
