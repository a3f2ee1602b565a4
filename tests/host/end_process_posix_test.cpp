#include <roamsync/host.hpp>

#include "host/child_process.hpp"
#include "support/result_matchers.hpp"

#include <array>

namespace roamsync {
namespace {

class EndProcessOfHolder : public testing::HiveFile {
 protected:
  Holder holder_of(const testing::Child& child) {
    const std::array files{hive};
    const auto report = host->holders(files);
    EXPECT_OK(report);
    for (const Holder& holder : report.value().holders) {
      if (holder.pid == child.pid()) return holder;
    }
    ADD_FAILURE() << "the child is not among the holders";
    return {};
  }
  std::unique_ptr<Host> host = make_system_host();
};

TEST_F(EndProcessOfHolder, AsksWithSigterm) {
  testing::Child child([&] { ::open(hive.c_str(), O_RDONLY); });
  ASSERT_OK(host->end_process(holder_of(child), EndProcess::ask));
  const int status = child.wait();
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGTERM);
}

TEST_F(EndProcessOfHolder, KillsWhoDoesNotListen) {
  testing::Child child([&] {
    ::signal(SIGTERM, SIG_IGN);
    ::open(hive.c_str(), O_RDONLY);
  });
  ASSERT_OK(host->end_process(holder_of(child), EndProcess::ask));
  ASSERT_OK(host->end_process(holder_of(child), EndProcess::kill));
  const int status = child.wait();
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGKILL);
}

TEST_F(EndProcessOfHolder, IsDoneWhenTheProcessIsGone) {
  testing::Child child([&] { ::open(hive.c_str(), O_RDONLY); });
  const Holder holder = holder_of(child);
  child.kill();
  EXPECT_OK(host->end_process(holder, EndProcess::kill));
}

TEST_F(EndProcessOfHolder, SparesAProcessThatGotTheSameNumberLater) {
  testing::Child child([&] { ::open(hive.c_str(), O_RDONLY); });
  Holder earlier = holder_of(child);
  --earlier.started;
  EXPECT_OK(host->end_process(earlier, EndProcess::kill));
  int status = 0;
  EXPECT_EQ(::waitpid(child.pid(), &status, WNOHANG), 0) << "the child was hit";
}

TEST_F(EndProcessOfHolder, RefusesTheCallerItsParentsAndTheFirstProcess) {
  for (const pid_t pid : {::getpid(), ::getppid(), pid_t{1}, pid_t{0}, pid_t{-1}}) {
    SCOPED_TRACE(pid);
    EXPECT_FAILS(host->end_process({.pid = pid, .name = "spared"}, EndProcess::kill), Errc::not_supported);
  }
  EXPECT_FAILS(host->end_process({.pid = std::int64_t{1} << 40}, EndProcess::kill), Errc::not_supported);
}

}  // namespace
}  // namespace roamsync
