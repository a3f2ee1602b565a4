#include <roamsync/host.hpp>

#include "host/child_process.hpp"
#include "support/result_matchers.hpp"

#include <gmock/gmock.h>
#include <sys/mman.h>

#include <array>
#include <atomic>

namespace roamsync {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

class Holders : public testing::HiveFile {
 protected:
  std::vector<Holder> holders_of(const boost::filesystem::path& path) {
    const std::array files{path};
    auto report = host->holders(files);
    EXPECT_OK(report);
    return report ? report.value().holders : std::vector<Holder>{};
  }
  std::unique_ptr<Host> host = make_system_host();
};

TEST_F(Holders, AreNoneOfAFileNobodyHasOpen) { EXPECT_THAT(holders_of(hive), IsEmpty()); }

TEST_F(Holders, AreNoneOfAFileThatIsNotThere) { EXPECT_THAT(holders_of(folder / "absent" / "NTUSER.DAT"), IsEmpty()); }

TEST_F(Holders, NameTheProcessTheDescriptorAndThatItWrites) {
  const testing::Child child([&] { ::dup2(::open(hive.c_str(), O_RDWR), 77); });
  const auto found = holders_of(hive);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].pid, child.pid());
  EXPECT_EQ(found[0].name, "host_test");
  EXPECT_THAT(found[0].what, AllOf(StartsWith("NTUSER.DAT open for writing (descriptors "), HasSubstr("77)")));
  EXPECT_FALSE(found[0].is_caller);
  EXPECT_GT(found[0].started, 0U);
}

TEST_F(Holders, AreSeenThroughAnotherNameOfTheFile) {
  boost::filesystem::create_hard_link(hive, folder / "other");
  const testing::Child child([&] { ::open((folder / "other").c_str(), O_RDONLY); });
  EXPECT_THAT(holders_of(hive), ElementsAre(AllOf(Field(&Holder::pid, child.pid()),
                                                  Field(&Holder::what, StartsWith("NTUSER.DAT open for reading")))));
}

TEST_F(Holders, AreSeenWhenOnlyAMappingIsLeft) {
  const testing::Child child([&] {
    const int descriptor = ::open(hive.c_str(), O_RDWR);
    ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    ::close(descriptor);
  });
  EXPECT_THAT(holders_of(hive), ElementsAre(AllOf(Field(&Holder::pid, child.pid()),
                                                  Field(&Holder::what, "NTUSER.DAT mapped into memory for writing"))));
}

TEST_F(Holders, AreOneLineAProcessAndFileSortedByProcess) {
  const auto log = make("NTUSER.DAT.LOG1");
  const testing::Child first([&] {
    ::open(hive.c_str(), O_RDONLY);
    ::open(hive.c_str(), O_RDWR);
    ::open(log.c_str(), O_RDWR);
  });
  const testing::Child second([&] { ::open(log.c_str(), O_RDONLY); });
  const std::array files{hive, log};
  const auto report = host->holders(files);
  ASSERT_OK(report);
  ASSERT_EQ(report.value().holders.size(), 3U);
  EXPECT_TRUE(std::is_sorted(report.value().holders.begin(), report.value().holders.end(),
                             [](const Holder& left, const Holder& right) { return left.pid < right.pid; }));
  for (const Holder& holder : report.value().holders) {
    if (holder.pid == first.pid() && holder.what.starts_with("NTUSER.DAT ")) {
      EXPECT_THAT(holder.what, AllOf(HasSubstr("for writing"), HasSubstr("for reading")));
    } else {
      EXPECT_THAT(holder.what, StartsWith("NTUSER.DAT.LOG1 open for "));
    }
  }
}

TEST_F(Holders, MarkTheCallerItself) {
  const int descriptor = ::open(hive.c_str(), O_RDONLY | O_CLOEXEC);
  EXPECT_THAT(holders_of(hive), ElementsAre(AllOf(Field(&Holder::pid, ::getpid()), Field(&Holder::is_caller, true))));
  ::close(descriptor);
}

TEST_F(Holders, DoNotIncludeADescriptorThatOnlyNamesTheFile) {
  const testing::Child child([&] { ::open(hive.c_str(), O_PATH); });
  EXPECT_THAT(holders_of(hive), IsEmpty());
}

TEST_F(Holders, OfWhatASymbolicLinkLeadsToAreNobodysBusiness) {
  boost::filesystem::create_symlink("/etc/passwd", folder / "link");
  const std::array files{folder / "link"};
  EXPECT_FAILS(host->holders(files), Errc::unsafe_path);
}

TEST_F(Holders, AreKnownToExistWhereTheyCannotBeSeen) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root, to make a holder that another user cannot see";
  constexpr uid_t nobody = 65534;
  ASSERT_EQ(::chown(folder.c_str(), nobody, nobody), 0);
  ASSERT_EQ(::chown(hive.c_str(), nobody, nobody), 0);
  const testing::Child holder([&] { ::open(hive.c_str(), O_RDONLY); });
  const pid_t looker = ::fork();
  if (looker == 0) {
    if (::setresuid(nobody, nobody, nobody) != 0) ::_exit(2);
    const std::array files{hive};
    const auto report = host->holders(files);
    const bool is_told = report && report.value().holders.size() == 1 && report.value().holders[0].pid == 0 &&
                         report.value().unseen_processes > 0 &&
                         !host->end_process(report.value().holders[0], EndProcess::kill);
    ::_exit(is_told ? 0 : 1);
  }
  int status = 0;
  ::waitpid(looker, &status, 0);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

// The kernel signals who has a lease when another opens the file; by default that signal ends the program.
TEST_F(Holders, AreLookedForWithoutASignalReachingTheProgram) {
  static std::atomic<int> signals{0};
  struct sigaction count = {};
  count.sa_handler = [](int) { ++signals; };
  struct sigaction before = {};
  ASSERT_EQ(::sigaction(SIGURG, &count, &before), 0);
  const testing::Child opener([] {},
                              [&] {
                                for (;;) ::close(::open(hive.c_str(), O_RDONLY));
                              });
  opener.tell();
  const std::array files{hive};
  const auto end = host->monotonic() + std::chrono::milliseconds(300);
  for (int looks = 0; host->monotonic() < end || looks < 50; ++looks) EXPECT_OK(host->holders(files));
  ::sigaction(SIGURG, &before, nullptr);
  EXPECT_EQ(signals, 0);
}

}  // namespace
}  // namespace roamsync
