// Properties of plans on random trees, against a planner written without looking at the real one.
#include "plan/apply.hpp"
#include "plan/naive_planner.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace roamsync::testing {
namespace {

constexpr int seeds = 1000;

// A profile that both sides agreed on, then changed by each.
class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  Scenario scenario() {
    Scenario made;
    const Tree common = grow();
    made.base = {with_ids(common), with_ids(common)};
    made.local = change(made.base.local);
    made.server = change(made.base.server);
    if (below(8) == 0) made.base = {};
    if (below(20) == 0) made.local = {};
    if (below(20) == 0) made.server = {};
    made.direction = below(2) == 0 ? Direction::logon : Direction::logoff;
    return made;
  }

  int below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(random_); }

 private:
  std::string name() {
    static const char* names[] = {"a", "B", "ä", "d", "E"};
    return names[below(5)];
  }
  ProfilePath path() {
    if (below(12) == 0) return ProfilePath::literal("NTUSER.DAT");
    std::string text = name();
    for (int depth = below(3); depth > 0; --depth) text += '/' + name();
    return ProfilePath::literal(text);
  }
  // The size follows from the content, as equal digests have equal sizes.
  Entry file(const ProfilePath& path) {
    const int content = below(6);
    return {.path = path,
            .size = static_cast<std::uint64_t>(1 + content / 2),
            .modified = at_second(below(50)),
            .id = ++last_id_,
            .digest = content_digest(std::to_string(content))};
  }
  static bool stands_on_files(const Tree& tree, const ProfilePath& path) {
    for (ProfilePath folder = path.parent(); !folder.is_root(); folder = folder.parent()) {
      const Entry* entry = tree.find(folder);
      if (entry != nullptr && entry->is_file()) return true;
    }
    return false;
  }
  static void erase_all(Tree& tree, const ProfilePath& path) {
    std::vector<ProfilePath> gone{path};
    for (const Entry& entry : tree.below(path)) gone.push_back(entry.path);
    tree.edit({}, std::move(gone));
  }
  void plant(Tree& tree) {
    const ProfilePath place = path();
    if (stands_on_files(tree, place) || tree.find(place) != nullptr) return;
    if (below(6) == 0 && !is_hive(place)) {
      tree.put({.path = place, .kind = EntryKind::directory});
    } else {
      tree.put(file(place));
    }
  }
  Tree grow() {
    Tree tree;
    for (int i = below(14); i > 0; --i) plant(tree);
    return tree;
  }
  Tree with_ids(Tree tree) {
    for (Entry& entry : tree.entries_for_update()) entry.id = entry.is_file() ? ++last_id_ : 0;
    return tree;
  }
  Tree change(Tree tree) {
    for (int i = below(7); i > 0; --i) {
      if (tree.empty() || below(3) == 0) {
        plant(tree);
        continue;
      }
      const Entry victim = tree.entries()[static_cast<std::size_t>(below(static_cast<int>(tree.size())))];
      switch (below(4)) {
        case 0: erase_all(tree, victim.path); break;
        case 1:
          if (victim.is_file()) tree.put(file(victim.path));
          break;
        case 2:  // a folder becomes a file, a file a folder
          erase_all(tree, victim.path);
          if (victim.is_directory()) tree.put(file(victim.path));
          if (victim.is_file() && !is_hive(victim.path)) tree.put(file(victim.path.child_unchecked(name())));
          break;
        default:  // only touched
          if (victim.is_file()) {
            Entry touched = victim;
            touched.modified = at_second(60 + below(50));
            tree.put(touched);
          }
      }
    }
    return tree;
  }

  std::mt19937 random_;
  std::uint64_t last_id_ = 0;
};

const Policy* const deciding[] = {&newest_wins(), &local_wins(), &server_wins(), &keeps_both(), &merges()};

std::string text(const Scenario& scenario, const Plan& plan) {
  std::ostringstream out;
  out << (scenario.direction == Direction::logon ? "logon" : "logoff") << "\nlocal\n"
      << scenario.local << "server\n"
      << scenario.server << "base local\n"
      << scenario.base.local << "base server\n"
      << scenario.base.server << "plan\n"
      << plan;
  return out.str();
}

// Calls check(scenario, plan) for many random situations; stops at the first that fails.
template <class Check>
void for_random_plans(Check check) {
  for (unsigned seed = 1; seed <= seeds; ++seed) {
    Generator generator(seed);
    Scenario scenario = generator.scenario();
    scenario.policy = deciding[generator.below(5)];
    const auto plan = scenario.plan();
    SCOPED_TRACE("seed " + std::to_string(seed) + '\n' + text(scenario, plan));
    ASSERT_NO_FATAL_FAILURE(check(scenario, plan));
    if (::testing::Test::HasFailure()) return;
  }
}

std::vector<std::string> contents(const Tree& tree) {
  std::vector<std::string> lines;
  for (const Entry& entry : tree.entries()) {
    lines.push_back(entry.path.key() + ' ' + (entry.is_directory() ? "folder" : entry.digest->text()));
  }
  return lines;
}

TEST(PlanProperty, LeavesTheTargetAsTheNaivePlannerSays) {
  int with_actions = 0;
  for_random_plans([&](Scenario scenario, const Plan&) {
    for (const Policy* policy : {&newest_wins(), &local_wins(), &server_wins()}) {
      scenario.policy = policy;
      const auto plan = scenario.plan();
      const Applied applied = apply(scenario, plan);
      const bool to_server = scenario.direction == Direction::logoff;
      SCOPED_TRACE(text(scenario, plan));
      EXPECT_EQ(contents(to_server ? applied.server : applied.local), naive_target_after(scenario));
      with_actions += plan.empty() ? 0 : 1;
    }
  });
  EXPECT_GT(with_actions, seeds);
}

TEST(PlanProperty, SecondPlanIsEmpty) {
  for_random_plans([](const Scenario& scenario, const Plan& plan) {
    const Scenario again = after(scenario, plan, scenario.direction);
    const auto second = again.plan();
    EXPECT_TRUE(second.empty()) << text(again, second);
    EXPECT_TRUE(second.conflicts.empty()) << text(again, second);
  });
}

TEST(PlanProperty, TwoTurnsEachWayMakeBothSidesEqual) {
  for_random_plans([](const Scenario& scenario, const Plan& plan) {
    const Direction other = scenario.direction == Direction::logon ? Direction::logoff : Direction::logon;
    Scenario next = after(scenario, plan, other);
    next = after(next, next.plan(), scenario.direction);
    const auto third = next.plan();
    EXPECT_TRUE(third.empty()) << text(next, third);
    EXPECT_EQ(contents(next.local), contents(next.server)) << text(next, third);
    EXPECT_EQ(contents(next.base.local), contents(next.local));
  });
}

TEST(PlanProperty, SwappingSidesAndDirectionMirrorsThePlan) {
  const auto mirrored = [](Verb verb) {
    switch (verb) {
      case Verb::upload: return Verb::download;
      case Verb::download: return Verb::upload;
      case Verb::make_local_directory: return Verb::make_server_directory;
      case Verb::make_server_directory: return Verb::make_local_directory;
      case Verb::delete_locally: return Verb::delete_on_server;
      case Verb::delete_on_server: return Verb::delete_locally;
      default: return verb;
    }
  };
  for_random_plans([&](Scenario scenario, const Plan&) {
    scenario.policy = &local_wins();
    const auto plan = scenario.plan();
    Scenario mirror = scenario;
    std::swap(mirror.local, mirror.server);
    std::swap(mirror.base.local, mirror.base.server);
    mirror.direction = scenario.direction == Direction::logon ? Direction::logoff : Direction::logon;
    mirror.policy = &server_wins();
    const auto reflected = mirror.plan();
    ASSERT_EQ(reflected.actions.size(), plan.actions.size());
    for (std::size_t i = 0; i < plan.actions.size(); ++i) {
      EXPECT_EQ(reflected.actions[i].path, plan.actions[i].path);
      EXPECT_EQ(reflected.actions[i].verb, mirrored(plan.actions[i].verb));
      EXPECT_EQ(reflected.actions[i].loser_to_history, plan.actions[i].loser_to_history);
    }
    EXPECT_EQ(reflected.kept.size(), plan.kept.size());
  });
}

TEST(PlanProperty, HiveComesLast) {
  for_random_plans([](const Scenario&, const Plan& plan) {
    for (std::size_t i = 0; i + 1 < plan.actions.size(); ++i) EXPECT_FALSE(is_hive(plan.actions[i].path));
  });
}

TEST(PlanProperty, EqualPathsAreUntouched) {
  for_random_plans([](const Scenario& scenario, const Plan& plan) {
    for (const Action& action : plan.actions) {
      const Entry* local = scenario.local.find(action.path);
      const Entry* server = scenario.server.find(action.path);
      if (local == nullptr || server == nullptr || local->kind != server->kind) continue;
      EXPECT_TRUE(local->is_file() && local->digest != server->digest) << action.path;
    }
  });
}

TEST(PlanProperty, NothingThatIsNotInTheBaseIsLost) {
  for_random_plans([](const Scenario& scenario, const Plan& plan) {
    const Applied applied = apply(scenario, plan);
    std::set<Digest> safe;
    for (const Tree* tree : {&applied.local, &applied.server, &scenario.base.local}) {
      for (const Entry& entry : tree->entries()) {
        if (entry.digest) safe.insert(*entry.digest);
      }
    }
    for (const Action& action : plan.actions) {
      if (action.loser_to_history && action.target->is_file()) safe.insert(*action.target->digest);
    }
    for (const Tree* tree : {&scenario.local, &scenario.server}) {
      for (const Entry& entry : tree->entries()) {
        if (!entry.is_file() || is_hive(entry.path)) continue;
        EXPECT_TRUE(safe.contains(*entry.digest)) << entry;
      }
    }
  });
}

TEST(PlanProperty, LosersThatStayOnTheSourceAreNamed) {
  for_random_plans([](const Scenario& scenario, const Plan& plan) {
    const Direction other = scenario.direction == Direction::logon ? Direction::logoff : Direction::logon;
    const Scenario next = after(scenario, plan, other);
    const auto way_back = next.plan();
    std::set<Digest> safe;
    for (const Conflict& conflict : plan.conflicts) {
      if (conflict.loser != nullptr) safe.insert(*conflict.loser->digest);
    }
    const Applied applied = apply(next, way_back);
    for (const Tree* tree : {&applied.local, &applied.server, &scenario.base.local}) {
      for (const Entry& entry : tree->entries()) {
        if (entry.digest) safe.insert(*entry.digest);
      }
    }
    const bool to_server = scenario.direction == Direction::logoff;
    for (const Entry& entry : (to_server ? scenario.local : scenario.server).entries()) {
      if (!entry.is_file() || is_hive(entry.path)) continue;
      EXPECT_TRUE(safe.contains(*entry.digest)) << entry << '\n' << text(next, way_back);
    }
  });
}

TEST(PlanProperty, NothingIsPlannedOntoOrBelowAnObstacle) {
  std::ptrdiff_t obstructed = 0;
  for (unsigned seed = 1; seed <= seeds; ++seed) {
    Generator generator(seed);
    Scenario scenario = generator.scenario();
    const bool to_server = scenario.direction == Direction::logoff;
    Tree& target = to_server ? scenario.server : scenario.local;
    const Tree& source = to_server ? scenario.local : scenario.server;
    if (source.empty()) continue;
    const auto at = static_cast<std::size_t>(generator.below(static_cast<int>(source.size())));
    const ProfilePath obstacle = source.entries()[at].path;
    std::vector<ProfilePath> hidden{obstacle};
    for (const Entry& entry : target.below(obstacle)) hidden.push_back(entry.path);
    target.edit({}, hidden);
    (to_server ? scenario.server_obstacles : scenario.local_obstacles) = {obstacle.key()};
    const auto plan = scenario.plan();
    SCOPED_TRACE("seed " + std::to_string(seed) + " obstacle " + obstacle.key() + '\n' + text(scenario, plan));
    for (const Action& action : plan.actions) {
      EXPECT_FALSE(obstacle.contains(action.path));
      const bool removes = action.verb == Verb::delete_on_server || action.verb == Verb::delete_locally;
      EXPECT_FALSE(removes && action.path.contains(obstacle));
    }
    obstructed += std::count_if(plan.kept.begin(), plan.kept.end(), [](const Kept& kept) { return kept.obstructed; });
    EXPECT_NO_THROW(apply(scenario, plan));
    if (HasFailure()) return;
  }
  EXPECT_GT(obstructed, seeds / 2);
}

TEST(PlanProperty, OtherRulesSettleDownToo) {
  for (const Rules rules : {Rules::nt4, Rules::windows2000}) {
    for (unsigned seed = 1; seed <= seeds; ++seed) {
      Generator generator(seed);
      Scenario scenario = generator.scenario();
      scenario.rules = rules;
      scenario.load_time = at_second(generator.below(60));
      const auto plan = scenario.plan();
      SCOPED_TRACE("seed " + std::to_string(seed) + '\n' + text(scenario, plan));
      const Applied applied = apply(scenario, plan);
      Scenario again = scenario;
      again.local = applied.local;
      again.server = applied.server;
      const auto second = again.plan();
      EXPECT_TRUE(second.empty()) << text(again, second);
      EXPECT_TRUE(rules != Rules::nt4 || plan.deleted_files() == 0);
      for (std::size_t i = 0; i + 1 < plan.actions.size(); ++i) EXPECT_FALSE(is_hive(plan.actions[i].path));
      if (HasFailure()) return;
    }
  }
}

}  // namespace
}  // namespace roamsync::testing
