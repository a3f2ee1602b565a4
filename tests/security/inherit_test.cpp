#include <roamsync/security_access.hpp>
#include <roamsync/security_inherit.hpp>
#include <roamsync/security_sddl.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "security/random_descriptor.hpp"
#include "support/alice.hpp"
#include "support/result_matchers.hpp"

namespace roamsync {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using testing::alice;
const Sid staff = testing::domain.account(513);

std::string child_of(std::string_view parent, bool is_folder) {
  const auto child =
      inherited_descriptor(parse_sddl(parent).value(), {.owner = alice, .group = staff, .is_folder = is_folder})
          .value();
  SecurityDescriptor list;
  list.flags = child.flags;
  list.dacl = child.dacl;
  return print_sddl(list);
}

// The recommended permissions of the folder above all profiles.
TEST(Inheritance, AProfileFolderUnderTheRecommendedRootBelongsToItsUserAndSystem) {
  const std::string root = "O:BAD:P(A;OICI;FA;;;SY)(A;;FA;;;BA)(A;OICIIO;FA;;;CO)(A;;0x100005;;;S-1-5-21-1-2-3-513)";
  EXPECT_EQ(child_of(root, true), "D:AI(A;OICIID;FA;;;SY)(A;ID;FA;;;S-1-5-21-1-2-3-1105)(A;OICIIOID;FA;;;CO)");
  EXPECT_EQ(child_of(root, false), "D:AI(A;ID;FA;;;SY)(A;ID;FA;;;S-1-5-21-1-2-3-1105)");
}

TEST(Inheritance, EachFlagSendsAnEntryWhereItSays) {
  EXPECT_EQ(child_of("D:(A;;FA;;;WD)", true), "D:AI");
  EXPECT_EQ(child_of("D:(A;CI;FR;;;WD)", true), "D:AI(A;CIID;FR;;;WD)");
  EXPECT_EQ(child_of("D:(A;CI;FR;;;WD)", false), "D:AI");
  EXPECT_EQ(child_of("D:(A;OI;FR;;;WD)", true), "D:AI(A;OIIOID;FR;;;WD)");
  EXPECT_EQ(child_of("D:(A;OI;FR;;;WD)", false), "D:AI(A;ID;FR;;;WD)");
  EXPECT_EQ(child_of("D:(A;OICINP;FR;;;WD)", true), "D:AI(A;ID;FR;;;WD)");
  EXPECT_EQ(child_of("D:(A;OINP;FR;;;WD)", true), "D:AI");
  EXPECT_EQ(child_of("D:(A;OICIIO;FR;;;WD)", true), "D:AI(A;OICIID;FR;;;WD)");
  EXPECT_EQ(child_of("D:(D;OICI;WD;;;WD)(A;OICI;FA;;;WD)", false), "D:AI(D;ID;WD;;;WD)(A;ID;FA;;;WD)");
}

TEST(Inheritance, GenericRightsBecomeRealOnTheChildAndStayGenericBelow) {
  EXPECT_EQ(child_of("D:(A;OICI;GA;;;WD)", true), "D:AI(A;ID;FA;;;WD)(A;OICIIOID;GA;;;WD)");
  EXPECT_EQ(child_of("D:(A;OICI;GA;;;CG)", false), "D:AI(A;ID;FA;;;S-1-5-21-1-2-3-513)");
}

TEST(Inheritance, EntriesForAClassOfDirectoryObjectsMeanNoFile) {
  const std::string entry = "(OA;OICI;FA;;f30e3bbe-9ff0-11d1-b603-0000f80367c1;WD)";
  EXPECT_EQ(child_of("D:" + entry, false), "D:AI");
  EXPECT_EQ(child_of("D:" + entry, true), "D:AI(OA;OICIIOID;FA;;f30e3bbe-9ff0-11d1-b603-0000f80367c1;WD)");
}

TEST(ProfileFolder, UserAndSystemHaveAllAdministratorsOnlyWhenAsked) {
  EXPECT_EQ(print_sddl(profile_folder_descriptor(alice)),
            "O:S-1-5-21-1-2-3-1105D:PAI(A;OICI;FA;;;S-1-5-21-1-2-3-1105)(A;OICI;FA;;;SY)");
  EXPECT_EQ(print_sddl(profile_folder_descriptor(alice, true)),
            "O:S-1-5-21-1-2-3-1105D:PAI(A;OICI;FA;;;S-1-5-21-1-2-3-1105)(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)");
  EXPECT_EQ(granted_access(profile_folder_descriptor(alice), Token(sids::administrators)), 0U);
}

std::vector<std::string> differences(std::string_view left, std::string_view right, const ComparedParts& parts = {}) {
  return differences_in_meaning(parse_sddl(left).value(), parse_sddl(right).value(), parts);
}

TEST(Meaning, WhatGrantsTheSameIsTheSame) {
  EXPECT_THAT(differences("D:(A;;FA;;;WD)", "D:AI(A;ID;GA;;;WD)"), IsEmpty());
  EXPECT_THAT(differences("D:(A;;FR;;;WD)(A;;FX;;;SY)", "D:(A;;FX;;;SY)(A;;FR;;;WD)"), IsEmpty());
  EXPECT_THAT(differences("D:(A;OICI;FA;;;WD)", "D:(A;;FA;;;WD)(A;OIIO;FA;;;WD)(A;CIIO;GA;;;WD)"), IsEmpty());
  EXPECT_THAT(differences("D:(A;;FR;;;WD)(A;;FW;;;WD)", "D:(A;;0x12019f;;;WD)"), IsEmpty());
  EXPECT_THAT(differences("D:(D;;WD;;;WD)(A;;FA;;;WD)(D;;SD;;;WD)", "D:(D;;WD;;;WD)(A;;FA;;;WD)"), IsEmpty());
  EXPECT_THAT(differences("O:BAD:", "O:SYD:"), IsEmpty());
  EXPECT_THAT(differences("D:NO_ACCESS_CONTROL", ""), IsEmpty());
}

TEST(Meaning, WhatGrantsOtherwiseIsNamed) {
  EXPECT_THAT(differences("D:(D;;WD;;;WD)(A;;FA;;;SY)", "D:(A;;FA;;;SY)(D;;WD;;;WD)"),
              ElementsAre("access list: D:(D;;WD;;;WD)(A;;FA;;;SY) against D:(A;;FA;;;SY)(D;;WD;;;WD)"));
  EXPECT_THAT(differences("D:(A;;FA;;;WD)", "D:(A;OICI;FA;;;WD)"), ::testing::SizeIs(1));
  EXPECT_THAT(differences("D:(A;OI;FA;;;WD)", "D:(A;OINP;FA;;;WD)"), ::testing::SizeIs(1));
  EXPECT_THAT(differences("D:P(A;;FA;;;WD)", "D:(A;;FA;;;WD)"), ::testing::SizeIs(1));
  EXPECT_THAT(differences("D:(A;;;;;OW)", "D:"), ::testing::SizeIs(1));
  EXPECT_THAT(differences("D:", ""), ElementsAre("access list: D: against none"));
  EXPECT_THAT(differences("O:BAD:S:(AU;SA;GA;;;WD)", "O:SYD:", {.owner = true, .group = true, .sacl = true}),
              ElementsAre("owner: BA against SY", "audit list: S:(AU;SA;GA;;;WD) against none"));
}

TEST(Meaning, ListsCalledEqualGrantEverybodyTheSameAlsoBelow) {
  testing::RandomDescriptors random(99);
  std::size_t equal = 0;
  for (int round = 0; round < 5000; ++round) {
    const SecurityDescriptor left = random.descriptor();
    SecurityDescriptor right = left;
    if (!left.dacl || left.dacl->empty()) continue;
    // Two neighbours change places, or an entry is there twice, or its generic rights are spelled out.
    std::vector<Ace> entries;
    for (const AceView ace : *left.dacl) {
      if (ace.is_known()) entries.push_back(ace.ace());
    }
    if (entries.size() != left.dacl->size()) continue;
    const std::size_t at = random.below(static_cast<std::uint32_t>(entries.size()));
    switch (random.below(3)) {
      case 0: std::swap(entries[at], entries[at / 2]); break;
      case 1: entries.push_back(entries[at]); break;
      default: entries[at].mask = file_mapping.map(entries[at].mask);
    }
    Acl acl;
    for (const Ace& entry : entries) ASSERT_OK(acl.add(entry));
    right.set_dacl(acl);
    if (!differences_in_meaning(left, right).empty()) continue;
    ++equal;
    SCOPED_TRACE(print_sddl(left) + " and " + print_sddl(right));
    const Token token = random.token();
    ASSERT_EQ(granted_access(left, token), granted_access(right, token));
    for (const bool is_folder : {true, false}) {
      const NewChild child{.owner = alice, .group = staff, .is_folder = is_folder};
      const auto left_child = inherited_descriptor(left, child).value();
      const auto right_child = inherited_descriptor(right, child).value();
      ASSERT_EQ(granted_access(left_child, token), granted_access(right_child, token));
    }
  }
  EXPECT_GT(equal, 500U);
}

}  // namespace
}  // namespace roamsync
