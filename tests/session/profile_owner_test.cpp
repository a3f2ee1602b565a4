#include <roamsync/profile_owner.hpp>
#include <roamsync/security_posix.hpp>

#include <gmock/gmock.h>

#include "support/alice.hpp"

namespace roamsync {
namespace {

using ::testing::HasSubstr;

using testing::alice;
const Sid bob(5, {21, 1, 2, 3, 1106});
constexpr std::uint32_t alices_number = 1000;
constexpr std::uint32_t number_of_administrators = 3'000'000;  // as Samba gives out

enum class Told { right, wrong, unknown };

Told told(const FolderOwner& owner, const ExpectedOwner& expected) {
  const OwnerFinding finding = judge_owner(owner, expected, "/srv/alice.V6");
  if (finding.error) return Told::wrong;
  return finding.note.empty() ? Told::right : Told::unknown;
}

// KB327462: the user or the Administrators.
TEST(ProfileOwner, AreTheUserAndTheAdministrators) {
  const ExpectedOwner expected{.number = alices_number, .name = "alice"};
  EXPECT_EQ(told({.name = "alice", .number = alices_number}, expected), Told::right);
  EXPECT_EQ(told({.name = "root", .number = 0, .is_administrator = true}, expected), Told::right);
  EXPECT_EQ(told({.name = "bob", .number = 1001}, expected), Told::wrong);
}

TEST(ProfileOwner, OfANamedUserAreJudgedByThatUserAndNotByWhoAsks) {
  const ExpectedOwner named{.user = sid_of_posix_user(5101), .number = 5101, .name = "uid 5101"};
  EXPECT_EQ(told({.name = "qbob", .number = 5102}, named), Told::wrong);
  const ExpectedOwner of_domain{.user = alice, .name = "alice"};
  EXPECT_EQ(told({.name = "bob", .in_list = bob, .number = 0}, of_domain), Told::wrong) << "root holds it for bob";
  EXPECT_EQ(told({.name = "alice", .in_list = alice, .number = 0}, of_domain), Told::right);
  EXPECT_EQ(told({.name = "uid 7", .number = 7}, of_domain), Told::unknown) << "no list: which SID is uid 7?";
}

TEST(ProfileOwner, AListThatNamesTheAdministratorsOutweighsTheNumberSambaGaveThem) {
  EXPECT_EQ(told({.name = "Administrators",
                  .in_list = sids::administrators,
                  .number = number_of_administrators,
                  .is_administrator = true},
                 {.number = alices_number, .name = "alice"}),
            Told::right);
}

TEST(ProfileOwner, AListThatNamesSomebodyElseOutweighsRoot) {
  const OwnerFinding finding = judge_owner({.name = "bob", .in_list = bob, .number = 0},
                                           {.number = alices_number, .name = "alice (uid 1000)"}, "/srv/alice.V6");
  ASSERT_TRUE(finding.error);
  EXPECT_EQ(finding.error->code(), Errc::wrong_owner);
  EXPECT_THAT(finding.error->message(), HasSubstr("/srv/alice.V6"));
  EXPECT_THAT(finding.error->message(), HasSubstr("a folder owned by alice (uid 1000) or by the Administrators"));
  EXPECT_THAT(finding.error->context().cure, HasSubstr("--for S-1-5-21-1-2-3-1106"));
}

TEST(ProfileOwner, OfAMountedShareAreKnownBySidAloneAndThatIsTold) {
  EXPECT_EQ(told({.name = "S-1-5-21-1-2-3-1105", .in_list = alice}, {.number = alices_number, .name = "alice"}),
            Told::unknown);
}

TEST(ProfileOwner, AreNotGuessedWhereRootAsksForNobody) {
  const ExpectedOwner anybody{.number = 0, .name = "root", .is_anybody = true};
  EXPECT_EQ(told({.name = "bob", .number = 1001}, anybody), Told::unknown);
  EXPECT_EQ(told({.name = "root", .number = 0, .is_administrator = true}, anybody), Told::right);
}

}  // namespace
}  // namespace roamsync
