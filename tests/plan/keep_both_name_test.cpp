#include "plan/keep_both_name.hpp"

#include "plan/scenario.hpp"

#include <gtest/gtest.h>

#include <set>

namespace roamsync::testing {
namespace {

std::string name(const std::string& path, std::string_view origin = "PC7", FileTime now = at_second(0),
                 std::set<std::string, std::less<>> taken = {}) {
  const auto is_taken = [&](const ProfilePath& candidate) { return taken.contains(candidate.text()); };
  return std::string(keep_both_name(ProfilePath::literal(path), origin, now, is_taken).text());
}

TEST(KeepBothName, SaysWhereAndWhenBeforeTheExtension) {
  EXPECT_EQ(name("docs/report.v2.docx"), "docs/report.v2 (PC7 2026-11-21 08.00.00).docx");
  EXPECT_EQ(name(".bashrc"), ".bashrc (PC7 2026-11-21 08.00.00)");
  EXPECT_EQ(name("README"), "README (PC7 2026-11-21 08.00.00)");
  EXPECT_EQ(name("a.txt", "PC7", {}), "a (PC7).txt");
}

TEST(KeepBothName, CountsUpUntilNobodyHasIt) {
  EXPECT_EQ(name("a.txt", "PC7", {}, {"a (PC7).txt", "a (PC7 2).txt"}), "a (PC7 3).txt");
}

TEST(KeepBothName, IsAlwaysANameWindowsCanHave) {
  for (const std::string& path :
       {std::string(255, 'x'), std::string(250, 'x') + ".txt", "x." + std::string(250, 'e')}) {
    EXPECT_TRUE(ProfilePath::parse(name(path)).has_value()) << path;
  }
  std::string umlauts;
  for (int i = 0; i < 127; ++i) umlauts += "ä";
  EXPECT_TRUE(ProfilePath::parse(name(umlauts + "x")).has_value());
  EXPECT_EQ(name("a", "host:7/x", {}), "a (host-7-x)");
  EXPECT_EQ(name("a", "\xff", {}), "a (another machine)");
  EXPECT_EQ(name("a", "", {}), "a (another machine)");
  EXPECT_EQ(name("a", "Büro", {}), "a (Büro)");
}

}  // namespace
}  // namespace roamsync::testing
