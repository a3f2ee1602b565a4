#include <roamsync/security_explain.hpp>
#include <roamsync/security_sddl.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "security/alices_token.hpp"
#include "security/random_descriptor.hpp"
#include "support/result_matchers.hpp"

namespace roamsync {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Reason = MissingRight::Reason;

using testing::alice;
using testing::domain;
using testing::user;
constexpr AccessMask logoff_needs = access::share_change | access::write_dac;

AccessQuestion question_about(std::string_view file, std::string_view share = {}, AccessMask wanted = logoff_needs) {
  AccessQuestion question{.token = user, .wanted = wanted, .file = parse_sddl(file, domain).value()};
  if (!share.empty()) question.share = parse_sddl(share, domain).value();
  question.share_name = "profiles$";
  question.path = "/srv/profiles/alice.V6";
  question.name_of = [](const Sid& sid) { return sid == alice ? std::string("alice") : std::string(); };
  return question;
}

// KB Q255113.
TEST(Explain, AShareThatGrantsChangeLacksWriteDacAndItsCureIsFullControl) {
  const auto explanation = explain_access(question_about("O:LAD:(A;OICI;FA;;;WD)", "O:BAG:SYD:(A;;0x1301bf;;;DU)"));
  EXPECT_EQ(explanation.granted, access::share_change);
  EXPECT_EQ(explanation.missing, access::write_dac);
  ASSERT_EQ(explanation.because.size(), 1U);
  EXPECT_EQ(explanation.because[0].name, "WRITE_DAC");
  EXPECT_EQ(explanation.because[0].acl, AclSide::share);
  EXPECT_EQ(explanation.because[0].reason, Reason::not_granted);
  EXPECT_EQ(explanation.because[0].index, std::nullopt);
  EXPECT_THAT(explanation.reasons,
              ElementsAre("the share's access list does not grant WRITE_DAC to alice: entry 0 gives "
                          "Domain Users Change (0x1301bf)"));
  ASSERT_EQ(explanation.cures.size(), 1U);
  EXPECT_EQ(explanation.cures[0].words, "set the share permission of Domain Users from Change to Full Control");
  EXPECT_EQ(explanation.cures[0].sddl, "O:BAG:SYD:(A;;FA;;;S-1-5-21-1-2-3-513)");
  EXPECT_THAT(explanation.cures[0].commands,
              ElementsAre("Set-SmbShare -Name 'profiles$' -SecurityDescriptor 'O:BAG:SYD:(A;;FA;;;S-1-5-21-1-2-3-513)' "
                          "-Force",
                          "sharesec 'profiles$' --setsddl='O:BAG:SYD:(A;;0x1f01ff;;;S-1-5-21-1-2-3-513)'"));
}

// The Windows 2000 server that the article says to be enough: a "Change" whose mask has the bit.
TEST(Explain, TheWordIsNeverBelievedOnlyTheBitCounts) {
  EXPECT_EQ(explain_access(question_about("D:(A;;FA;;;WD)", "D:(A;;0x1701bf;;;DU)")).missing, 0U);
  EXPECT_EQ(explain_access(question_about("D:(A;;FA;;;WD)", "D:(A;;0x1b01ff;;;DU)")).missing, access::write_dac);
}

TEST(Explain, NothingMissingNeedsNoReasonAndNoCure) {
  const auto explanation = explain_access(question_about("D:(A;;FA;;;WD)", "D:(A;;FA;;;WD)"));
  EXPECT_EQ(explanation.missing, 0U);
  EXPECT_THAT(explanation.because, IsEmpty());
  EXPECT_THAT(explanation.cures, IsEmpty());
  EXPECT_EQ(explanation.sentence(), "");
}

TEST(Explain, ADenyingEntryIsNamedByPlaceAndText) {
  const auto explanation = explain_access(question_about("D:(A;;FA;;;WD)", "D:(A;;FR;;;BA)(D;;WDWO;;;AU)(A;;FA;;;WD)"));
  ASSERT_EQ(explanation.because.size(), 1U);
  EXPECT_EQ(explanation.because[0].reason, Reason::denied);
  EXPECT_EQ(explanation.because[0].index, 1U);
  EXPECT_EQ(explanation.because[0].entry, "(D;;WDWO;;;AU)");
  EXPECT_THAT(explanation.reasons[0], HasSubstr("denies WRITE_DAC to Authenticated Users by entry 1, (D;;WDWO;;;AU)"));
  EXPECT_EQ(explanation.cures[0].words,
            "take WRITE_DAC out of the entry of the share's permissions that denies rights to Authenticated Users");
  EXPECT_EQ(explanation.cures[0].sddl, "D:(A;;FR;;;BA)(D;;WO;;;AU)(A;;FA;;;WD)");
}

TEST(Explain, AFolderOfAnotherCanBeGrantedOrGiven) {
  const auto explanation = explain_access(question_about("O:BAD:(A;OICI;0x1301bf;;;DU)"));
  EXPECT_EQ(explanation.because[0].acl, AclSide::file);
  EXPECT_EQ(explanation.cures[0].words, "grant alice WRITE_DAC on the folder or make that user its owner");
  EXPECT_EQ(explanation.cures[0].sddl, "O:BAD:(A;OICI;0x1301bf;;;S-1-5-21-1-2-3-513)(A;OICI;WD;;;S-1-5-21-1-2-3-1105)");
  EXPECT_THAT(explanation.cures[0].commands,
              ElementsAre("samba-tool ntacl set --service='profiles$' "
                          "'O:BAD:(A;OICI;0x1301bf;;;S-1-5-21-1-2-3-513)(A;OICI;WD;;;S-1-5-21-1-2-3-1105)' "
                          "'/srv/profiles/alice.V6'"));
}

TEST(Explain, OnWindowsTheCommandIsIcacls) {
  auto question = question_about("O:BAD:(A;OICI;0x1301bf;;;DU)");
  question.path = "D:\\profiles\\alice.V6";
  EXPECT_EQ(explain_access(question).cures[0].commands[0],
            "icacls \"D:\\profiles\\alice.V6\" /grant \"*S-1-5-21-1-2-3-1105:(OI)(CI)(WDAC)\"");
}

TEST(Explain, AFolderThatManyUseIsGrantedOnItAloneAndGivenToNobody) {
  auto question = question_about("O:BAD:(A;OICI;0x1301bf;;;DU)");
  question.is_common_folder = true;
  question.object = "the folder above the profile, /srv/profiles";
  const auto explanation = explain_access(question);
  EXPECT_EQ(explanation.cures[0].words,
            "grant alice WRITE_DAC on the folder above the profile, /srv/profiles, this folder only");
  EXPECT_THAT(explanation.cures[0].sddl, HasSubstr("(A;;WD;;;S-1-5-21-1-2-3-1105)"));
}

TEST(Explain, LevelsOfSambaHaveANameAndWhatIsNearOneIsCalledByIt) {
  EXPECT_EQ(share_permission_name(0x1301ff), "Change (as Samba writes it)");
  EXPECT_EQ(share_permission_name(0x120089), "Read (as Samba's usershares write it)");
  EXPECT_EQ(share_permission_name(0x1301bf), "Change");
  EXPECT_EQ(share_permission_name(0x1701bf), "Change plus WRITE_DAC");
  EXPECT_EQ(share_permission_name(0x1b01ff), "Full Control without WRITE_DAC");
  EXPECT_EQ(file_permission_name(0x1301ff), "Modify (as Samba writes it)");
  EXPECT_EQ(file_permission_name(access::write_dac), "WRITE_DAC");
  EXPECT_EQ(file_permission_name(access::read_data | access::execute), "READ_DATA, EXECUTE");
  EXPECT_EQ(share_permission_name(0), "nothing");
}

TEST(Explain, AnEntryWithAConditionIsNamedAndNotEvaluated) {
  EXPECT_THAT(explain_access(question_about("D:(XA;OICI;FA;;;WD;#61727478)")).sentence(),
              HasSubstr("entry 0 would give Everyone Full Control (0x1f01ff) on a condition"));
  EXPECT_THAT(explain_access(question_about("D:(XD;;WD;;;WD;#61727478)(A;;FA;;;WD)")).sentence(),
              HasSubstr("its condition is not evaluated here and taken to hold"));
}

TEST(Explain, OfAShareOnlyKnownToBeReadOnlyThatIsJudged) {
  auto question = question_about("D:(A;;FA;;;WD)");
  question.is_share_read_only = true;
  const auto explanation = explain_access(question);
  EXPECT_EQ(explanation.missing, logoff_needs & ~access::share_read);
  EXPECT_EQ(explanation.share, access::share_read);
}

TEST(Explain, LessMayBeWantedOfTheFileThanThroughTheShare) {
  auto question = question_about("D:(A;;0x1601bf;;;WD)", {}, access::profile_upload);
  question.file_wanted = access::profile_upload & ~access::delete_object;
  EXPECT_EQ(explain_access(question).missing, 0U);
}

TEST(Explain, AnOwnerWhomOwnerRightsLimitIsToldSo) {
  const auto explanation = explain_access(question_about("O:S-1-5-21-1-2-3-1105D:(A;OICI;0x1301bf;;;OW)"));
  EXPECT_EQ(explanation.missing, access::write_dac);
  EXPECT_EQ(explanation.cures[0].words,
            "grant alice WRITE_DAC on the folder, whose OWNER RIGHTS entry takes that from its owner");
}

TEST(Explain, AnExplicitEntryGoesBeforeWhatIsInherited) {
  const auto explanation = explain_access(question_about("D:AI(A;;0x1301bf;;;DU)(D;OICIID;WD;;;WD)"));
  EXPECT_EQ(explanation.cures[0].sddl,
            "D:AI(A;;0x1301bf;;;S-1-5-21-1-2-3-513)(A;OICI;WD;;;S-1-5-21-1-2-3-1105)(D;OICIID;WD;;;WD)");
}

TEST(Explain, BothListsAreNamedWhenBothStopARight) {
  const auto explanation = explain_access(question_about("D:(A;;FR;;;WD)", "D:(A;;FR;;;WD)", access::write_data));
  ASSERT_EQ(explanation.because.size(), 2U);
  EXPECT_EQ(explanation.because[0].acl, AclSide::share);
  EXPECT_EQ(explanation.because[1].acl, AclSide::file);
  ASSERT_EQ(explanation.cures.size(), 2U);
  EXPECT_EQ(explanation.cures[0].words,
            "set the share permission of Everyone from Read (as Samba's usershares write it) to Change");
  EXPECT_THAT(explanation.sentence(), HasSubstr("; and grant alice WRITE_DATA on the folder"));
}

TEST(Explain, AReadOnlyShareIsCalledSoWhateverItsListGrants) {
  auto question = question_about("D:(A;;FA;;;WD)", "D:(A;;FA;;;WD)");
  question.is_share_read_only = true;
  const auto explanation = explain_access(question);
  EXPECT_NE(explanation.missing & access::write_dac, 0U);
  EXPECT_EQ(explanation.because[0].reason, Reason::read_only_share);
  EXPECT_THAT(explanation.cures, ::testing::SizeIs(1));
  EXPECT_EQ(explanation.cures[0].words, "make the share profiles$ writable (smb.conf: read only = no)");
}

TEST(Explain, AMaskThatAServerShowedIsEnoughToExplain) {
  auto question = question_about("D:(A;;FA;;;WD)");
  question.share_mask = access::share_change;
  auto explanation = explain_access(question);
  EXPECT_EQ(explanation.missing, access::write_dac);
  EXPECT_THAT(explanation.reasons, ElementsAre("the share shows 0x1301bf to alice, which lacks WRITE_DAC"));
  EXPECT_EQ(explanation.cures[0].words,
            "set the share permission of alice, or of a group that user is in, to Full Control");
  question.share_mask = 0x001F00A9;  // read only = yes
  explanation = explain_access(question);
  EXPECT_EQ(explanation.because[0].reason, Reason::read_only_share);
}

TEST(Explain, TheListOfAuditingEntriesNeedsAPrivilege) {
  const auto explanation = explain_access(question_about("D:(A;;FA;;;WD)", "D:(A;;FA;;;WD)", access::system_security));
  ASSERT_EQ(explanation.because.size(), 1U);
  EXPECT_EQ(explanation.because[0].reason, Reason::privilege);
  EXPECT_THAT(explanation.cures[0].words, HasSubstr("SeSecurityPrivilege"));
  EXPECT_EQ(explanation.cures[0].sddl, "");
}

TEST(Explain, QuotesInNamesStayQuoted) {
  auto question = question_about("D:(A;;FA;;;WD)", "D:");
  question.share_name = "al'ice";
  const auto commands = explain_access(question).cures[0].commands;
  EXPECT_THAT(commands[0], HasSubstr("'al''ice'"));
  EXPECT_THAT(commands[1], HasSubstr("'al'\\''ice'"));
}

TEST(Explain, EveryCureGrantsAllThatIsWantedAndEveryMissingBitHasAReason) {
  testing::RandomDescriptors random(4711);
  std::size_t cured = 0;
  for (int round = 0; round < 3000; ++round) {
    AccessQuestion question{
        .token = random.token(), .wanted = random.mask() & ~access::invalid, .file = random.descriptor()};
    if (!random.one_in(3)) question.share = random.descriptor();
    const AccessMask wanted = file_mapping.map(question.wanted) & ~access::maximum_allowed;
    SCOPED_TRACE(print_sddl(question.file));
    const auto explanation = explain_access(question);
    ASSERT_EQ(explanation.missing, wanted & ~explanation.granted);
    AccessMask explained = 0;
    for (const MissingRight& row : explanation.because) explained |= row.bit;
    ASSERT_EQ(explained, explanation.missing);
    ASSERT_EQ(explanation.cures.empty(), explanation.missing == 0);

    const AccessMask by_entries = wanted & ~access::system_security;
    for (const Cure& cure : explanation.cures) {
      ASSERT_NE(cure.words, "");
      if (cure.sddl.empty()) continue;
      SCOPED_TRACE(cure.sddl);
      const auto after = parse_sddl(cure.sddl);
      ASSERT_OK(after);
      ASSERT_TRUE(check_access(after.value(), question.token, by_entries).is_granted);
      ++cured;
      // Nobody else loses anything by it.
      const Token other = random.token();
      const SecurityDescriptor& before = cure.acl == AclSide::share ? *question.share : question.file;
      ASSERT_TRUE(before.dacl.has_value());
      ASSERT_EQ(granted_access(before, other) & ~granted_access(after.value(), other), 0U);
    }
  }
  EXPECT_GT(cured, 1000U);
}

}  // namespace
}  // namespace roamsync
