#include "sim/simulation.hpp"

#include <gmock/gmock.h>

namespace roamsync::sim {
namespace {

using ::testing::AnyOf;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

std::string told(const SimulationResult& result) {
  std::string text;
  for (const std::string& line : result.trace) text += line + '\n';
  return text + result.broken;
}

/// What the first seed that notices the sabotage says; empty when none of them does.
std::string noticed(Sabotage sabotage, std::uint64_t seeds) {
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const SimulationResult result = simulate({.seed = seed, .sabotage = sabotage});
    if (!result.broken.empty()) return result.broken;
  }
  return {};
}

TEST(Simulation, EveryPromiseIsHeldWhateverGoesWrong) {
  constexpr std::uint64_t seeds = 8;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const SimulationResult result = simulate({.seed = seed});
    ASSERT_THAT(result.broken, IsEmpty()) << "roamsync_sim --seed " << seed << '\n' << told(result);
  }
}

TEST(Simulation, OneSeedIsOneRun) {
  const SimulationResult first = simulate({.seed = 7, .steps = 20});
  EXPECT_EQ(told(first), told(simulate({.seed = 7, .steps = 20})));
  EXPECT_NE(told(first), told(simulate({.seed = 8, .steps = 20})));
}

TEST(SimulationCanary, SeesAServerThatLiesAboutFlushes) {
  EXPECT_THAT(noticed(Sabotage::server_lies_about_flushes, 30), Not(IsEmpty()));
}

TEST(SimulationCanary, SeesAServerThatReplacesInTwoSteps) {
  EXPECT_THAT(noticed(Sabotage::server_replaces_in_two_steps, 100),
              AnyOf(StartsWith("the hive is whole"), StartsWith("all or nothing")));
}

TEST(SimulationCanary, SeesAHistoryThatIsCutShort) {
  EXPECT_THAT(noticed(Sabotage::server_forgets_history, 30), StartsWith("no silent loss"));
}

}  // namespace
}  // namespace roamsync::sim
