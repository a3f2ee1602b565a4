#include <roamsync/host.hpp>

#include "support/result_matchers.hpp"

#include <gtest/gtest.h>
#include <pwd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <set>
#include <thread>

namespace roamsync {
namespace {

using namespace std::chrono_literals;

TEST(SystemHost, TellsTheTimeInTicksOfWindows) {
  const auto host = make_system_host();
  // Not std::time(), which may lag behind by a step of its own clock.
  const auto seconds = [] {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()).time_since_epoch().count();
  };
  const auto before = seconds();
  const FileTime now = host->now();
  const auto after = seconds();
  EXPECT_GE(now.unix_seconds(), before);
  EXPECT_LE(now.unix_seconds(), after);
}

TEST(SystemHost, CountsTimeThatNeverGoesBack) {
  const auto host = make_system_host();
  auto last = host->monotonic();
  for (int i = 0; i < 1000; ++i) {
    const auto next = host->monotonic();
    ASSERT_GE(next, last);
    last = next;
  }
}

TEST(SystemHost, PausesAsLongAsAsked) {
  const auto host = make_system_host();
  const auto begin = host->monotonic();
  EXPECT_OK(host->pause(30ms, {}));
  EXPECT_GE(host->monotonic() - begin, 30ms);
}

TEST(SystemHost, BreaksAPauseOffOnRequest) {
  const auto host = make_system_host();
  std::stop_source stop;
  std::jthread later([&] {
    std::this_thread::sleep_for(50ms);
    stop.request_stop();
  });
  const auto begin = host->monotonic();
  EXPECT_FAILS(host->pause(std::chrono::milliseconds::max(), stop.get_token()), Errc::cancelled);
  EXPECT_LT(host->monotonic() - begin, 500ms);
}

TEST(SystemHost, GivesNumbersThatDoNotRepeat) {
  const auto host = make_system_host();
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(host->random());
  EXPECT_EQ(seen.size(), 1000U);
}

TEST(SystemHost, KnowsItsNames) {
  const auto host = make_system_host();
  EXPECT_FALSE(host->machine_name().empty());
  EXPECT_EQ(host->process_id(), ::getpid());
  if (const passwd* entry = ::getpwuid(::geteuid())) {
    EXPECT_EQ(host->user_name(), entry->pw_name);
  }
}

TEST(SystemHost, NamesAUserWithoutAnAccountByNumber) {
  constexpr uid_t without_account = 3'999'999'999;
  if (::geteuid() != 0) GTEST_SKIP() << "needs root, to become a user without an account";
  const pid_t child = ::fork();
  if (child == 0) {
    if (::setresuid(without_account, without_account, without_account) != 0) ::_exit(2);
    ::_exit(make_system_host()->user_name() == "uid 3999999999" ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

}  // namespace
}  // namespace roamsync
