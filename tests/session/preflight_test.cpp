#include "session/machines.hpp"

#include <roamsync/preflight.hpp>
#include <roamsync/security_attribute.hpp>
#include <roamsync/security_posix.hpp>
#include <roamsync/security_sddl.hpp>

#include "support/forwarding_store.hpp"

#include <gmock/gmock.h>

namespace roamsync {
namespace {

using testing::disk;
using ::testing::ElementsAre;
using testing::ForwardingStore;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::SessionTest;

SecurityDescriptor descriptor(std::string_view sddl) {
  auto parsed = parse_sddl(sddl);
  EXPECT_OK(parsed);
  return parsed ? parsed.value() : SecurityDescriptor();
}

std::string attribute(std::string_view sddl) {
  const auto bytes = write_nt_acl_attribute(descriptor(sddl));
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

constexpr std::uint32_t alice = 1000;

/// A folder of alice, asked about by alice.
AccessFacts folder_of_alice(unsigned mode = 0700) {
  return {.ownership = AccessFacts::Ownership{.owner = alice, .group = alice, .mode = mode},
          .caller = AccessFacts::Caller{.id = alice, .groups = {alice}},
          .allows = mode >> 6};
}

std::vector<std::string> missing(const AccessFinding& finding) { return access_names(finding.explanation.missing); }

TEST(JudgeAccess, AnOrdinaryProfileFolderIsEnough) {
  const auto finding = judge_access(folder_of_alice(), {}, "/srv/alice.V6");
  EXPECT_THAT(missing(finding), IsEmpty());
  EXPECT_TRUE(finding.is_file_known);
  EXPECT_FALSE(finding.is_share_known);
  EXPECT_THAT(finding.sources, ElementsAre("POSIX owner and mode 0700"));
  EXPECT_FALSE(finding.error("/srv/alice.V6"));
}

// KB Q255113: the share grants Change, which lacks WRITE_DAC.
TEST(JudgeAccess, AShareThatGrantsChangeLacksWriteDacAndSaysWhatToSet) {
  const AccessInquiry inquiry{
      .user_name = "alice", .share = descriptor("D:(A;;0x1301bf;;;WD)"), .share_name = "profiles"};
  const auto finding = judge_access(folder_of_alice(), inquiry, "/srv/alice.V6");
  EXPECT_THAT(missing(finding), ElementsAre("WRITE_DAC"));
  EXPECT_EQ(finding.explanation.share, 0x001301BFU);
  EXPECT_EQ(finding.explanation.cures.at(0).sddl, "D:(A;;FA;;;WD)");
  const auto error = finding.error("/srv/alice.V6");
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), Errc::share_lacks_write_dac);
  EXPECT_THAT(error->message(), HasSubstr("the share's access list does not grant WRITE_DAC to alice"));
  EXPECT_THAT(error->message(), HasSubstr("from Change to Full Control"));
}

TEST(JudgeAccess, TheBitCountsAndNotTheNameOfThePermission) {
  const AccessInquiry inquiry{.share = descriptor("D:(A;;0x1701bf;;;WD)")};
  EXPECT_THAT(missing(judge_access(folder_of_alice(), inquiry, "")), IsEmpty()) << "Change and WRITE_DAC";
}

TEST(JudgeAccess, AReadOnlyShareCapsWritesWhateverItShows) {
  const auto finding = judge_access(folder_of_alice(), {.is_share_read_only = true}, "");
  EXPECT_THAT(missing(finding), ::testing::Contains("WRITE_DATA"));
  EXPECT_THAT(finding.explanation.sentence(), HasSubstr("read-only"));
}

TEST(JudgeAccess, AGroupThatMayHoldTheUserIsNoCertainRefusal) {
  const AccessInquiry inquiry{.share = descriptor("D:(A;;FA;;;S-1-5-21-1-2-3-1200)")};
  const auto finding = judge_access(folder_of_alice(), inquiry, "");
  EXPECT_THAT(missing(finding), IsEmpty());
  EXPECT_THAT(finding.notes, ElementsAre(HasSubstr("--for")));
  // Named with all groups, the user is known to be in none that is granted anything.
  const AccessInquiry named{.user = {Sid(5, {21, 1, 2, 3, 1105})}, .share = inquiry.share};
  EXPECT_THAT(missing(judge_access(folder_of_alice(), named, "")), ::testing::Contains("WRITE_DAC"));
}

TEST(JudgeAccess, ADenialThatMayBeForAnotherIsNoCertainRefusalAndItsEntryIsNotLost) {
  const AccessInquiry inquiry{.share = descriptor("D:(D;;WD;;;S-1-5-21-1-2-3-1200)(D;;SD;;;WD)(A;;FA;;;WD)")};
  const auto finding = judge_access(folder_of_alice(), inquiry, "");
  EXPECT_THAT(missing(finding), ElementsAre("DELETE"));
  EXPECT_EQ(finding.explanation.because.at(0).index, 1U);
  EXPECT_EQ(finding.explanation.cures.at(0).sddl, "") << "a list without the entry would let it go";
}

TEST(JudgeAccess, NoGroupOfTheDomainMakesUpForAMissingBit) {
  const AccessInquiry inquiry{.share = descriptor("D:(A;;0x1301bf;;;S-1-5-21-1-2-3-513)(A;;FA;;;BA)")};
  EXPECT_THAT(missing(judge_access(folder_of_alice(), inquiry, "")), ElementsAre("WRITE_DAC"));
}

TEST(JudgeAccess, SambasListOfTheOwnerIsJudged) {
  AccessFacts facts = folder_of_alice();
  facts.attributes = {{"security.NTACL", attribute("O:S-1-5-21-1-2-3-1105D:(A;OICI;0x1301bf;;;OW)")}};
  const auto finding = judge_access(facts, {}, "");
  EXPECT_THAT(missing(finding), ElementsAre("WRITE_DAC"));
  EXPECT_EQ(finding.error("")->code(), Errc::right_missing);
  EXPECT_THAT(finding.sources, ElementsAre("security.NTACL, version 1", "POSIX owner and mode 0700"));
  facts.attributes = {{"user.NTACL", attribute("O:S-1-5-21-1-2-3-1105D:(A;OICI;FA;;;S-1-5-21-1-2-3-1105)")}};
  EXPECT_THAT(missing(judge_access(facts, {}, "")), IsEmpty());
}

TEST(JudgeAccess, TheServersOwnListOfAMountedShareIsJudged) {
  AccessFacts facts = folder_of_alice();
  facts.is_network_mount = true;
  const auto bytes = descriptor("O:BAD:(A;OICI;FR;;;WD)").bytes();
  facts.attributes = {{"system.cifs_ntsd", {reinterpret_cast<const char*>(bytes.data()), bytes.size()}}};
  const auto finding = judge_access(facts, {}, "");
  EXPECT_THAT(missing(finding), ::testing::Contains("WRITE_DATA"));
  EXPECT_THAT(finding.sources, ElementsAre(HasSubstr("system.cifs_ntsd")));
}

TEST(JudgeAccess, ADamagedAttributeIsToldAndNotGuessedAt) {
  AccessFacts facts = folder_of_alice();
  facts.attributes = {{"security.NTACL", "rubbish"}};
  const auto finding = judge_access(facts, {}, "");
  EXPECT_THAT(missing(finding), IsEmpty());
  EXPECT_THAT(finding.notes, ElementsAre(HasSubstr("security.NTACL cannot be read")));
}

TEST(JudgeAccess, AModeThatIsTooTightIsExplainedInItsOwnWords) {
  AccessFacts facts = folder_of_alice(0550);
  facts.owner_name = facts.caller_name = "alice (uid 1000)";
  const auto own = judge_access(facts, {}, "/srv/p");
  EXPECT_THAT(missing(own), ElementsAre("WRITE_DATA", "APPEND_DATA", "WRITE_EA", "DELETE"));
  EXPECT_THAT(own.explanation.sentence(), HasSubstr("its owner alice (uid 1000) has r-x"));
  EXPECT_THAT(own.explanation.cures.at(0).commands, ElementsAre("chmod u+rwx '/srv/p'"));
  facts.caller = AccessFacts::Caller{.id = 1001, .groups = {1001}};
  facts.caller_name = "bob (uid 1001)";
  facts.group_name = "staff (gid 50)";
  facts.allows = 0;
  const auto other = judge_access(facts, {}, "/srv/p");
  EXPECT_THAT(other.explanation.sentence(), HasSubstr("belongs to alice (uid 1000) and group staff (gid 50)"));
  EXPECT_THAT(other.explanation.cures.at(0).commands,
              ElementsAre("chown bob '/srv/p'", "setfacl -m u:bob:rwx '/srv/p'"));
}

TEST(JudgeAccess, RootAsksForTheOwnerOfTheFolder) {
  AccessFacts facts = folder_of_alice();
  facts.caller = AccessFacts::Caller{.id = 0, .groups = {0}, .is_root = true};
  facts.allows = 7;
  EXPECT_THAT(missing(judge_access(facts, {}, "")), IsEmpty());
  facts.attributes = {{"security.NTACL", attribute("O:S-1-5-21-1-2-3-1105D:(A;OICI;0x1301bf;;;OW)")}};
  EXPECT_THAT(missing(judge_access(facts, {}, "")), ElementsAre("WRITE_DAC"));
}

TEST(JudgeAccess, AUserOfThisSystemIsJudgedByModeWhenNamed) {
  const AccessFacts facts = folder_of_alice(0750);
  EXPECT_THAT(missing(judge_access(facts, {.user = {sid_of_posix_user(alice)}}, "")), IsEmpty());
  EXPECT_THAT(missing(judge_access(facts, {.user = {sid_of_posix_user(7)}}, "")), ::testing::Contains("WRITE_DATA"));
  const auto unknown = judge_access(facts, {.user = {Sid(5, {21, 1, 2, 3, 1105})}}, "");
  EXPECT_FALSE(unknown.is_file_known);
}

class Guarded : public ForwardingStore {
 public:
  Guarded(Store& inner, AccessFacts facts) : ForwardingStore(inner), facts_(std::move(facts)) {}
  Result<AccessFacts> access_facts(const ProfilePath&) override { return facts_; }

 private:
  AccessFacts facts_;
};

TEST_F(SessionTest, ALogoffThatLacksARightRefusesBeforeItWrites) {
  share_a_profile();
  b.put("Desktop/a.txt", "b2");
  const auto before = server->content();
  AccessFacts facts = folder_of_alice();
  facts.attributes = {{"security.NTACL", attribute("O:S-1-5-21-1-2-3-1105D:(A;OICI;0x1301bf;;;OW)")}};
  Guarded guarded(*server, facts);
  const auto off = b.log_off(guarded);
  ASSERT_OK(off);
  EXPECT_EQ(off.value().outcome, Outcome::refused);
  EXPECT_EQ(off.value().cause->code(), Errc::right_missing);
  EXPECT_THAT(off.value().missing_rights, ElementsAre("WRITE_DAC"));
  EXPECT_EQ(off.value().cause->message(),
            check_store_access(guarded, {}, b.host.user_name()).value().error("server:")->message())
      << "the sentence of the check";
  EXPECT_TRUE(server->content() == before);
  ASSERT_OK(b.log_off(*server));
  EXPECT_EQ(testing::read(*server, "Desktop/a.txt"), "b2");
}

TEST_F(SessionTest, ASharesPermissionsStopEvenTheMakingOfTheFolder) {
  bool made = false;
  a.put("NTUSER.DAT", testing::sound_hive(u"a"));
  const AbsentServer absent{.location = "server:",
                            .why = Error(std::make_error_code(std::errc::no_such_file_or_directory)),
                            .create = [&]() -> Result<std::unique_ptr<Store>> {
                              made = true;
                              return std::unique_ptr<Store>(make_memory_store());
                            }};
  SessionOptions options;
  options.access.share = descriptor("D:(A;;0x1301bf;;;WD)");
  const auto off = Session(a.host, {*a.local, absent, *a.state}).log_off(options);
  ASSERT_OK(off);
  EXPECT_EQ(off.value().outcome, Outcome::refused);
  EXPECT_EQ(off.value().cause->code(), Errc::share_lacks_write_dac);
  EXPECT_THAT(off.value().missing_rights, ElementsAre("WRITE_DAC"));
  EXPECT_FALSE(made);
}

}  // namespace
}  // namespace roamsync
