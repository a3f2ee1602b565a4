#include <roamsync/path.hpp>

#include "base/upcase.hpp"
#include "support/result_matchers.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <vector>

namespace roamsync {
namespace {

using ::testing::ElementsAre;

TEST(ProfilePath, TakesWhatWindowsTakes) {
  for (const char* text :
       {"", "NTUSER.DAT", "Desktop/a b.txt", "Ünïcode/日本語", ".hidden", "a..b", "CON1", "COM0", "COM⁴", "x.con"}) {
    SCOPED_TRACE(text);
    EXPECT_OK(ProfilePath::parse(text));
  }
}

TEST(ProfilePath, AdoptsWhatItWouldParse) {
  for (const char* text : {"", "Desktop", "AppData/Roaming/Ä.txt"}) {
    const auto adopted = ProfilePath::adopt(SharedText(text));
    ASSERT_OK(adopted);
    EXPECT_EQ(adopted.value(), ProfilePath::parse(text).value());
  }
  EXPECT_FAILS(ProfilePath::adopt(SharedText("Desktop/../..")), Errc::unsafe_path);
  EXPECT_FAILS(ProfilePath::adopt(SharedText("Desktop/nul")), Errc::bad_name);
}

TEST(ProfilePath, RefusesWhatLeadsOutOfTheProfile) {
  for (const char* text : {"..", "../x", "a/../b", "a/..", "a\\..\\b"}) {
    SCOPED_TRACE(text);
    EXPECT_FAILS(ProfilePath::parse(text), Errc::unsafe_path);
  }
}

TEST(ProfilePath, RefusesNamesThatWindowsCannotHave) {
  for (const char* text : {"/a",        "a//b", "a/",       "a/.",      "C:",       "a:stream",    "a*",   "what?",
                           "tab\there", "dot.", "space ",   "CON",      "con",      "nul.txt",     "COM1", "lpt9.log",
                           "CONIN$",    "COM¹", "com².txt", "LPT³.log", "\xff\xfe", "\xed\xa0\x80"}) {
    SCOPED_TRACE(text);
    EXPECT_FAILS(ProfilePath::parse(text), Errc::bad_name);
  }
  EXPECT_FAILS(ProfilePath::parse(std::string(256, 'x')), Errc::bad_name);
  EXPECT_OK(ProfilePath::parse(std::string(255, 'x')));
  EXPECT_FAILS(ProfilePath::parse(std::string("a\0b", 3)), Errc::bad_name);
}

// Windows counts UTF-16 units, and so must we: a path in Japanese has three bytes for each.
TEST(ProfilePath, IsAsLongAsWindowsCanHoldIt) {
  std::string path;
  for (int i = 0; i < 160; ++i) path += (i == 0 ? "" : "/") + std::string(67 * 3, 'x');
  EXPECT_OK(ProfilePath::parse(path)) << path.size();
  std::string japanese;
  for (int i = 0; i < 100; ++i) {
    if (i > 0) japanese += '/';
    for (int unit = 0; unit < 250; ++unit) japanese += "日";
  }
  EXPECT_OK(ProfilePath::parse(japanese)) << japanese.size() << " bytes, 25099 units";
  EXPECT_FAILS(ProfilePath::parse(path + '/' + path), Errc::bad_name);
}

TEST(ProfilePath, ErrorNamesTheComponentAndTheRule) {
  const auto path = ProfilePath::parse("Desktop/nul.txt");
  ASSERT_FALSE(path);
  EXPECT_EQ(path.error().context().path, "Desktop/nul.txt");
  EXPECT_EQ(path.error().context().found, "\"nul.txt\"");
  EXPECT_EQ(path.error().context().expected, "a component is no DOS device name");
}

TEST(ProfilePath, ComparesAsWindowsDoes) {
  const auto same = [](const char* a, const char* b) {
    return ProfilePath::literal(a).same_file(ProfilePath::literal(b));
  };
  EXPECT_TRUE(same("ntuser.dat", "NTUSER.DAT"));
  EXPECT_TRUE(same("Ärger/ÿ", "ärger/Ÿ"));
  EXPECT_TRUE(same("Σ", "σ"));
  EXPECT_FALSE(same("straße", "STRASSE"));
  EXPECT_FALSE(same("ı", "I")) << "dotless i is no i without a Turkish locale";
  EXPECT_FALSE(same("é", "e\xCC\x81")) << "NTFS does not normalise";
  EXPECT_FALSE(same("\xF0\x90\x90\xA8", "\xF0\x90\x90\x80")) << "supplementary letters have no case on NTFS";
}

TEST(ProfilePath, KeyAgreesWithSameFile) {
  const std::vector<std::string> texts{"a", "A", "ß", "ẞ", "ı", "i", "ÿ", "Ÿ", "ǆ", "Ǆ", "ǅ", "é/b", "É/B", "ſ", "S"};
  for (const auto& a : texts) {
    for (const auto& b : texts) {
      const auto left = ProfilePath::literal(a);
      const auto right = ProfilePath::literal(b);
      EXPECT_EQ(left.same_file(right), left.key() == right.key()) << a << ' ' << b;
    }
  }
}

TEST(PathOrder, PutsAFolderRightBeforeItsContents) {
  std::vector<ProfilePath> paths;
  for (const char* text : {"b", "a.b", "a/z", "A", "a b", "a/b/c", "a/B"}) paths.push_back(ProfilePath::literal(text));
  std::sort(paths.begin(), paths.end(), PathOrder());
  std::vector<std::string> texts;
  for (const auto& path : paths) texts.emplace_back(path.text());
  EXPECT_THAT(texts, ElementsAre("A", "a/B", "a/b/c", "a/z", "a b", "a.b", "b"));
}

TEST(PathOrder, SortsByUtf16Units) {
  EXPECT_LT(PathOrder::compare(ProfilePath::literal("\xF0\x90\x90\x80"), ProfilePath::literal("\xEF\xBC\xA1")), 0)
      << "U+10400 (D801 DC00) before U+FF21";
}

TEST(PathOrder, DifferenceInsideACharacterIsSeenWhole) {
  // U+00E9 and U+00C9 differ in their second byte only.
  EXPECT_EQ(PathOrder::compare(ProfilePath::literal("x\xC3\xA9"), ProfilePath::literal("x\xC3\x89")), 0);
  EXPECT_NE(PathOrder::compare(ProfilePath::literal("x\xC3\xA9"), ProfilePath::literal("x\xC3\xA8")), 0);
}

TEST(ProfilePath, ContainsItselfAndWhatStandsBelow) {
  const auto folder = ProfilePath::literal("AppData/Local");
  EXPECT_TRUE(folder.contains(ProfilePath::literal("appdata/LOCAL/x/y")));
  EXPECT_TRUE(folder.contains(folder));
  EXPECT_FALSE(folder.contains(ProfilePath::literal("AppData/LocalLow")));
  EXPECT_FALSE(folder.contains(ProfilePath::literal("AppData")));
  EXPECT_TRUE(ProfilePath().contains(folder));
}

TEST(ProfilePath, TakesApartAndPutsTogether) {
  const auto path = ProfilePath::literal("a/b/c.txt");
  EXPECT_EQ(path.name(), "c.txt");
  EXPECT_EQ(path.parent().text(), "a/b");
  EXPECT_EQ(path.first(), "a");
  EXPECT_TRUE(ProfilePath::literal("a").parent().is_root());
  EXPECT_EQ(path.parent().join(ProfilePath::literal("x/y")).text(), "a/b/x/y");
  EXPECT_FAILS(path.child(".."), Errc::unsafe_path);
}

}  // namespace
}  // namespace roamsync
