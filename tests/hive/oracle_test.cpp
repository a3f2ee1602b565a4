// What our writer wrote, as independent readers see it. Each test skips where its program is not installed.
#include <roamsync/hive_merge.hpp>
#include <roamsync/hive_text.hpp>

#include <gtest/gtest.h>

#include <boost/filesystem.hpp>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "support/random_hive.hpp"
#include "support/result_matchers.hpp"

namespace roamsync::hive {
namespace {

using namespace roamsync::testing;

// A profile with everything a reader may stumble over, without names that only Windows can hold.
HiveSpec rich_spec(std::uint32_t minor) {
  HiveSpec spec = profile_hive(150, 4, 3, minor);
  KeySpec odd{.name = u"Odd \u00E4 \u0416", .class_name = u"Class"};
  odd.values = {binary_value(u"one segment", 16344),   binary_value(u"two", 16345),
                binary_value(u"many", 100000),         {u"none", 0, {}},
                text_value(u"", u"default"),           {u"raw type", 0x12, Bytes(6)},
                text_value(u"\u0416\u0417", u"\u0418")};
  spec.root.subkeys.push_back(std::move(odd));
  KeySpec many{.name = u"Many"};
  for (char16_t unit = 0; unit < 1300; ++unit) {
    many.subkeys.push_back(
        {.name = {u'k', static_cast<char16_t>(u'a' + unit / 100), static_cast<char16_t>(u'0' + unit / 10 % 10),
                  static_cast<char16_t>(u'0' + unit % 10)}});
  }
  spec.root.subkeys.push_back(std::move(many));
  return spec;
}

class HiveOracle : public ::testing::TestWithParam<std::uint32_t> {
 protected:
  void SetUp() override {
    folder_ = boost::filesystem::temp_directory_path() / boost::filesystem::unique_path("roamsync-oracle-%%%%%%%%");
    boost::filesystem::create_directories(folder_);
    const Bytes built = build_hive(rich_spec(GetParam()));
    const auto hive = Hive::open(built);
    ASSERT_OK(hive);
    auto file = write_hive(read_tree(hive.value().root()), {.minor = GetParam()});
    ASSERT_OK(file);
    written_ = std::move(file.value());
    info_ = inspect_hive(written_).info;
    put("hive", written_);
  }
  void TearDown() override { boost::filesystem::remove_all(folder_); }

  void put(const std::string& name, const Bytes& bytes) const {
    std::ofstream(path(name), std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  static bool has(const std::string& program) {
    return std::system(("command -v " + program + " >/dev/null 2>&1").c_str()) == 0;
  }
  // What a program prints; fails the test unless it ends well.
  static std::string output_of(const std::string& command) {
    std::string text;
    std::FILE* pipe = ::popen(command.c_str(), "r");
    if (pipe == nullptr) return ADD_FAILURE() << "cannot run " << command, text;
    char block[4096];
    for (std::size_t size = 0; (size = std::fread(block, 1, sizeof block, pipe)) > 0;) text.append(block, size);
    EXPECT_EQ(0, ::pclose(pipe)) << command << '\n' << text.substr(0, 500);
    return text;
  }
  static std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++found;
    return found;
  }

  boost::filesystem::path folder_;
  Bytes written_;
  HiveInfo info_;
};

TEST_P(HiveOracle, HivexCountsTheSame) {
  if (!has("hivexml")) GTEST_SKIP() << "hivexml (libhivex-bin) is not installed";
  const std::string xml = output_of("hivexml '" + path("hive") + "'");
  EXPECT_EQ(info_.keys, count(xml, "<node "));
  EXPECT_EQ(info_.values, count(xml, "<value "));
}

TEST_P(HiveOracle, ReglookupCountsTheSame) {
  if (!has("reglookup")) GTEST_SKIP() << "reglookup is not installed";
  const std::string list = output_of("reglookup '" + path("hive") + "' 2>/dev/null");
  // One line for each key and value; keys carry their type.
  EXPECT_EQ(info_.keys, count(list, ",KEY,"));
  EXPECT_EQ(info_.keys + info_.values + 1, count(list, "\n")) << "and one line of column names";
}

TEST_P(HiveOracle, LibregfOpensIt) {
  if (!has("regfinfo")) GTEST_SKIP() << "regfinfo (libregf-utils) is not installed";
  const std::string text = output_of("regfinfo '" + path("hive") + "' 2>&1");
  EXPECT_NE(std::string::npos, text.find("1." + std::to_string(GetParam()))) << text;
  EXPECT_EQ(std::string::npos, text.find("orrupt")) << text;
}

TEST_P(HiveOracle, LibregfCountsTheSame) {
  if (!has("regfexport")) GTEST_SKIP() << "regfexport (libregf-utils) is not installed";
  const std::string text = output_of("regfexport '" + path("hive") + "' 2>/dev/null");
  EXPECT_EQ(info_.keys, count(text, "\nKey path: "));
  EXPECT_EQ(info_.values, count(text, "\nValue: "));
}

TEST_P(HiveOracle, ParseWin32RegistryCountsTheSame) {
  if (!has("perl") || std::system("perl -MParse::Win32Registry -e1 2>/dev/null") != 0) {
    GTEST_SKIP() << "Parse::Win32Registry is not installed";
  }
  const std::string script =
      "use Parse::Win32Registry; my ($k,$v)=(0,0); sub walk { my $key=shift; $k++; $v+=scalar(my "
      "@values=$key->get_list_of_values);"
      " walk($_) for $key->get_list_of_subkeys } walk(Parse::Win32Registry->new($ARGV[0])->get_root_key); print "
      "qq{$k/$v}";
  EXPECT_EQ(std::to_string(info_.keys) + '/' + std::to_string(info_.values),
            output_of("perl -e '" + script + "' '" + path("hive") + "'"));
}

// hivexregedit writes what it reads of a hive as text: that of what we wrote is that of what it was made from.
TEST_P(HiveOracle, HivexregeditExportsTheSameTextAsFromTheOriginal) {
  if (!has("hivexregedit")) GTEST_SKIP() << "hivexregedit (libwin-hivex-perl) is not installed";
  put("original", build_hive(rich_spec(GetParam())));
  const auto exported = [&](const std::string& name) {
    return output_of("hivexregedit --export '" + path(name) + "' '\\'");
  };
  const std::string text = exported("hive");
  EXPECT_EQ(info_.keys, count(text, "\n["));
  // It lists values in stored order and keys in the order of the lists, both of which the writer keeps.
  EXPECT_EQ(exported("original"), text);
}

TEST_P(HiveOracle, MergedHiveIsReadByHivex) {
  if (!has("hivexml")) GTEST_SKIP() << "hivexml (libhivex-bin) is not installed";
  HiveSpec local = rich_spec(GetParam());
  HiveSpec server = rich_spec(GetParam());
  local.root.subkeys.push_back({.name = u"FromLocal"});
  server.root.subkeys.back().subkeys.pop_back();
  const auto merged = merge_hives(build_hive(rich_spec(GetParam())), build_hive(local), build_hive(server));
  ASSERT_OK(merged);
  put("merged", merged.value().file);
  const std::string xml = output_of("hivexml '" + path("merged") + "'");
  EXPECT_EQ(info_.keys, count(xml, "<node "));
  EXPECT_EQ(1U, count(xml, "FromLocal"));
}

// hivexregedit changes our hive: what it leaves behind is still sound, and holds its change.
TEST_P(HiveOracle, HivexregeditChangesWhatWeWrote) {
  if (!has("hivexregedit")) GTEST_SKIP() << "hivexregedit (libwin-hivex-perl) is not installed";
  std::ofstream(path("change.reg")) << "Windows Registry Editor Version 5.00\n\n[\\Odd2]\n\"v\"=dword:00000007\n";
  output_of("hivexregedit --merge '" + path("hive") + "' '" + path("change.reg") + "'");
  std::ifstream file(path("hive"), std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  const std::string bytes = text.str();
  const auto hive = Hive::open_as_it_lies(std::as_bytes(std::span(bytes)));
  ASSERT_OK(hive);
  EXPECT_TRUE(hive.value().find("Odd2"));
}

// The text we export, imported by hivexregedit into an empty hive, gives the same text again.
TEST_P(HiveOracle, HivexregeditImportsWhatWeExport) {
  if (!has("hivexregedit")) GTEST_SKIP() << "hivexregedit (libwin-hivex-perl) is not installed";
  const auto exported = [](const Bytes& file) {
    std::string text;
    export_text(Hive::open(file).value().root(), "", [&](std::string_view part) { text += part; });
    return text;
  };
  const Bytes original = build_hive(profile_hive(150, 4, 3, GetParam()));
  put("empty", build_hive({.minor = GetParam()}));
  std::ofstream(path("all.reg")) << exported(original);
  output_of("hivexregedit --merge --prefix HKEY_CURRENT_USER '" + path("empty") + "' '" + path("all.reg") + "'");
  std::ifstream file(path("empty"), std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  const auto view = std::as_bytes(std::span(bytes));
  EXPECT_EQ(exported(original), exported(Bytes(view.begin(), view.end())));
}

INSTANTIATE_TEST_SUITE_P(Versions, HiveOracle, ::testing::Values(3U, 5U));

}  // namespace
}  // namespace roamsync::hive
