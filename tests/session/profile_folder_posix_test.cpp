#include <roamsync/profile_folder.hpp>
#include <roamsync/security_attribute.hpp>
#include <roamsync/security_inherit.hpp>
#include <roamsync/security_sddl.hpp>

#include "support/alice.hpp"
#include "support/result_matchers.hpp"
#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>

#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <string>

namespace roamsync {
namespace {

constexpr const char* list_attribute = "user.NTACL";
using testing::alice;

class ProfileFolder : public ::testing::Test {
 protected:
  std::string path() const { return (share_.path() / "alice.V6").string(); }
  bool share_keeps_lists() const {
    const auto list = write_nt_acl_attribute(profile_folder_descriptor(sids::administrators));
    return ::setxattr(share_.path().c_str(), list_attribute, list.data(), list.size(), 0) == 0;
  }
  std::string list() const {
    std::string value(4096, '\0');
    const ssize_t size = ::getxattr(path().c_str(), list_attribute, value.data(), value.size());
    if (size < 0) return "none";
    value.resize(static_cast<std::size_t>(size));
    const auto parsed = parse_nt_acl_attribute(std::as_bytes(std::span(value)));
    return parsed ? print_sddl(parsed.value().descriptor) : parsed.error().message();
  }
  unsigned mode() const {
    struct stat status {};
    EXPECT_EQ(::stat(path().c_str(), &status), 0);
    owner_ = status.st_uid;
    return status.st_mode & 0777U;
  }

  testing::TemporaryFolder share_;
  mutable uid_t owner_ = 0;  ///< as mode() found it
};

TEST_F(ProfileFolder, BelongsToItsUserAlone) {
  ASSERT_OK(make_profile_folder(path(), {}));
  EXPECT_EQ(mode(), 0700U);
  EXPECT_EQ(owner_, ::geteuid());
  EXPECT_EQ(list(), "none") << "the share keeps no lists";
}

TEST_F(ProfileFolder, GetsAListWhereTheShareKeepsLists) {
  if (!share_keeps_lists()) GTEST_SKIP() << "this file system has no user attributes";
  ASSERT_OK(make_profile_folder(path(), {.user = alice}));
  EXPECT_EQ(mode(), 0700U);
  EXPECT_EQ(list(), "O:S-1-5-21-1-2-3-1105D:PAI(A;OICI;FA;;;S-1-5-21-1-2-3-1105)(A;OICI;FA;;;SY)");
}

// Samba works as the user: what root keeps for itself the user cannot enter, whatever the list says.
TEST_F(ProfileFolder, MadeByRootGoesToTheOwnerOfTheLocalProfile) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root, to give a folder away";
  constexpr DiskOwner owner{.user = 70001, .group = 70001};
  ASSERT_OK(make_profile_folder(path(), {.user = alice, .owner = owner}));
  EXPECT_EQ(mode(), 0700U);
  EXPECT_EQ(owner_, owner.user);
}

TEST_F(ProfileFolder, MadeByRootBelongsToItsUserInTheListToo) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root, to give a folder away";
  if (!share_keeps_lists()) GTEST_SKIP() << "this file system has no user attributes";
  ASSERT_OK(make_profile_folder(path(), {.owner = DiskOwner{.user = 70001, .group = 70001}}));
  EXPECT_THAT(list(), ::testing::StartsWith("O:S-1-22-1-70001"));
}

TEST_F(ProfileFolder, MadeByRootForANamedUserOfTheSystemIsThatUsers) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root, to give a folder away";
  ASSERT_OK(
      make_profile_folder(path(), {.user = Sid(22, {1, 70002}), .owner = DiskOwner{.user = 70001, .group = 70001}}));
  EXPECT_EQ(mode(), 0700U);
  EXPECT_EQ(owner_, 70002U);
}

TEST_F(ProfileFolder, LetsAdministratorsInWhenToldSo) {
  if (!share_keeps_lists()) GTEST_SKIP() << "this file system has no user attributes";
  ASSERT_OK(make_profile_folder(path(), {.user = alice, .adds_administrators = true}));
  EXPECT_THAT(list(), ::testing::EndsWith("(A;OICI;FA;;;BA)"));
}

TEST_F(ProfileFolder, OneThatIsThereIsLeftAsItIs) {
  if (!share_keeps_lists()) GTEST_SKIP() << "this file system has no user attributes";
  ASSERT_EQ(::mkdir(path().c_str(), 0750), 0);
  ASSERT_OK(make_profile_folder(path(), {.user = alice}));
  EXPECT_EQ(mode(), 0750U);
  EXPECT_EQ(list(), "none");
}

}  // namespace
}  // namespace roamsync
