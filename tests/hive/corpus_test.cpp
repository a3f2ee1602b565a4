// Every hive of the corpus gets the verdict its manifest asks for.
#include <roamsync/hive_diff.hpp>
#include <roamsync/hive_merge.hpp>

#include <gtest/gtest.h>

#include <map>
#include <regex>

#include "support/corpus.hpp"
#include "support/result_matchers.hpp"

namespace roamsync {
namespace {

using testing::corpus_file;
using testing::corpus_table;

// The manifest's columns.
constexpr std::size_t path_column = 0, must_column = 6, facts_column = 9;

std::vector<std::vector<std::string>> hives_that_must(const std::string& must) {
  std::vector<std::vector<std::string>> rows;
  for (auto& row : corpus_table("MANIFEST.tsv")) {
    if (row.size() > facts_column && row[must_column] == must) rows.push_back(row);
  }
  return rows;
}

class HiveCorpus : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!testing::has_corpus()) GTEST_SKIP() << "no corpus at " << testing::corpus_folder();
  }

  static void expect_state(const std::string& must, HiveState state) {
    const auto rows = hives_that_must(must);
    EXPECT_FALSE(rows.empty());
    for (const auto& row : rows) {
      SCOPED_TRACE(row[path_column]);
      const auto file = corpus_file(row[path_column]);
      const HiveInspection seen = inspect_hive(file);
      EXPECT_EQ(state, seen.verdict.state) << seen.verdict;
      if (state == HiveState::corrupt) {
        EXPECT_LE(seen.verdict.fault.offset, file.size());
        continue;
      }
      std::smatch counts;
      static const std::regex agreed("keys/values ([0-9]+)/([0-9]+) by all");
      if (!std::regex_search(row[facts_column], counts, agreed)) continue;
      EXPECT_EQ(counts[1], std::to_string(seen.info.keys));
      EXPECT_EQ(counts[2], std::to_string(seen.info.values));
    }
  }
};

TEST_F(HiveCorpus, SoundHivesAreClean) { expect_state("accept", HiveState::clean); }
TEST_F(HiveCorpus, HivesLeftOpenAreDirty) { expect_state("dirty", HiveState::dirty); }
TEST_F(HiveCorpus, DamagedHivesAreCorrupt) { expect_state("reject", HiveState::corrupt); }

TEST_F(HiveCorpus, ContestedHivesAreJudgedWithoutHarm) {
  for (const auto& row : hives_that_must("survive")) {
    SCOPED_TRACE(row[path_column]);
    const auto file = corpus_file(row[path_column]);
    const Verdict verdict = check_hive(file);
    EXPECT_EQ(verdict.state == HiveState::clean, all_hive_faults(file).empty()) << verdict;
  }
}

// Whatever real hives hold, our writer keeps; and rescue reads all of a hive that is sound.
TEST_F(HiveCorpus, SoundHivesComeBackTheSameFromWriterAndRescue) {
  for (const auto& row : hives_that_must("accept")) {
    SCOPED_TRACE(row[path_column]);
    const auto file = corpus_file(row[path_column]);
    const auto hive = hive::Hive::open(file);
    ASSERT_OK(hive);
    const hive::KeyNode tree = hive::read_tree(hive.value().root());
    for (const std::uint32_t minor : {3U, 5U}) {
      const auto written = hive::write_hive(tree, {.minor = minor});
      ASSERT_OK(written);
      const auto again = hive::Hive::open(written.value());
      ASSERT_OK(again);
      EXPECT_TRUE(hive::same_tree(tree, again.value().root()));
      EXPECT_TRUE(hive::same_content(hive.value().root(), again.value().root()));
    }
    const hive::Rescue rescue = hive::rescue_hive(file);
    EXPECT_TRUE(rescue.complete) << rule_name(rescue.warnings.front().rule) << rescue.warnings.front().found;
    EXPECT_TRUE(hive::same_tree(rescue.tree.root, hive.value().root()));
  }
}

TEST_F(HiveCorpus, DamagedHivesAreRescuedWithWarnings) {
  for (const char* must : {"reject", "survive"}) {
    for (const auto& row : hives_that_must(must)) {
      SCOPED_TRACE(row[path_column]);
      const auto file = corpus_file(row[path_column]);
      const hive::Rescue rescue = hive::rescue_hive(file);
      if (rescue.tree.root.security.empty()) continue;  // nothing left to write
      const auto written = hive::write_hive(rescue.tree.root);
      ASSERT_OK(written);
      EXPECT_EQ(HiveState::clean, check_hive(written.value()).state);
    }
  }
}

// regipy's two copies of one user hive differ by six new subkeys and one new value.
TEST_F(HiveCorpus, KnownDifferenceOfTwoUserHivesIsFound) {
  const auto before = corpus_file("hives/user/win7_vibranium_modified_NTUSER.DAT");
  const auto after = corpus_file("hives/user/win7_vibranium_NTUSER.DAT");
  std::map<hive::ChangeKind, int> counts;
  hive::diff_hives(hive::Hive::open(before).value().root(), hive::Hive::open(after).value().root(),
                   [&](const hive::Change& change) { ++counts[change.kind]; });
  const int keys = counts[hive::ChangeKind::key_added] - counts[hive::ChangeKind::key_removed];
  const int values = counts[hive::ChangeKind::value_added] - counts[hive::ChangeKind::value_removed];
  EXPECT_EQ(1812 - 1808, keys);
  EXPECT_EQ(4094 - 4090, values);
}

TEST_F(HiveCorpus, RealUserHivesMerge) {
  const auto before = corpus_file("hives/user/win7_vibranium_modified_NTUSER.DAT");
  const auto after = corpus_file("hives/user/win7_vibranium_NTUSER.DAT");
  const auto merged = hive::merge_hives(before, after, before);
  ASSERT_OK(merged);
  EXPECT_TRUE(merged.value().conflicts.empty());
  EXPECT_TRUE(hive::same_tree(hive::read_tree(hive::Hive::open(after).value().root()),
                              hive::Hive::open(merged.value().file).value().root()));
}

}  // namespace
}  // namespace roamsync
