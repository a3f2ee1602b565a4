#include "plan/scenario.hpp"

#include <gmock/gmock.h>

namespace roamsync::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> to_compare(const Scenario& scenario) {
  std::vector<std::string> texts;
  for (const ProfilePath& path : files_to_compare(scenario.input())) texts.emplace_back(path.text());
  return texts;
}

TEST(FilesToCompare, WithoutABaseAllOfEqualSizeAndUnknownBytes) {
  const Scenario scenario{
      .local = tree("f 1 0 same_stamp\nf 1 0 other_time\nf 1 0 other_size\nf 1 0 known #x\nf 0 0 empty\nf 1 0 only"),
      .server = tree("f 1 0 SAME_STAMP\nf 1 9 other_time\nf 2 0 other_size\nf 1 5 known #x\nf 0 5 empty")};
  EXPECT_THAT(to_compare(scenario), ElementsAre("other_time", "same_stamp"));
}

TEST(FilesToCompare, WithABaseOnlyWhatBothSidesChanged) {
  const Scenario scenario{.local = tree("f 1 5 both\nf 1 5 here\nf 1 0 there\nf 1 0 none"),
                          .server = tree("f 1 6 both\nf 1 0 here\nf 1 5 there\nf 1 0 none"),
                          .base = agreed("f 1 0 both\nf 1 0 here\nf 1 0 there\nf 1 0 none")};
  EXPECT_THAT(to_compare(scenario), ElementsAre("both"));
}

TEST(FilesToCompare, DigestsOfTheBaseCountWhereTheStampIsTheSame) {
  Scenario scenario{.local = tree("f 1 5 a"), .server = tree("f 1 5 a"), .rules = Rules::windows2000};
  EXPECT_THAT(to_compare(scenario), ElementsAre("a"));
  scenario.base = agreed("f 1 5 a #x");
  EXPECT_THAT(to_compare(scenario), IsEmpty());
}

TEST(FilesToCompare, Nt4ReadsOnlyHivesOfEqualTime) {
  Scenario scenario{
      .local = tree("f 1 5 NTUSER.DAT\nf 1 5 a"), .server = tree("f 1 5 NTUSER.DAT\nf 1 5 a"), .rules = Rules::nt4};
  EXPECT_THAT(to_compare(scenario), ElementsAre("NTUSER.DAT"));
  scenario.server = tree("f 1 6 NTUSER.DAT");
  EXPECT_THAT(to_compare(scenario), IsEmpty());
}

}  // namespace
}  // namespace roamsync::testing
