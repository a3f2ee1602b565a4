#include "support/sim_host.hpp"

#include "support/result_matchers.hpp"

#include <gmock/gmock.h>

#include <array>

namespace roamsync {
namespace {

using namespace std::chrono_literals;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const std::array<boost::filesystem::path, 1> hive{"NTUSER.DAT"};

TEST(SimHost, LetsTimePassOnlyWhenWaiting) {
  testing::SimHost host;
  host.add_holder({.holder = {.pid = 7, .name = "explorer"}, .lets_go_at = 3s});
  const FileTime before = host.now();
  ASSERT_EQ(host.now(), before);
  const auto report = host.wait_until_released(hive, 10s, {});
  ASSERT_OK(report);
  EXPECT_THAT(report.value().holders, IsEmpty());
  EXPECT_EQ(host.monotonic(), 3s);
  EXPECT_EQ(host.now().ticks - before.ticks, 3 * FileTime::ticks_per_second);
}

TEST(SimHost, WaitsNoLongerThanPatience) {
  testing::SimHost host;
  host.add_holder({.holder = {.pid = 7, .name = "explorer"}});
  const auto report = host.wait_until_released(hive, 10s, {});
  ASSERT_OK(report);
  EXPECT_THAT(report.value().holders, SizeIs(1));
  EXPECT_EQ(host.monotonic(), 10s);
}

TEST(SimHost, LetsADeafHolderBeKilledOnly) {
  testing::SimHost host;
  const Holder deaf{.pid = 7, .name = "deaf"};
  host.add_holder({.holder = deaf, .ends_when_asked_after = std::nullopt});
  ASSERT_OK(host.end_process(deaf, EndProcess::ask));
  EXPECT_THAT(host.holders(hive).value().holders, SizeIs(1));
  ASSERT_OK(host.end_process(deaf, EndProcess::kill));
  EXPECT_THAT(host.holders(hive).value().holders, IsEmpty());
  EXPECT_THAT(host.ended, SizeIs(2));
}

TEST(SimHost, RepeatsItsRandomNumbersUnderASeed) {
  testing::SimHost first;
  testing::SimHost second;
  first.seed(17);
  second.seed(17);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(first.random(), second.random());
}

}  // namespace
}  // namespace roamsync
