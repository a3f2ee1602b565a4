// Every hive of the corpus gets the verdict its manifest asks for.
#include <roamsync/hive_check.hpp>

#include <gtest/gtest.h>

#include <regex>

#include "support/corpus.hpp"

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

}  // namespace
}  // namespace roamsync
