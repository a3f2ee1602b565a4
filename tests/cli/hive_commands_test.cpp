#include <gmock/gmock.h>

#include "cli/command_run.hpp"
#include "support/log_builder.hpp"

namespace roamsync::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class HiveCommands : public CommandTest {
 protected:
  static HiveSpec spec(std::uint32_t number, std::int64_t later = 0) {
    HiveSpec made{
        .root = {.name = u"ROOT",
                 .subkeys = {{.name = u"Software", .values = {number_value(u"n", number)}}, {.name = u"Console"}}}};
    made.root.subkeys[0].time += later;
    return made;
  }
  std::string put_hive(const std::string& name, const Bytes& file) const {
    return put(name, {reinterpret_cast<const char*>(file.data()), file.size()}).string();
  }
};

TEST_F(HiveCommands, CheckTellsCleanDirtyAndCorruptByExitCode) {
  const auto clean = run_command({"hive", "check", put_hive("clean", build_hive(spec(1))), "--json"});
  EXPECT_EQ(clean.exit_code, 0);
  EXPECT_EQ(clean.json().at("verdict"), "clean");
  EXPECT_TRUE(clean.json().at("offset").is_null());

  const auto dirty = run_command({"hive", "check", put_hive("dirty", left_open(build_hive(spec(1)), 1)), "--json"});
  EXPECT_EQ(dirty.exit_code, 1);
  EXPECT_EQ(dirty.json().at("verdict"), "dirty");

  Bytes damaged = build_hive(spec(1));
  damaged[4096] = std::byte{'x'};
  const auto corrupt = run_command({"hive", "check", put_hive("corrupt", damaged), "--json"});
  EXPECT_EQ(corrupt.exit_code, 65);
  EXPECT_EQ(corrupt.json().at("verdict"), "corrupt");
  EXPECT_EQ(corrupt.json().at("rule"), "bin_signature");
  EXPECT_EQ(corrupt.json().at("offset"), 4096);
  EXPECT_EQ(corrupt.json().at("expected"), "\"hbin\"");
  EXPECT_EQ(corrupt.json().at("found"), "\"xbin\"");
  EXPECT_THAT(run_command({"hive", "check", path("corrupt")}).out, HasSubstr("bin_signature at 0x1000"));
}

TEST_F(HiveCommands, CheckTellsAllFaultsWhenAsked) {
  Bytes damaged = build_hive(spec(1));
  damaged[4100] = std::byte{9};
  damaged[508] ^= std::byte{1};
  const auto run = run_command({"hive", "check", "--all", put_hive("hive", damaged), "--json"});
  EXPECT_EQ(run.json().at("faults").size(), 2U);
}

TEST_F(HiveCommands, CheckWithLogsSaysWhetherTheyHelp) {
  const Bytes before = build_hive(spec(1));
  const auto hive = put_hive("hive", left_open(before, 4));
  const auto log = put_hive("log", entry_log(before, {entry_between(before, build_hive(spec(2)), 4)}));
  const auto run = run_command({"hive", "check", hive, "--log", log, "--json"});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_EQ(run.json().at("replay").at("outcome"), "recovered");
}

TEST_F(HiveCommands, InfoCountsAndNames) {
  const auto hive = put_hive("hive", build_hive(spec(1, 50)));
  const Json info = run_command({"hive", "info", hive, "--json"}).json();
  EXPECT_EQ(info.at("version"), "1.5");
  EXPECT_EQ(info.at("keys"), 3);
  EXPECT_EQ(info.at("values"), 1);
  EXPECT_EQ(info.at("root"), "ROOT");
  EXPECT_THAT(info.at("newest_key_time").get<std::string>(), StartsWith("2022-"));
  EXPECT_THAT(run_command({"hive", "info", hive}).out, HasSubstr("values           1\n"));
  EXPECT_EQ(run_command({"hive", "info", put("none", "no hive").string()}).exit_code, 65);
}

TEST_F(HiveCommands, ExportPrintsRegistryText) {
  const auto hive = put_hive("hive", build_hive(spec(1)));
  EXPECT_EQ(run_command({"hive", "export", hive, "software"}).out,
            "Windows Registry Editor Version 5.00\n\n[HKEY_CURRENT_USER\\Software]\n\"n\"=dword:00000001\n");
  EXPECT_THAT(run_command({"hive", "export", hive, "--prefix", "X"}).out, HasSubstr("[X\\Console]\n"));
  EXPECT_EQ(run_command({"hive", "export", hive, "--json"}).json().at("subkeys").size(), 2U);
  EXPECT_NE(run_command({"hive", "export", hive, "nowhere"}).exit_code, 0);
}

TEST_F(HiveCommands, ExportTakesAKeyAsItPrintsItAndSpellsItAsTheHiveDoes) {
  const auto hive = put_hive("hive", build_hive(spec(1)));
  for (const char* key : {"SOFTWARE", "software", "HKEY_CURRENT_USER\\Software"}) {
    const auto run = run_command({"hive", "export", hive, key});
    EXPECT_EQ(run.exit_code, 0) << run.messages;
    EXPECT_THAT(run.out, HasSubstr("[HKEY_CURRENT_USER\\Software]\n\"n\"=dword:00000001\n"));
  }
  const auto none = run_command({"hive", "export", hive, "Softwear"});
  EXPECT_EQ(none.exit_code, 64);
  EXPECT_THAT(none.messages, HasSubstr("there is no key Softwear in " + hive));
}

TEST_F(HiveCommands, ADeviceIsNoHive) {
  const auto run = run_command({"hive", "check", "/dev/null"});
  EXPECT_EQ(run.exit_code, 64);
  EXPECT_THAT(run.messages, HasSubstr("/dev/null is a device or a pipe"));
}

TEST_F(HiveCommands, ExportRescuesWhatIsLeftOfADamagedHive) {
  Bytes damaged = build_hive(spec(7));
  damaged[508] ^= std::byte{1};
  damaged[4100] = std::byte{9};
  const auto hive = put_hive("hive", damaged);
  EXPECT_EQ(run_command({"hive", "export", hive}).exit_code, 65);
  const auto run = run_command({"hive", "export", "--rescue", hive});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_THAT(run.out, HasSubstr("\"n\"=dword:00000007"));
}

TEST_F(HiveCommands, ReplayWritesACleanHive) {
  const Bytes before = build_hive(spec(1));
  const auto hive = put_hive("hive", left_open(before, 4));
  const auto log = put_hive("log", entry_log(before, {entry_between(before, build_hive(spec(2)), 4)}));
  const auto run = run_command({"hive", "replay", hive, "--log", log, "-o", path("out"), "--json"});
  EXPECT_EQ(run.exit_code, 0) << run.messages;
  EXPECT_EQ(run.json().at("outcome"), "recovered");
  EXPECT_EQ(run_command({"hive", "check", path("out")}).exit_code, 0);
  EXPECT_THAT(run_command({"hive", "export", path("out")}).out, HasSubstr("dword:00000002"));
  EXPECT_EQ(names_below(""), "hive\nlog\nout\n");
}

TEST_F(HiveCommands, ReplayWritesNothingWhenTheLogsDoNotFit) {
  const auto hive = put_hive("hive", left_open(build_hive(spec(1)), 4));
  const auto log = put("log", "").string();
  const auto run = run_command({"hive", "replay", hive, "--log", log, "-o", path("out"), "--json"});
  EXPECT_EQ(run.exit_code, 65);
  EXPECT_EQ(run.json().at("error").at("code"), "hive_dirty");
  EXPECT_EQ(names_below(""), "hive\nlog\n");
}

TEST_F(HiveCommands, DiffExitsWithOneWhenHivesDiffer) {
  const auto before = put_hive("before", build_hive(spec(1)));
  const auto after = put_hive("after", build_hive(spec(2)));
  const auto same = run_command({"hive", "diff", before, before});
  EXPECT_EQ(same.exit_code, 0);
  EXPECT_EQ(same.out, "");
  const auto differ = run_command({"hive", "diff", before, after});
  EXPECT_EQ(differ.exit_code, 1);
  EXPECT_THAT(differ.out, HasSubstr("; was \"n\"=dword:00000001\n\"n\"=dword:00000002\n"));
  const auto json = run_command({"hive", "diff", before, after, "--json"});
  EXPECT_EQ(json.exit_code, 1);
  EXPECT_EQ(json.json().at("changed").size(), 1U);
  EXPECT_EQ(json.json().at("added"), Json::array());
  EXPECT_EQ(json.json().at("conflicts"), Json::array());
  EXPECT_EQ(json.json().at("changed")[0].at("path"), "Software");
}

TEST_F(HiveCommands, MergeKeepsBothSidesAndListsConflicts) {
  HiveSpec local = spec(1);
  local.root.subkeys.push_back({.name = u"FromLocal"});
  const auto base = put_hive("base", build_hive(spec(1)));
  const auto mine = put_hive("local", build_hive(local));
  const auto theirs = put_hive("server", build_hive(spec(2, 5)));
  const auto clean =
      run_command({"hive", "merge", "--base", base, "--local", mine, "--server", theirs, "-o", path("out")});
  EXPECT_EQ(clean.exit_code, 0) << clean.messages;
  const auto text = run_command({"hive", "export", path("out")}).out;
  EXPECT_THAT(text, HasSubstr("FromLocal"));
  EXPECT_THAT(text, HasSubstr("dword:00000002"));

  const auto other = put_hive("other", build_hive(spec(3, 1)));
  const std::vector<std::string> words{"hive", "merge",    "--base", base, "--local",
                                       other,  "--server", theirs,   "-o", path("out")};
  auto with_json = words;
  with_json.insert(with_json.end(), {"--json", "--prefer", "local"});
  const auto conflict = run_command(with_json);
  EXPECT_EQ(conflict.exit_code, 2) << conflict.messages;
  ASSERT_EQ(conflict.json().at("conflicts").size(), 1U);
  EXPECT_EQ(conflict.json().at("conflicts")[0].at("taken"), "local");
  EXPECT_EQ(conflict.json().at("conflicts")[0].at("server").at("data"), "dword:00000002");
  EXPECT_EQ(conflict.json().at("changed").size(), 1U);
  EXPECT_THAT(run_command(words).out, HasSubstr("server taken, newer key time"));
}

TEST_F(HiveCommands, MergeRefusesDirtyHives) {
  const auto base = put_hive("base", build_hive(spec(1)));
  const auto dirty = put_hive("dirty", left_open(build_hive(spec(1)), 1));
  const auto run =
      run_command({"hive", "merge", "--base", base, "--local", dirty, "--server", base, "-o", path("out"), "--json"});
  EXPECT_EQ(run.exit_code, 65);
  EXPECT_EQ(run.json().at("error").at("step"), "merge local");
}

TEST_F(HiveCommands, NoInputIsEverWrittenOver) {
  const Bytes before = build_hive(spec(1));
  const Bytes dirty = left_open(before, 4);
  const auto hive = put_hive("hive", dirty);
  const auto log = put_hive("log", entry_log(before, {entry_between(before, build_hive(spec(2)), 4)}));
  boost::filesystem::create_hard_link(hive, path("same"));
  boost::filesystem::create_symlink(log, path("link"));
  for (const std::string& output : {hive, log, path("same"), path("link"), path("./hive")}) {
    const auto run = run_command({"hive", "replay", hive, "--log", log, "-o", output});
    EXPECT_EQ(run.exit_code, 64) << output;
    EXPECT_THAT(run.messages, HasSubstr("same file as the input"));
  }
  const auto sound = put_hive("sound", before);
  for (const std::string which : {"--base", "--local", "--server"}) {
    std::vector<std::string> words{"hive", "merge", "-o", sound};
    for (const std::string input : {"--base", "--local", "--server"}) {
      words.push_back(input);
      words.push_back(input == which ? sound : put_hive("other", build_hive(spec(2))));
    }
    EXPECT_EQ(run_command(words).exit_code, 64) << which;
  }
  EXPECT_EQ(read("hive"), std::string(reinterpret_cast<const char*>(dirty.data()), dirty.size()));
  EXPECT_EQ(read("sound"), std::string(reinterpret_cast<const char*>(before.data()), before.size()));
}

TEST_F(HiveCommands, ResultTakesTheTargetsPlaceAndTouchesNothingBesideIt) {
  const auto base = put_hive("base", build_hive(spec(1)));
  put("out", "what was there");
  put("out.tmp", "somebody's");
  const std::vector<std::string> words{"hive", "merge", "--base", base, "--local", base, "--server", base, "-o"};
  auto into = [&](const std::string& output) {
    auto all = words;
    all.push_back(output);
    return run_command(all);
  };
  EXPECT_EQ(into(path("out")).exit_code, 0);
  EXPECT_EQ(run_command({"hive", "diff", base, path("out")}).exit_code, 0);
  EXPECT_EQ(read("out.tmp"), "somebody's");
  const auto nowhere = into(path("no/where"));
  EXPECT_EQ(nowhere.exit_code, 74);
  EXPECT_THAT(nowhere.messages, HasSubstr(path("no")));
  boost::filesystem::create_directory(path("folder"));
  EXPECT_NE(into(path("folder")).exit_code, 0);
  EXPECT_EQ(names_below(""), "base\nfolder\nout\nout.tmp\n");
}

TEST_F(HiveCommands, NamesWithLineEndsStayOneLine) {
  HiveSpec odd = spec(1);
  odd.root.subkeys[0].values.push_back(number_value(u"a\n[-HKEY_CURRENT_USER\\Software]", 1));
  odd.root.subkeys.push_back({.name = u"k\r\n\x1B"});
  const auto before = put_hive("before", build_hive(spec(1)));
  const auto after = put_hive("after", build_hive(odd));
  for (const auto& run : {run_command({"hive", "export", after}), run_command({"hive", "diff", before, after}),
                          run_command({"hive", "diff", after, before})}) {
    EXPECT_THAT(run.out, ::testing::Not(HasSubstr("\n[-HKEY_CURRENT_USER\\Software]")));
    EXPECT_THAT(run.out, HasSubstr("k\xE2\x90\x8D\xE2\x90\x8A\xE2\x90\x9B]\n"));
  }
}

TEST_F(HiveCommands, ErrorsNameFileExpectedAndFound) {
  Bytes damaged = build_hive(spec(1));
  damaged[4100] = std::byte{9};
  const auto sound = put_hive("sound", build_hive(spec(1)));
  const auto corrupt = put_hive("corrupt", damaged);
  const auto garbage = put("garbage", std::string(9000, 'x')).string();
  for (const auto& words : std::vector<std::vector<std::string>>{
           {"info", corrupt},
           {"export", corrupt},
           {"export", garbage, "--rescue"},
           {"replay", corrupt, "--log", garbage, "-o", path("out")},
           {"diff", sound, corrupt},
           {"diff", garbage, sound},
           {"merge", "--base", sound, "--local", sound, "--server", corrupt, "-o", path("out")}}) {
    std::vector<std::string> all{"hive", "--json"};
    all.insert(all.end(), words.begin(), words.end());
    const auto run = run_command(all);
    EXPECT_EQ(run.exit_code, 65) << words[0];
    const Json error = run.json().at("error");
    EXPECT_THAT(error.at("path"), ::testing::AnyOf(corrupt, garbage)) << words[0];
    EXPECT_NE(error.at("expected"), "") << words[0];
    EXPECT_NE(error.at("found"), "") << words[0];
  }
}

TEST_F(HiveCommands, MissingFileIsAnInputError) {
  EXPECT_EQ(run_command({"hive", "check", path("nothing")}).exit_code, 74);
  EXPECT_EQ(run_command({"hive", "check"}).exit_code, 64);
  EXPECT_EQ(run_command({"hive"}).exit_code, 64);
}

}  // namespace
}  // namespace roamsync::testing
