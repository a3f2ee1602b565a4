#include "copy/lanes.hpp"

#include "support/result_matchers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

namespace roamsync::testing {
namespace {

using ::testing::ElementsAre;

Error failure_of(std::size_t item) {
  return Error(std::make_error_code(std::errc::io_error), {.path = std::to_string(item)});
}

TEST(Lanes, OneLaneIsTheCallersThreadInOrder) {
  std::vector<std::size_t> items;
  const auto caller = std::this_thread::get_id();
  ASSERT_OK(run_in_lanes(4, 1, {}, [&](std::size_t item, unsigned lane) -> Result<void> {
    EXPECT_EQ(std::this_thread::get_id(), caller);
    EXPECT_EQ(lane, 0U);
    items.push_back(item);
    return success();
  }));
  EXPECT_THAT(items, ElementsAre(0, 1, 2, 3));
}

TEST(Lanes, EveryItemIsDoneOnce) {
  for (const unsigned lanes : {0U, 1U, 2U, 7U}) {
    SCOPED_TRACE(lanes);
    std::vector<std::atomic<int>> times(1000);
    ASSERT_OK(run_in_lanes(times.size(), lanes, {}, [&](std::size_t item, unsigned lane) -> Result<void> {
      EXPECT_LT(lane, std::max(lanes, 1U));
      ++times[item];
      return success();
    }));
    for (const auto& count : times) EXPECT_EQ(count, 1);
  }
}

TEST(Lanes, NothingToDoIsDone) {
  EXPECT_OK(run_in_lanes(0, 4, {}, [](std::size_t, unsigned) -> Result<void> { return Errc::timed_out; }));
}

TEST(Lanes, ALaneIsOneThreadSoThatItCanOwnABuffer) {
  // Plain counters, one a lane: ThreadSanitizer tells if two threads ever share one.
  std::vector<std::size_t> counts(4);
  ASSERT_OK(run_in_lanes(2000, 4, {}, [&](std::size_t, unsigned lane) -> Result<void> {
    ++counts[lane];
    return success();
  }));
  EXPECT_EQ(counts[0] + counts[1] + counts[2] + counts[3], 2000U);
}

TEST(Lanes, LanesRunAtTheSameTime) {
  std::latch all(3);
  EXPECT_OK(run_in_lanes(3, 3, {}, [&](std::size_t, unsigned) -> Result<void> {
    all.arrive_and_wait();  // returns only when three items are under way
    return success();
  }));
}

TEST(Lanes, TheLowestItemsFailureIsToldHoweverLateItComes) {
  std::atomic<bool> higher_failed = false;
  const auto done = run_in_lanes(2, 2, {}, [&](std::size_t item, unsigned) -> Result<void> {
    if (item == 1) {
      higher_failed = true;
      higher_failed.notify_all();
      return failure_of(1);
    }
    higher_failed.wait(false);
    return failure_of(0);
  });
  ASSERT_FAILS(done, std::errc::io_error);
  EXPECT_EQ(done.error().context().path, "0");
}

TEST(Lanes, TheSameFailureEveryTime) {
  for (int round = 0; round < 50; ++round) {
    const auto done = run_in_lanes(500, 3, {}, [](std::size_t item, unsigned) -> Result<void> {
      if (item >= 100 && item % 7 == 0) return failure_of(item);
      return success();
    });
    ASSERT_FAILS(done, std::errc::io_error);
    ASSERT_EQ(done.error().context().path, "105");
  }
}

TEST(Lanes, AFailureStopsTheRest) {
  std::vector<std::size_t> items;
  EXPECT_FAILS(run_in_lanes(10, 1, {},
                            [&](std::size_t item, unsigned) -> Result<void> {
                              items.push_back(item);
                              if (item == 2) return failure_of(item);
                              return success();
                            }),
               std::errc::io_error);
  EXPECT_THAT(items, ElementsAre(0, 1, 2));
}

TEST(Lanes, AStopRequestIsCancelled) {
  for (const unsigned lanes : {1U, 3U}) {
    std::stop_source stop;
    std::atomic<int> begun = 0;
    EXPECT_FAILS(run_in_lanes(1000, lanes, stop.get_token(),
                              [&](std::size_t, unsigned) -> Result<void> {
                                if (++begun >= 5) stop.request_stop();
                                return success();
                              }),
                 Errc::cancelled);
    EXPECT_LT(begun, 5 + static_cast<int>(lanes));
  }
}

TEST(Lanes, AStopRequestAfterTheLastItemChangesNothing) {
  std::stop_source stop;
  EXPECT_OK(run_in_lanes(5, 1, stop.get_token(), [&](std::size_t item, unsigned) -> Result<void> {
    if (item == 4) stop.request_stop();
    return success();
  }));
}

TEST(Lanes, AnExceptionInALaneReachesTheCaller) {
  for (const unsigned lanes : {1U, 3U}) {
    SCOPED_TRACE(lanes);
    const auto work = [](std::size_t item, unsigned) -> Result<void> {
      if (item == 3) throw std::logic_error("a bug");
      return success();
    };
    EXPECT_THROW(static_cast<void>(run_in_lanes(100, lanes, {}, work)), std::logic_error);
  }
}

}  // namespace
}  // namespace roamsync::testing
