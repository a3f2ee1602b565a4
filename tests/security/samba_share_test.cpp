#include <roamsync/security_samba_share.hpp>

#include <gmock/gmock.h>

namespace roamsync {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::string_view printed = R"(# Global parameters
[global]
	state directory = /srv/state
	workgroup = EXAMPLE

[profiles]
	path = /srv/profiles
	read only = No
	vfs objects = acl_xattr recycle
	acl_xattr:ignore system acls = yes

[open]
	path = /srv/open
	force user = bob

[Profil Größe$]
	path = /srv/p
	read only = No
	vfs objects = acl_xattr
)";

TEST(SambaShare, IsReadOnlyUnlessItSaysOtherwise) {
  ASSERT_TRUE(find_samba_share(printed, "open"));
  EXPECT_TRUE(find_samba_share(printed, "open")->is_read_only);
  EXPECT_FALSE(find_samba_share(printed, "profiles")->is_read_only);
}

TEST(SambaShare, TakesWhatGlobalSaysForAll) {
  const auto share =
      find_samba_share("[global]\n read only = no\n vfs objects = acl_xattr\n[a]\n[b]\n read only = yes\n", "a");
  ASSERT_TRUE(share);
  EXPECT_FALSE(share->is_read_only);
  EXPECT_TRUE(share->reads_nt_lists);
  EXPECT_TRUE(find_samba_share("[global]\n read only = no\n[b]\n read only = yes\n", "b")->is_read_only);
}

TEST(SambaShare, IsFoundWithoutRegardToCaseInAnyAlphabet) {
  EXPECT_TRUE(find_samba_share(printed, "PROFILES"));
  EXPECT_TRUE(find_samba_share(printed, "PROFIL GRÖßE$"));
  EXPECT_FALSE(find_samba_share(printed, "profile"));
  EXPECT_FALSE(find_samba_share(printed, "global"));
}

TEST(SambaShare, SaysWhetherListsAreReadAndBelieved) {
  EXPECT_TRUE(find_samba_share(printed, "profiles")->reads_nt_lists);
  EXPECT_TRUE(find_samba_share(printed, "profiles")->ignores_posix_changes);
  EXPECT_FALSE(find_samba_share(printed, "Profil Größe$")->ignores_posix_changes);
  EXPECT_FALSE(find_samba_share(printed, "open")->reads_nt_lists);
}

TEST(SambaShare, NamesWhatIsNotJudged) {
  EXPECT_THAT(find_samba_share(printed, "open")->not_judged, ElementsAre("force user = bob"));
  EXPECT_THAT(find_samba_share(printed, "profiles")->not_judged, IsEmpty());
}

TEST(SambaShare, TellsWhereSambaKeepsItsState) {
  EXPECT_EQ(state_directory_of_samba(printed), "/srv/state");
  EXPECT_EQ(state_directory_of_samba("[global]\n"), "");
}

}  // namespace
}  // namespace roamsync
