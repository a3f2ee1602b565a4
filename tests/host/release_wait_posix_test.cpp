#include <roamsync/host.hpp>

#include "host/child_process.hpp"
#include "support/result_matchers.hpp"

#include <gmock/gmock.h>
#include <sys/mman.h>

#include <array>
#include <thread>

namespace roamsync {
namespace {

using namespace std::chrono_literals;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr auto for_ever = std::chrono::milliseconds::max();
// It takes a millisecond or two; the rest is room for a busy machine. The fallback that polls would need up to 1 s.
constexpr auto at_once = 200ms;

class ReleaseWait : public testing::HiveFile {
 protected:
  // Waits while `act` happens 200 ms later; how long after it the wait ended.
  std::chrono::nanoseconds wait_while(const std::function<void()>& act, std::chrono::milliseconds patience = for_ever) {
    std::chrono::nanoseconds acted{};
    std::jthread later([&] {
      std::this_thread::sleep_for(200ms);
      acted = host->monotonic();
      act();
    });
    const std::array files{hive};
    report = host->wait_until_released(files, patience, {});
    const auto returned = host->monotonic();
    later.join();
    EXPECT_GE(returned, acted) << "ended before anybody let go";
    RecordProperty("nanoseconds_after", std::to_string((returned - acted).count()));
    return returned - acted;
  }
  std::unique_ptr<Host> host = make_system_host();
  Result<HolderReport> report = HolderReport{};
};

TEST_F(ReleaseWait, EndsAtOnceWhenNobodyHoldsTheFile) {
  const std::array files{hive};
  const auto begin = host->monotonic();
  const auto result = host->wait_until_released(files, for_ever, {});
  ASSERT_OK(result);
  EXPECT_THAT(result.value().holders, IsEmpty());
  EXPECT_LT(host->monotonic() - begin, at_once);
}

TEST_F(ReleaseWait, EndsAtOnceWhenTheHolderClosesWithoutEnding) {
  testing::Child child([&] { ::dup2(::open(hive.c_str(), O_RDWR | O_CLOEXEC), 77), ::close_range(78, ~0U, 0); },
                       [] { ::close_range(3, ~0U, 0); });
  EXPECT_LT(wait_while([&] { child.tell(); }), at_once);
  ASSERT_OK(report);
  EXPECT_THAT(report.value().holders, IsEmpty());
}

TEST_F(ReleaseWait, EndsAtOnceWhenTheHolderIsKilled) {
  testing::Child child([&] { ::open(hive.c_str(), O_RDONLY); });
  EXPECT_LT(wait_while([&] { child.kill(); }), at_once);
  ASSERT_OK(report);
  EXPECT_THAT(report.value().holders, IsEmpty());
}

TEST_F(ReleaseWait, EndsAtOnceWhenAMappingGoes) {
  static void* mapping = nullptr;
  testing::Child child(
      [&] {
        const int descriptor = ::open(hive.c_str(), O_RDWR);
        mapping = ::mmap(nullptr, 4096, PROT_READ, MAP_SHARED, descriptor, 0);
        ::close(descriptor);
      },
      [] { ::munmap(mapping, 4096); });
  EXPECT_LT(wait_while([&] { child.tell(); }), at_once);
  ASSERT_OK(report);
  EXPECT_THAT(report.value().holders, IsEmpty());
}

TEST_F(ReleaseWait, EndsAtOnceWhenTheFileIsReplaced) {
  testing::Child child([&] { ::open(hive.c_str(), O_RDONLY); });
  const auto fresh = make("fresh");
  EXPECT_LT(wait_while([&] { boost::filesystem::rename(fresh, hive); }), at_once);
  ASSERT_OK(report);
  EXPECT_THAT(report.value().holders, IsEmpty());
}

TEST_F(ReleaseWait, GoesOnUntilTheLastOfSeveralLetsGo) {
  testing::Child first([&] { ::open(hive.c_str(), O_RDONLY); });
  testing::Child second([&] { ::open(hive.c_str(), O_RDWR); });
  EXPECT_LT(wait_while([&] {
              first.kill();
              std::this_thread::sleep_for(100ms);
              second.kill();
            }),
            100ms + at_once);
  ASSERT_OK(report);
  EXPECT_THAT(report.value().holders, IsEmpty());
}

TEST_F(ReleaseWait, IsNotHeldUpByTheCallersOwnDescriptors) {
  const int descriptor = ::open(hive.c_str(), O_RDWR | O_CLOEXEC);
  const std::array files{hive};
  const auto result = host->wait_until_released(files, 2000ms, {});
  ::close(descriptor);
  ASSERT_OK(result);
  EXPECT_THAT(result.value().holders, IsEmpty());
}

TEST_F(ReleaseWait, ReportsWhoRemainsWhenPatienceRunsOut) {
  testing::Child child([&] { ::open(hive.c_str(), O_RDWR); });
  const std::array files{hive};
  const auto begin = host->monotonic();
  const auto result = host->wait_until_released(files, 100ms, {});
  const auto took = host->monotonic() - begin;
  ASSERT_OK(result);
  ASSERT_THAT(result.value().holders, SizeIs(1));
  EXPECT_EQ(result.value().holders[0].pid, child.pid());
  EXPECT_GE(took, 100ms);
  EXPECT_LT(took, 100ms + at_once);
}

TEST_F(ReleaseWait, LooksOnceWithoutPatience) {
  testing::Child child([&] { ::open(hive.c_str(), O_RDWR); });
  const std::array files{hive};
  const auto begin = host->monotonic();
  const auto result = host->wait_until_released(files, 0ms, {});
  ASSERT_OK(result);
  EXPECT_THAT(result.value().holders, SizeIs(1));
  EXPECT_LT(host->monotonic() - begin, at_once);
}

TEST_F(ReleaseWait, IsBrokenOffAtOnceOnRequest) {
  testing::Child child([&] { ::open(hive.c_str(), O_RDWR); });
  std::stop_source stop;
  std::chrono::nanoseconds stopped{};
  std::jthread later([&] {
    std::this_thread::sleep_for(100ms);
    stopped = host->monotonic();
    stop.request_stop();
  });
  const std::array files{hive};
  const auto result = host->wait_until_released(files, for_ever, stop.get_token());
  const auto returned = host->monotonic();
  later.join();
  EXPECT_FAILS(result, Errc::cancelled);
  EXPECT_LT(returned - stopped, at_once);
}

// The look itself opens the file; if that woke the wait, it would turn for ever.
TEST_F(ReleaseWait, SleepsWhileNothingHappens) {
  testing::Child child([&] { ::open(hive.c_str(), O_RDWR); });
  const std::array files{hive};
  timespec before = {};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &before);
  ASSERT_OK(host->wait_until_released(files, 1000ms, {}));
  timespec after = {};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &after);
  const auto used = (after.tv_sec - before.tv_sec) * 1'000'000'000 + (after.tv_nsec - before.tv_nsec);
  EXPECT_LT(used, 250'000'000) << "nanoseconds of processor time in one second of waiting";
}

}  // namespace
}  // namespace roamsync
