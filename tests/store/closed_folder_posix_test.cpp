#include "store/closed_folder_posix.hpp"

#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <boost/filesystem/operations.hpp>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace roamsync::posix {
namespace {

constexpr uid_t stranger = 65534;

TEST(ClosedFolder, IsNoneWhereAllLetThrough) {
  const testing::TemporaryFolder folder;
  EXPECT_FALSE(find_closed_folder(folder.path() / "a/b"));
}

TEST(ClosedFolder, IsNamedWithTheRightThatIsMissing) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root, to look as another user";
  const testing::TemporaryFolder folder;
  const auto inner = folder.path() / "profiles";
  boost::filesystem::create_directories(inner / "alice");
  ASSERT_EQ(::chmod(folder.path().c_str(), 0755), 0);
  ASSERT_EQ(::chmod(inner.c_str(), 0700), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    if (::setgid(stranger) != 0 || ::setuid(stranger) != 0) ::_exit(1);
    const auto closed = find_closed_folder(inner / "alice/profile");
    const bool is_told = closed && closed->code() == Errc::right_missing && closed->context().path == inner.string() &&
                         closed->context().expected == "TRAVERSE" &&
                         closed->context().found.find("0700") != std::string::npos &&
                         closed->context().cure.find("chmod o+x '" + inner.string() + "'") != std::string::npos;
    ::_exit(is_told ? 0 : 2);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace roamsync::posix
