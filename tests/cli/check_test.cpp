#include "cli/profiles.hpp"

#include <gmock/gmock.h>

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

namespace roamsync::testing {
namespace {

using ::testing::HasSubstr;

using Check = ProfilesTest;

TEST_F(Check, MeasuresWhatTheFolderCanDoAndLeavesNothingBehind) {
  ASSERT_EQ(log_off("a").exit_code, 0);
  const std::string before = names_below("share");
  const auto run = run_command({"check", "--server", path("share/user.V6"), "--json"});
  EXPECT_EQ(run.exit_code, 0) << run.messages;
  const Json found = run.json();
  EXPECT_EQ(found.at("reachable"), true);
  EXPECT_EQ(found.at("profile_exists"), true);
  EXPECT_EQ(found.at("owner").at("accepted"), true);
  EXPECT_GT(found.at("bytes_available"), 0);
  EXPECT_EQ(found.at("missing"), Json::array());
  EXPECT_EQ(found.at("atomic_replace"), true);
  EXPECT_EQ(found.at("locks_exclude"), true);
  EXPECT_GT(found.at("time_resolution_ns"), 0);
  EXPECT_TRUE(found.at("case_sensitive").is_boolean());
  EXPECT_EQ(found.at("generation"), 1);
  EXPECT_EQ(found.at("publish_interrupted"), false);
  for (const Json& attempt : found.at("attempts")) EXPECT_EQ(attempt.at("ok"), true) << attempt;
  EXPECT_EQ(names_below("share"), before);
}

TEST_F(Check, LooksAtTheFolderAboveBeforeTheFirstLogoff) {
  const auto run = run_command({"check", "--server", path("share/user.V6"), "--json"});
  EXPECT_EQ(run.exit_code, 0) << run.messages;
  EXPECT_EQ(run.json().at("reachable"), true);
  EXPECT_EQ(run.json().at("profile_exists"), false);
  EXPECT_EQ(names_below("share"), "");
}

TEST_F(Check, SaysThatTheServerIsAway) {
  const auto run = run_command({"check", "--server", path("nowhere/user.V6"), "--json"});
  EXPECT_EQ(run.exit_code, 69);
  EXPECT_EQ(run.json().at("reachable"), false);
  EXPECT_EQ(run.json().at("error").at("code"), "server_unavailable");
}

TEST_F(Check, NamesTheRightThatIsMissing) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root, to run as a user without rights";
  ASSERT_EQ(log_off("a").exit_code, 0);
  give_to_nobody();
  boost::filesystem::permissions(folder / "share/user.V6",
                                 boost::filesystem::owner_read | boost::filesystem::owner_exe);
  const auto run = run_command({"check", "--server", path("share/user.V6"), "--json"}, {.as_nobody = true});
  EXPECT_EQ(run.exit_code, 77) << run.messages;
  EXPECT_EQ(run.json().at("missing"), Json::array({"WRITE_DATA", "APPEND_DATA", "WRITE_EA", "DELETE"}));
  EXPECT_THAT(run.json().at("cure").get<std::string>(), HasSubstr("give the owner"));
  const std::string command = run.json().at("cures").at(0).at("commands").at(0);
  ASSERT_EQ(std::system(command.c_str()), 0) << command;
  EXPECT_EQ(run_command({"check", "--server", path("share/user.V6")}, {.as_nobody = true}).exit_code, 0)
      << "the cure cures";
}

// KB Q255113.
TEST_F(Check, AShareThatGrantsChangeIsToldBySameWordsAsTheLogoffThatRefuses) {
  ASSERT_EQ(log_off("a").exit_code, 0);
  put("a/Desktop/note.txt", "changed");
  const std::string before = names_below("share");
  const std::vector<std::string> share{"--share-sddl", "D:(A;;0x1301bf;;;WD)", "--share", "profiles"};
  auto words = std::vector<std::string>{"check", "--server", path("share/user.V6"), "--json"};
  words.insert(words.end(), share.begin(), share.end());
  const auto run = run_command(words);
  EXPECT_EQ(run.exit_code, 77) << run.messages;
  const Json found = run.json();
  EXPECT_EQ(found.at("missing"), Json::array({"WRITE_DAC"}));
  EXPECT_EQ(found.at("required_access"), "0x001701bf");
  EXPECT_EQ(found.at("share_access"), "0x001301bf");
  EXPECT_EQ(found.at("effective_access"), "0x001301bf");
  EXPECT_THAT(found.at("cure").get<std::string>(), HasSubstr("from Change to Full Control"));
  EXPECT_EQ(found.at("cures").at(0).at("sddl"), "D:(A;;FA;;;WD)");

  const auto off = log_off("a", share);
  EXPECT_EQ(off.exit_code, 77);
  EXPECT_EQ(off.json().at("outcome"), "refused");
  EXPECT_EQ(off.json().at("missing"), found.at("missing"));
  EXPECT_EQ(off.json().at("error"), found.at("error"));
  EXPECT_EQ(names_below("share"), before);
  EXPECT_EQ(log_off("a", {"--share-sddl", "D:(A;;0x1701bf;;;WD)"}).exit_code, 0);
}

TEST_F(Check, PrintsATableThatMarksWhatIsMissing) {
  ASSERT_EQ(log_off("a").exit_code, 0);
  const auto run =
      run_command({"check", "--server", path("share/user.V6"), "--share-sddl", "D:(D;;SD;;;WD)(A;;0x1701bf;;;WD)"});
  EXPECT_EQ(run.exit_code, 77);
  EXPECT_THAT(run.out, ::testing::ContainsRegex("DELETE +no +yes +MISSING"));
  EXPECT_THAT(run.out, ::testing::ContainsRegex("WRITE_DAC +yes +yes +yes"));
  EXPECT_THAT(run.out, HasSubstr("denies DELETE to Everyone by entry 0, (D;;SD;;;WD)"));
  EXPECT_THAT(run.out, HasSubstr("Cure: "));
}

TEST_F(Check, AsksForTheRightsOfAnyUserOnTheShare) {
  const auto check = [&](const std::string& user) {
    return run_command(
        {"check", "--server", path("share/user.V6"), "--share-sddl", "D:(A;;FA;;;DU)", "--for", user, "--json"});
  };
  EXPECT_EQ(check("S-1-5-21-1-2-3-1105,S-1-5-21-1-2-3-513").exit_code, 0);
  const auto run = check("S-1-5-21-1-2-3-1105");
  EXPECT_EQ(run.exit_code, 77);
  EXPECT_EQ(run.json().at("share_access"), "0x00000000");
}

TEST_F(Check, ATextThatIsNoDescriptorIsADataErrorAndSaysWhere) {
  const auto run = run_command({"check", "--server", path("share"), "--share-sddl", "D:(A;;XX;;;WD)", "--json"});
  EXPECT_EQ(run.exit_code, 65);
  EXPECT_THAT(run.messages, HasSubstr("--share-sddl"));
}

TEST_F(Check, ReadsTheShareFromSambasDatabase) {
  const std::string file = path("share_info.tdb");
  const std::string script =
      "/usr/bin/python3 -c 'import sys, tdb\n"
      "from samba.dcerpc import security\n"
      "from samba.ndr import ndr_pack\n"
      "sd = security.descriptor.from_sddl(\"D:(A;;0x1301bf;;;WD)\", security.dom_sid(\"S-1-5-21-1-2-3\"))\n"
      "t = tdb.Tdb(sys.argv[1], 0, tdb.DEFAULT, 66, 0o600)\n"
      "t.store(b\"SECDESC/profiles\", ndr_pack(sd))\n"
      "t.close()' '" +
      file + "' 2>/dev/null && command -v tdbdump >/dev/null";
  if (std::system(script.c_str()) != 0) GTEST_SKIP() << "python3-samba or tdb-tools is not installed";
  const auto check = [&](const std::string& share) {
    return run_command({"check", "--server", path("share"), "--share-info", file, "--share", share, "--json"});
  };
  const auto run = check("Profiles");
  EXPECT_EQ(run.exit_code, 77);
  EXPECT_EQ(run.json().at("missing"), Json::array({"WRITE_DAC"}));
  EXPECT_EQ(check("another").json().at("share_known"), false) << "nobody says that there is such a share";
  remove("share_info.tdb");
  EXPECT_EQ(check("Profiles").exit_code, 74);
}

/// Shares as an smb.conf has them, read by Samba's own testparm.
class SambaCheck : public Check {
 protected:
  void SetUp() override {
    Check::SetUp();
    if (std::system("command -v testparm >/dev/null && command -v tdbdump >/dev/null") != 0) {
      GTEST_SKIP() << "testparm (samba-common-bin) or tdbdump (tdb-tools) is not installed";
    }
    boost::filesystem::create_directories(folder / "samba");
    put("smb.conf", "[global]\nstate directory = " + path("samba") +
                        "\n[closed]\npath = /srv/closed\n"
                        "[Profil Gr\u00f6\u00dfe$]\npath = /srv/open\nread only = no\nvfs objects = acl_xattr\n");
  }
  CommandRun check(const std::string& share) const {
    return run_command(
        {"check", "--server", path("share"), "--samba-config", path("smb.conf"), "--share", share, "--json"});
  }
};

// Samba's default.
TEST_F(SambaCheck, AShareIsReadOnlyUnlessItsConfigurationSaysOtherwise) {
  const auto run = check("closed");
  EXPECT_EQ(run.exit_code, 77) << run.messages;
  EXPECT_EQ(run.json().at("share_access"), "0x001200a9");
  EXPECT_EQ(run.json().at("error").at("code"), "right_missing");
  EXPECT_THAT(run.json().at("cure").get<std::string>(), HasSubstr("read only = no"));
}

TEST_F(SambaCheck, AShareWithoutPermissionsOfItsOwnLetsEverybodyIn) {
  const auto run = check("PROFIL GR\u00d6\u00dfE$");
  EXPECT_EQ(run.exit_code, 0) << run.messages;
  EXPECT_EQ(run.json().at("share_known"), true);
  EXPECT_EQ(run.json().at("share_access"), "0x001f01ff");
}

TEST_F(SambaCheck, AShareThatThereIsNotIsNotKnown) {
  const auto run = check("profil");
  EXPECT_EQ(run.json().at("share_known"), false);
  EXPECT_THAT(run.json().at("notes").dump(), HasSubstr("smb.conf has no share profil"));
  const auto of_another = run_command({"check", "--server", path("share"), "--samba-config", path("smb.conf"),
                                       "--share", "profil", "--for", "S-1-5-21-1-2-3-1105", "--json"});
  EXPECT_THAT(of_another.json().at("notes").dump(), HasSubstr("smb.conf has no share profil"))
      << "also where nothing at all is known of that user";
}

TEST_F(SambaCheck, PermissionsThatThisUserMayNotReadAreToldAsUnknown) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root, to run as another user";
  put("samba/share_info.tdb", "");
  give_to_nobody();
  ASSERT_EQ(::chown(path("samba/share_info.tdb").c_str(), 0, 0), 0);
  ASSERT_EQ(::chmod(path("samba/share_info.tdb").c_str(), 0600), 0);
  const auto run = run_command({"check", "--server", path("share"), "--samba-config", path("smb.conf"), "--share",
                                "Profil Gr\u00f6\u00dfe$", "--json"},
                               {.as_nobody = true});
  EXPECT_EQ(run.json().at("share_known"), false);
  EXPECT_THAT(run.json().at("notes").dump(), HasSubstr("share_info.tdb"));
  EXPECT_THAT(run.json().at("notes").dump(), HasSubstr("--share-sddl"));
}

TEST_F(Check, JudgesTheOwnerForTheUserThatIsNamed) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root, to give a folder to another user";
  ASSERT_EQ(log_off("a").exit_code, 0);
  give_to_nobody();
  const auto check = [&](const std::vector<std::string>& more) {
    std::vector<std::string> words{"check", "--server", path("share/user.V6"), "--json"};
    words.insert(words.end(), more.begin(), more.end());
    return run_command(words);
  };
  const auto run = check({"--for", "S-1-22-1-5101"});
  EXPECT_EQ(run.exit_code, 77);
  EXPECT_EQ(run.json().at("error").at("code"), "wrong_owner");
  EXPECT_EQ(run.json().at("events").at(0).at("id"), 1526);
  EXPECT_EQ(check({"--for", "S-1-22-1-65534"}).exit_code, 0);
  EXPECT_THAT(check({}).json().at("owner").at("note").get<std::string>(), HasSubstr("--local"));
  EXPECT_EQ(check({"--local", path("a")}).exit_code, 0);
  ASSERT_EQ(::chown(path("a").c_str(), 12345, 12345), 0);
  const auto wrong = check({"--local", path("a")});
  EXPECT_EQ(wrong.exit_code, 77);
  EXPECT_EQ(log_off("a").json().at("error"), wrong.json().at("error")) << "one sentence";
}

// Root's own folder would be closed to Samba, which works as the user.
TEST_F(Check, AFolderMadeByRootIsItsUsers) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root, to work for somebody";
  constexpr uid_t user = 70001;
  ASSERT_EQ(::chown(path("a").c_str(), user, user), 0);
  ASSERT_EQ(log_off("a").exit_code, 0);
  struct stat status {};
  ASSERT_EQ(::stat(path("share/user.V6").c_str(), &status), 0);
  EXPECT_EQ(status.st_uid, user);
  ASSERT_EQ(::stat(path("share/user.V6/NTUSER.DAT").c_str(), &status), 0);
  EXPECT_EQ(status.st_uid, user);
  EXPECT_EQ(run_command({"check", "--server", path("share/user.V6"), "--for", "S-1-22-1-70001"}).exit_code, 0);
}

TEST_F(Check, TellsTheSameAsTheFirstLogoffWhereTheFolderMayNotBeMade) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root, to run as a user without rights";
  give_to_nobody();
  ASSERT_EQ(::chown(path("share").c_str(), 0, 0), 0);
  ASSERT_EQ(::chmod(path("share").c_str(), 0755), 0);
  const auto run = run_command({"check", "--server", path("share/user.V6"), "--json"}, {.as_nobody = true});
  EXPECT_EQ(run.exit_code, 77);
  EXPECT_EQ(run.json().at("missing"), Json::array({"APPEND_DATA"}));
  const auto off = run_command(words({"logoff"}, "a"), {.as_nobody = true});
  EXPECT_EQ(off.exit_code, 77) << off.messages;
  EXPECT_EQ(off.json().at("missing"), run.json().at("missing"));
  EXPECT_EQ(off.json().at("error"), run.json().at("error"));
  EXPECT_THAT(run.json().at("cure").get<std::string>(), HasSubstr("as root"));
}

TEST_F(Check, NamesTheFolderOnTheWayThatIsClosed) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root, to run as a user without rights";
  ASSERT_EQ(log_off("a").exit_code, 0);
  give_to_nobody();
  ASSERT_EQ(::chown(path("share").c_str(), 0, 0), 0);
  ASSERT_EQ(::chmod(path("share").c_str(), 0700), 0);
  const auto run = run_command({"check", "--server", path("share/user.V6"), "--json"}, {.as_nobody = true});
  EXPECT_EQ(run.exit_code, 77);
  EXPECT_EQ(run.json().at("missing"), Json::array({"TRAVERSE"}));
  EXPECT_EQ(run.json().at("error").at("path"), path("share"));
  EXPECT_THAT(run.json().at("cure").get<std::string>(), HasSubstr("chmod o+x"));
}

TEST_F(Check, AnEmptyValueIsAMistakeAndNotNoOption) {
  EXPECT_EQ(run_command({"check", "--server", path("share"), "--share-sddl", ""}).exit_code, 64);
  EXPECT_EQ(run_command({"check", "--server", path("share"), "--share", ""}).exit_code, 64);
}

TEST_F(Check, NamesAnOwnerThatSessionsWillRefuse) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root, to give a folder to another user";
  ASSERT_EQ(log_off("a").exit_code, 0);
  constexpr uid_t stranger = 12345;
  ASSERT_EQ(::chown(path("share/user.V6").c_str(), stranger, stranger), 0);
  boost::filesystem::permissions(folder / "share", boost::filesystem::all_all);
  for (const auto& entry : boost::filesystem::recursive_directory_iterator(folder / "share")) {
    boost::filesystem::permissions(entry.path(), boost::filesystem::all_all);
  }
  const auto run = run_command({"check", "--server", path("share/user.V6"), "--json"}, {.as_nobody = true});
  EXPECT_EQ(run.exit_code, 77) << run.messages;
  EXPECT_EQ(run.json().at("error").at("code"), "wrong_owner");
}

TEST_F(Check, DoesNotGuessTheRightsOfOthers) {
  ASSERT_EQ(log_off("a").exit_code, 0);
  const auto run = run_command({"check", "--server", path("share/user.V6"), "--for", "S-1-5-21-1-2-3-500", "--json"});
  EXPECT_EQ(run.exit_code, 64);
  EXPECT_FALSE(run.json().contains("effective_access"));
}

}  // namespace
}  // namespace roamsync::testing
