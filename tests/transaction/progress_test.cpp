#include "transaction/progress.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <thread>
#include <vector>

namespace roamsync {
namespace {

using namespace std::chrono_literals;

struct Recorded {
  std::vector<Progress> seen;
  EventSink sink = [this](const Event& event) { seen.push_back(std::get<Progress>(event)); };
};

TEST(ProgressMeter, TellsAtMostTenTimesASecondAndOnceAtTheEnd) {
  Recorded recorded;
  std::chrono::nanoseconds now = 5s;
  const ProgressMeter::Clock clock = [&] { return now; };
  ProgressMeter meter(recorded.sink, clock, 1000, 1000);
  for (int i = 0; i < 1000; ++i) {
    meter.add_bytes(1);
    meter.add_file();
    now += 1ms;
  }
  meter.finish();
  EXPECT_GE(recorded.seen.size(), 9U);
  EXPECT_LE(recorded.seen.size(), 11U);
  EXPECT_EQ(recorded.seen.back().files_done, 1000U);
  EXPECT_EQ(recorded.seen.back().bytes_done, 1000U);
}

TEST(ProgressMeter, TellsRateAndTimeLeft) {
  Recorded recorded;
  std::chrono::nanoseconds now = 0s;
  const ProgressMeter::Clock clock = [&] { return now; };
  ProgressMeter meter(recorded.sink, clock, 2, 4000);
  now = 2s;
  meter.add_bytes(1000);
  ASSERT_EQ(recorded.seen.size(), 1U);
  EXPECT_DOUBLE_EQ(recorded.seen[0].bytes_per_second, 500);
  EXPECT_EQ(recorded.seen[0].left, 6s);
  EXPECT_EQ(recorded.seen[0].bytes_total, 4000U);
}

TEST(ProgressMeter, NeverPassesItsTotal) {
  Recorded recorded;
  const ProgressMeter::Clock no_clock;
  ProgressMeter meter(recorded.sink, no_clock, 1, 10);
  meter.add_bytes(25);  // the file grew
  meter.finish();
  ASSERT_EQ(recorded.seen.size(), 1U);
  EXPECT_EQ(recorded.seen[0].bytes_total, 25U);
}

TEST(ProgressMeter, TakesBackWhatWasCopiedInVain) {
  Recorded recorded;
  const ProgressMeter::Clock no_clock;
  ProgressMeter meter(recorded.sink, no_clock, 1, 10);
  meter.add_bytes(10);
  meter.take_back(10);
  meter.add_bytes(10);
  meter.finish();
  EXPECT_EQ(recorded.seen.back().bytes_done, 10U);
}

TEST(ProgressMeter, CallsItsSinkFromOneLaneAtATime) {
  std::atomic<int> inside = 0;
  std::atomic<int> most = 0;
  const EventSink sink = [&](const Event&) {
    most = std::max(most.load(), ++inside);
    std::this_thread::yield();
    --inside;
  };
  std::atomic<std::int64_t> ticks = 0;
  const ProgressMeter::Clock clock = [&] { return std::chrono::nanoseconds(ticks += 200'000'000); };
  ProgressMeter meter(sink, clock, 0, 0);
  {
    std::vector<std::jthread> lanes;
    for (int lane = 0; lane < 4; ++lane) {
      lanes.emplace_back([&] {
        for (int i = 0; i < 200; ++i) meter.add_bytes(1);
      });
    }
  }
  EXPECT_EQ(most, 1);
}

}  // namespace
}  // namespace roamsync
