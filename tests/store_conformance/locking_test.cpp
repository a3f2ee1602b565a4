#include "store_conformance/conformance.hpp"

#include <atomic>
#include <thread>

namespace roamsync::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

TEST_P(StoreConformance, ExclusiveLockKeepsOthersOutAndSaysWhoHoldsIt) {
  const auto lock = store().lock(at("lock"), LockMode::exclusive, "machine A, process 7", 0ms);
  ASSERT_OK(lock);
  for (const LockMode mode : {LockMode::exclusive, LockMode::shared}) {
    const auto second = store().lock(at("lock"), mode, "machine B", 0ms);
    ASSERT_FAILS(second, Errc::publish_running);
    EXPECT_THAT(second.error().context().found, HasSubstr("machine A, process 7"));
    EXPECT_EQ(second.error().context().path, store().location_of(at("lock")));
  }
}

TEST_P(StoreConformance, SharedLocksGoTogetherAndKeepWritersOut) {
  const auto one = store().lock(at("lock"), LockMode::shared, "one", 0ms);
  ASSERT_OK(one);
  const auto two = store().lock(at("lock"), LockMode::shared, "two", 0ms);
  ASSERT_OK(two);
  const auto writer = store().lock(at("lock"), LockMode::exclusive, "three", 0ms);
  ASSERT_FAILS(writer, Errc::publish_running);
  EXPECT_THAT(writer.error().context().found, HasSubstr("readers"));
}

TEST_P(StoreConformance, LockIsFreeOnceDestroyed) {
  for (int round = 0; round < 3; ++round) {
    ASSERT_OK(store().lock(at("lock"), LockMode::exclusive, "somebody with a long name", 0ms));
    ASSERT_OK(store().lock(at("lock"), LockMode::shared, "short", 0ms));
  }
}

TEST_P(StoreConformance, OfAnEarlierHoldersNameNothingIsLeft) {
  ASSERT_OK(store().lock(at("lock"), LockMode::exclusive, "somebody with a long name", 0ms));
  const auto held = store().lock(at("lock"), LockMode::exclusive, "short", 0ms);
  ASSERT_OK(held);
  const auto refused = store().lock(at("lock"), LockMode::exclusive, "another", 0ms);
  ASSERT_FAILS(refused, Errc::publish_running);
  EXPECT_THAT(refused.error().context().found, ::testing::Not(HasSubstr("long name")));
}

TEST_P(StoreConformance, LockWaitsAsLongAsItHasPatience) {
  auto lock = store().lock(at("lock"), LockMode::exclusive, "first", 0ms);
  ASSERT_OK(lock);
  const auto started = std::chrono::steady_clock::now();
  EXPECT_FAILS(store().lock(at("lock"), LockMode::exclusive, "second", 40ms), Errc::publish_running);
  EXPECT_GE(std::chrono::steady_clock::now() - started, 40ms);
  std::jthread holder([held = std::move(lock).value()]() mutable {
    std::this_thread::sleep_for(30ms);
    held.reset();
  });
  EXPECT_OK(store().lock(at("lock"), LockMode::exclusive, "second", std::chrono::milliseconds::max()));
}

TEST_P(StoreConformance, LockNeedsAFolderForItsFile) {
  EXPECT_FAILS(store().lock(at("no/lock"), LockMode::exclusive, "somebody", 0ms), std::errc::no_such_file_or_directory);
  ASSERT_OK(store().make_directory(at("folder"), 0));
  EXPECT_FAILS(store().lock(at("folder"), LockMode::exclusive, "somebody", 0ms), std::errc::is_a_directory);
}

TEST_P(StoreConformance, OneWriterAtATime) {
  std::atomic<int> inside = 0;
  std::atomic<int> done = 0;
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread) {
      threads.emplace_back([&] {
        for (int round = 0; round < 5; ++round) {
          const auto lock = store().lock(at("lock"), LockMode::exclusive, "a thread", 60s);
          EXPECT_OK(lock);
          EXPECT_EQ(++inside, 1);
          std::this_thread::yield();
          --inside;
          ++done;
        }
      });
    }
  }
  EXPECT_EQ(done, 20);
}

TEST_P(StoreConformance, ServesSeveralThreadsAtOnce) {
  constexpr int threads = 4;
  constexpr int files = 25;
  {
    std::vector<std::jthread> lanes;
    for (int lane = 0; lane < threads; ++lane) {
      lanes.emplace_back([&, lane] {
        for (int i = 0; i < files; ++i) {
          const std::string name = "file" + std::to_string(lane) + "-" + std::to_string(i);
          EXPECT_OK(put(name + ".tmp", name));
          EXPECT_OK(store().replace(at(name + ".tmp"), at(name)));
          EXPECT_EQ(contents(name).value(), name);
          EXPECT_OK(store().list(at("")));
        }
      });
    }
  }
  EXPECT_EQ(names().size(), std::size_t{threads * files});
}

}  // namespace
}  // namespace roamsync::testing
