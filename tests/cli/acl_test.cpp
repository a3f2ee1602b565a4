// `roamsync acl`: what scripts read from it, and what a person sees.
#include "cli/command_run.hpp"

#include <gmock/gmock.h>

namespace roamsync::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* alice = "S-1-5-21-1-2-3-1105";
const std::string token = std::string(alice) + ",S-1-5-21-1-2-3-513,S-1-1-0,AU";

TEST(Acl, ShowsADescriptorInWindowsSpellingAndAsBytes) {
  const auto run = run_command({"acl", "show", "--json", "--sddl", "O:S-1-5-32-544G:SYD:P(A;OICI;0x1f01ff;;;WD)"});
  EXPECT_EQ(run.exit_code, 0);
  const Json shown = run.json();
  EXPECT_EQ(shown.at("sddl"), "O:BAG:SYD:P(A;OICI;FA;;;WD)");
  EXPECT_EQ(shown.at("owner"), "S-1-5-32-544");
  EXPECT_EQ(shown.at("group"), "S-1-5-18");
  EXPECT_EQ(shown.at("dacl").at(0).at("sid"), "S-1-1-0");
  EXPECT_EQ(shown.at("dacl").at(0).at("mask"), "0x001f01ff");
  EXPECT_TRUE(shown.at("sacl").is_null());

  const auto again = run_command({"acl", "show", "--json", "--descriptor", shown.at("descriptor")});
  EXPECT_EQ(again.json(), shown);
}

TEST(Acl, ShowsEntriesInWordsToAPerson) {
  const auto run = run_command({"acl", "show", "--sddl", "O:BAD:(D;;WD;;;AU)(A;OICIID;FA;;;SY)"});
  EXPECT_THAT(run.out, HasSubstr("Owner: BUILTIN\\Administrators (S-1-5-32-544)\n"));
  EXPECT_THAT(run.out, HasSubstr("deny   Authenticated Users  0x00040000  WRITE_DAC     this object\n"));
  EXPECT_THAT(
      run.out,
      HasSubstr("allow  SYSTEM               0x001f01ff  Full Control  this object, folders, files; inherited\n"));
}

TEST(Acl, AliasesOfADomainAreSpelledWhenItIsGiven) {
  EXPECT_EQ(run_command({"acl", "show", "--json", "--sddl", "O:DU", "--domain", "S-1-5-21-1-2-3"}).json().at("owner"),
            "S-1-5-21-1-2-3-513");
  EXPECT_EQ(run_command({"acl", "show", "--sddl", "O:DU"}).exit_code, 65);
}

// KB Q255113.
TEST(Acl, ExplainsWhichListLacksWhichRightAndWhatToChange) {
  const std::vector<std::string> words{"acl",          "explain",
                                       "--sddl",       "O:S-1-5-21-1-2-3-1105D:(A;OICI;FA;;;S-1-5-21-1-2-3-1105)",
                                       "--share-sddl", "D:(A;;0x1301bf;;;S-1-5-21-1-2-3-513)",
                                       "--token",      token};
  auto with_json = words;
  with_json.push_back("--json");
  const auto run = run_command(with_json);
  EXPECT_EQ(run.exit_code, 0);
  const Json explained = run.json();
  EXPECT_EQ(explained.at("granted"), "0x001301bf");
  EXPECT_THAT(explained.at("missing"), ElementsAre("WRITE_DAC"));
  ASSERT_EQ(explained.at("because").size(), 1U);
  const Json& reason = explained.at("because").at(0);
  EXPECT_EQ(reason.at("right"), "WRITE_DAC");
  EXPECT_EQ(reason.at("acl"), "share");
  EXPECT_TRUE(reason.at("entry").is_null());
  EXPECT_TRUE(reason.at("index").is_null());
  EXPECT_EQ(explained.at("cure").at(0).at("sddl"), "D:(A;;FA;;;S-1-5-21-1-2-3-513)");

  const auto text = run_command(words);
  EXPECT_THAT(text.out, HasSubstr("WRITE_DAC         no          yes         MISSING\n"));
  EXPECT_THAT(text.out, HasSubstr("Cure: set the share permission of Domain Users from Change to Full Control.\n"));
}

TEST(Acl, NamesTheEntryThatDenies) {
  const Json explained = run_command({"acl", "explain", "--json", "--sddl", "D:(A;;FR;;;WD)(D;;DC;;;AU)(A;;FA;;;WD)",
                                      "--token", token, "--want", "write_data,delete"})
                             .json();
  EXPECT_THAT(explained.at("missing"), ElementsAre("WRITE_DATA"));
  EXPECT_EQ(explained.at("because").at(0).at("entry"), "(D;;DC;;;AU)");
  EXPECT_EQ(explained.at("because").at(0).at("index"), 1);
  EXPECT_EQ(explained.at("because").at(0).at("acl"), "file");
}

TEST(Acl, NothingMissingIsSaid) {
  const auto run = run_command({"acl", "explain", "--sddl", "D:(A;;FA;;;WD)", "--token", token});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_THAT(run.out, HasSubstr("Nothing is missing."));
}

TEST(Acl, AReadOnlyShareIsExplainedWithoutItsList) {
  const Json explained =
      run_command({"acl", "explain", "--json", "--sddl", "D:(A;;FA;;;WD)", "--token", token, "--share-read-only"})
          .json();
  EXPECT_EQ(explained.at("granted"), "0x001200a9");
  EXPECT_EQ(explained.at("because").at(0).at("reason"), "read_only_share");
}

TEST(Acl, MistakesExitWith64AndMalformedDescriptorsWith65) {
  EXPECT_EQ(run_command({"acl"}).exit_code, 64);
  EXPECT_EQ(run_command({"acl", "show"}).exit_code, 64);
  EXPECT_EQ(run_command({"acl", "show", "--sddl", "D:", "--descriptor", "00"}).exit_code, 64);
  EXPECT_EQ(run_command({"acl", "show", "--descriptor", "0"}).exit_code, 64);
  EXPECT_EQ(run_command({"acl", "show", "--descriptor", "xy"}).exit_code, 64);
  EXPECT_EQ(run_command({"acl", "explain", "--sddl", "D:"}).exit_code, 64);
  EXPECT_EQ(run_command({"acl", "explain", "--sddl", "D:", "--token", "alice"}).exit_code, 64);
  EXPECT_EQ(run_command({"acl", "explain", "--sddl", "D:", "--token", alice, "--want", "EVERYTHING"}).exit_code, 64);
  EXPECT_EQ(run_command({"acl", "explain", "--sddl", "D:", "--token", alice, "--want", "0x200"}).exit_code, 64);
  EXPECT_EQ(run_command({"acl", "show", "--sddl", "D:(A;;GA;;;WD"}).exit_code, 65);
  const auto run = run_command({"acl", "show", "--descriptor", "0100048014000000"});
  EXPECT_EQ(run.exit_code, 65);
  EXPECT_THAT(run.out, IsEmpty());
  EXPECT_THAT(run.messages, HasSubstr("a descriptor has a header of 20 bytes"));
}

}  // namespace
}  // namespace roamsync::testing
