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

constexpr std::uint32_t uid_of_alice = 1000;

/// A folder of alice, asked about by alice.
AccessFacts folder_of_alice(unsigned mode = 0700) {
  return {.ownership = AccessFacts::Ownership{.owner = uid_of_alice, .group = uid_of_alice, .mode = mode},
          .caller = AccessFacts::Caller{.id = uid_of_alice, .groups = {uid_of_alice}},
          .allows = mode >> 6};
}

std::vector<std::string> missing(const AccessFinding& finding) { return access_names(finding.explanation.missing); }

TEST(JudgeAccess, AnOrdinaryProfileFolderIsEnough) {
  const auto finding = judge_access(folder_of_alice(), {}, "/srv/alice.V6");
  EXPECT_THAT(missing(finding), IsEmpty());
  EXPECT_TRUE(finding.is_file_known);
  EXPECT_FALSE(finding.is_share_known);
  EXPECT_THAT(finding.sources, ElementsAre("POSIX owner and mode 0700"));
  EXPECT_FALSE(finding.error());
}

// KB Q255113: the share grants Change, which lacks WRITE_DAC.
TEST(JudgeAccess, AShareThatGrantsChangeLacksWriteDacAndSaysWhatToSet) {
  const AccessInquiry inquiry{
      .user_name = "alice", .share = descriptor("D:(A;;0x1301bf;;;WD)"), .share_name = "profiles"};
  const auto finding = judge_access(folder_of_alice(), inquiry, "/srv/alice.V6");
  EXPECT_THAT(missing(finding), ElementsAre("WRITE_DAC"));
  EXPECT_EQ(finding.explanation.share, 0x001301BFU);
  EXPECT_EQ(finding.explanation.cures.at(0).sddl, "D:(A;;FA;;;WD)");
  const auto error = finding.error();
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
  EXPECT_EQ(finding.error()->code(), Errc::right_missing);
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
              ElementsAre("chown bob '/srv/p'", "or: setfacl -m u:bob:rwx '/srv/p'"));
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
  EXPECT_THAT(missing(judge_access(facts, {.user = {sid_of_posix_user(uid_of_alice)}}, "")), IsEmpty());
  EXPECT_THAT(missing(judge_access(facts, {.user = {sid_of_posix_user(7)}}, "")), ::testing::Contains("WRITE_DATA"));
  const auto unknown = judge_access(facts, {.user = {Sid(5, {21, 1, 2, 3, 1105})}}, "");
  EXPECT_FALSE(unknown.is_file_known);
}

// Of a name and numbers given together both count.
TEST(JudgeAccess, TheGroupsOfANamedUserAreAsked) {
  AccessFacts facts = folder_of_alice(0770);
  facts.ownership->group = 50;
  const AccessInquiry in_group{.user = {sid_of_posix_user(7), sid_of_posix_group(50)}};
  EXPECT_THAT(missing(judge_access(facts, in_group, "")), IsEmpty());
  EXPECT_THAT(missing(judge_access(facts, {.user = {sid_of_posix_user(7)}}, "")), ::testing::Contains("WRITE_DATA"));
}

// What must be deletable is what lies in the folder.
TEST(JudgeAccess, DeleteIsNotNeededOnTheFolderItself) {
  const Sid user(5, {21, 1, 2, 3, 1105});
  AccessFacts facts;
  const auto ask = [&](std::string_view list) {
    facts.attributes = {{"security.NTACL", attribute(list)}};
    return missing(judge_access(facts, {.user = {user}}, ""));
  };
  EXPECT_THAT(ask("O:SYD:(A;;0x1601bf;;;WD)"), IsEmpty()) << "files made in it are their maker's";
  EXPECT_THAT(ask("O:SYD:(A;OICI;0x1601ff;;;WD)"), IsEmpty()) << "DELETE_CHILD";
  EXPECT_THAT(ask("O:SYD:(A;OICI;0x1601bf;;;WD)"), ElementsAre("DELETE"));
  EXPECT_THAT(ask("O:SYD:(A;CI;0x1601bf;;;WD)(A;OIIO;SD;;;CO)"), IsEmpty());
  const AccessInquiry through_share{.user = {user}, .share = descriptor("D:(A;;0x1601bf;;;WD)")};
  EXPECT_THAT(missing(judge_access({}, through_share, "")), ElementsAre("DELETE")) << "a share must pass it";
}

// Root made the folder and gave the user an entry: the system does not let the user in.
TEST(JudgeAccess, AListDoesNotOpenWhatTheSystemKeepsClosed) {
  const Sid user(5, {21, 1, 2, 3, 1105});
  AccessFacts facts = folder_of_alice(0700);
  facts.ownership->owner = 0;
  facts.caller->is_root = true;
  facts.attributes = {{"security.NTACL", attribute("O:S-1-5-21-1-2-3-1105D:(A;OICI;FA;;;S-1-5-21-1-2-3-1105)")}};
  EXPECT_THAT(missing(judge_access(facts, {.user = {user}}, "")), ::testing::Contains("WRITE_DATA"));
  facts.ownership->owner = uid_of_alice;
  EXPECT_THAT(missing(judge_access(facts, {.user = {user}}, "")), IsEmpty());
  facts.ownership->mode = 0500;
  EXPECT_THAT(missing(judge_access(facts, {.user = {user}}, "")), ::testing::Contains("WRITE_DATA"))
      << "the list's owner is the file's";
}

TEST(JudgeAccess, ABelievedListMayBeOlderThanThePermissionsAndThatIsTold) {
  AccessFacts facts = folder_of_alice();
  std::string value = attribute("O:S-1-5-21-1-2-3-1105D:(A;OICI;FA;;;S-1-5-21-1-2-3-1105)");
  const auto version_3 = [](std::string one) {
    return std::string("\x03\0\x03\0\0\0\x02\0\0\0\x02\0\x01\0", 14) + std::string(64, 'h') + std::string(2, '\0') +
           one.substr(8);
  };
  // Offsets count from the attribute's first byte.
  std::string later = version_3(value);
  for (const std::size_t field : {4U, 8U, 12U, 16U}) {
    auto& byte = later[later.size() - value.size() + 8 + field];
    if (byte != 0) byte = static_cast<char>(byte + static_cast<char>(later.size() - value.size()));
  }
  facts.attributes = {{"security.NTACL", later}};
  EXPECT_THAT(judge_access(facts, {}, "").notes, ElementsAre(HasSubstr("counts for Samba only while")));
  EXPECT_THAT(judge_access(facts, {.list_use = NtListUse::believed}, "").notes, IsEmpty());
  facts.attributes = {{"security.NTACL", value}};
  EXPECT_THAT(judge_access(facts, {}, "").notes, IsEmpty()) << "version 1 holds no digest";
}

TEST(JudgeAccess, AListThatTheShareDoesNotReadIsNotJudged) {
  AccessFacts facts = folder_of_alice();
  facts.attributes = {{"security.NTACL", attribute("O:S-1-5-21-1-2-3-1105D:(A;OICI;0x1301bf;;;OW)")}};
  const auto finding = judge_access(facts, {.list_use = NtListUse::unused}, "");
  EXPECT_THAT(missing(finding), IsEmpty());
  EXPECT_THAT(finding.notes, ElementsAre(HasSubstr("no module that reads it")));
}

TEST(JudgeAccess, WhatOnlyTheUsersGroupIsGrantedIsTold) {
  const Sid user(5, {21, 1, 2, 3, 1105});
  const AccessInquiry inquiry{.user = {user}, .share = descriptor("D:(A;;FA;;;BU)")};
  EXPECT_THAT(judge_access({}, inquiry, "").notes, ::testing::Contains(HasSubstr("BUILTIN\\Users")));
  const AccessInquiry everyone{.user = {user}, .share = descriptor("D:(A;;FA;;;WD)(A;;FA;;;BU)")};
  EXPECT_THAT(judge_access({}, everyone, "").notes, ::testing::Not(::testing::Contains(HasSubstr("BUILTIN"))));
}

TEST(JudgeAccess, ADenialOnAConditionForAnUnknownGroupIsNoCertainRefusal) {
  const AccessInquiry inquiry{.share = descriptor("D:(XD;;WD;;;S-1-5-21-1-2-3-1200;#61727478)(A;;FA;;;WD)")};
  EXPECT_THAT(missing(judge_access(folder_of_alice(), inquiry, "")), IsEmpty());
}

// The share refuses everything: that is not the matter of Q255113.
TEST(JudgeAccess, TheHeadingFitsWhatIsMissing) {
  for (const AccessInquiry& inquiry :
       {AccessInquiry{.is_share_read_only = true}, AccessInquiry{.share = descriptor("D:(D;;FA;;;WD)")}}) {
    EXPECT_EQ(judge_access(folder_of_alice(), inquiry, "").error()->code(), Errc::right_missing);
  }
}

TEST(JudgeAccess, WhatIsGrantedOnTheFolderAboveStaysOnItAndMakesNobodyItsOwner) {
  const Sid user(5, {21, 1, 2, 3, 1105});
  AccessFacts facts;
  facts.attributes = {{"security.NTACL", attribute("O:BAD:PAI(A;OICI;FA;;;SY)(A;;0x1200a9;;;WD)")}};
  const AccessInquiry inquiry{.wanted = access::append_data | access::write_dac, .user = {user}};
  const auto finding = judge_access(facts, inquiry, "/srv/profiles", JudgedFolder::above);
  EXPECT_THAT(finding.explanation.sentence(), HasSubstr("the folder above the profile, /srv/profiles"));
  EXPECT_THAT(finding.explanation.sentence(), HasSubstr("this folder only"));
  EXPECT_THAT(finding.explanation.sentence(), ::testing::Not(HasSubstr("owner")));
  EXPECT_THAT(finding.explanation.cures.at(0).sddl, HasSubstr("(A;;LCWD;;;S-1-5-21-1-2-3-1105)"));
}

TEST(JudgeAccess, OnASystemsOwnFolderAboveRootIsToldHowToMakeTheProfiles) {
  AccessFacts facts = folder_of_alice(0755);
  facts.ownership->owner = facts.ownership->group = 0;
  facts.allows = 5;
  facts.caller_name = "alice (uid 1000)";
  const auto finding = judge_access(facts, {.wanted = access::append_data}, "/srv/profiles", JudgedFolder::above);
  EXPECT_THAT(
      finding.explanation.cures.at(0).commands,
      ElementsAre("install -d -m 0700 -o alice '/srv/profiles'/PROFILE", "or: setfacl -m u:alice:rwx '/srv/profiles'"));
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
            check_store_access(guarded, {}, b.host.user_name()).value().error()->message())
      << "the sentence of the check";
  EXPECT_TRUE(server->content() == before);
  ASSERT_OK(b.log_off(*server));
  EXPECT_EQ(testing::read(*server, "Desktop/a.txt"), "b2");
}

TEST_F(SessionTest, AFolderAboveThatDoesNotLetTheProfileBeMadeStopsTheFirstLogoff) {
  bool made = false;
  a.put("NTUSER.DAT", testing::sound_hive(u"a"));
  AccessFacts facts = folder_of_alice(0555);
  const auto above = make_memory_store({.location = "/srv/profiles"});
  const AbsentServer absent{.location = "/srv/profiles/alice.V6",
                            .why = Error(std::make_error_code(std::errc::no_such_file_or_directory)),
                            .create = [&]() -> Result<std::unique_ptr<Store>> {
                              made = true;
                              return std::unique_ptr<Store>(make_memory_store());
                            },
                            .open_above = [&]() -> Result<std::unique_ptr<Store>> {
                              return std::unique_ptr<Store>(new Guarded(*above, facts));
                            }};
  const auto off = Session(a.host, {*a.local, absent, *a.state}).log_off({});
  ASSERT_OK(off);
  EXPECT_EQ(off.value().outcome, Outcome::refused);
  EXPECT_FALSE(made);
  EXPECT_THAT(off.value().missing_rights, ElementsAre("APPEND_DATA"));
  Guarded guarded(*above, facts);
  EXPECT_EQ(off.value().cause->message(),
            check_new_folder_access(&guarded, {}, a.host.user_name(), absent.location).value().error()->message())
      << "the sentence of the check";
  const auto preview = Session(a.host, {*a.local, absent, *a.state}).preview(Direction::logoff, {});
  ASSERT_OK(preview);
  ASSERT_TRUE(preview.value().cause);
  EXPECT_EQ(preview.value().cause->message(), off.value().cause->message());
  facts.ownership->mode = 0777;
  facts.allows = 7;
  ASSERT_OK(Session(a.host, {*a.local, absent, *a.state}).log_off({}));
  EXPECT_TRUE(made);
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
