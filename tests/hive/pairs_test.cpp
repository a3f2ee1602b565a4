// Every pair of hive and logs of the corpus comes out as its table says.
#include <roamsync/hive_replay.hpp>

#include <gtest/gtest.h>

#include "support/corpus.hpp"
#include "support/sha256.hpp"

namespace roamsync {
namespace {

// The table's columns.
enum Column : std::size_t {
  id,
  primary,
  log,
  log1,
  log2,
  outcome,
  format,
  applied,
  sequence,
  bins_size,
  sha256,
  counts
};

TEST(HivePairs, EveryPairIsReplayedAsItsTableSays) {
  if (!testing::has_corpus()) GTEST_SKIP() << "no corpus at " << testing::corpus_folder();
  const auto rows = testing::corpus_table("PAIRS.tsv");
  EXPECT_FALSE(rows.empty());
  for (const auto& row : rows) {
    SCOPED_TRACE(row[id]);
    const auto file = testing::corpus_file("hives/" + row[primary]);
    std::vector<std::vector<std::byte>> logs;
    for (const Column column : {log, log1, log2}) {
      if (row[column] != "-") logs.push_back(testing::corpus_file("hives/" + row[column]));
    }
    const std::vector<std::span<const std::byte>> views(logs.begin(), logs.end());
    const Replay seen = replay_hive(file, views);
    if (row[outcome] != "recovered") {
      EXPECT_EQ(row[outcome] == "refused" ? "refused" : "not_needed", outcome_name(seen.outcome)) << seen;
      EXPECT_TRUE(seen.file.empty());
      continue;
    }
    // One pair was made of bytes alone: its tree does not hold together afterwards.
    const bool is_tree = row[counts].front() != 'E';
    EXPECT_EQ(is_tree ? "recovered" : "unsound", outcome_name(seen.outcome)) << seen;
    EXPECT_EQ(row[format] == "HvLE" ? LogFormat::entries : LogFormat::sectors, seen.format);
    EXPECT_EQ(row[sequence], std::to_string(seen.sequence));
    const std::size_t size = std::stoul(row[bins_size]);
    ASSERT_LE(4096 + size, seen.file.size());
    EXPECT_EQ(row[sha256], testing::sha256(std::span(seen.file).subspan(4096, size)));
    std::uint32_t entries = 0;
    std::uint32_t pages = 0;
    for (const LogUse& use : seen.logs) entries += use.entries, pages += use.pages;
    const std::string done = seen.format == LogFormat::entries
                                 ? std::to_string(entries) + " entries, " + std::to_string(pages) + " pages"
                                 : std::to_string(pages) + " pages";
    EXPECT_EQ(0U, row[applied].find(done)) << done << " is not " << row[applied];
    if (!is_tree) continue;
    const HiveInfo info = inspect_hive(seen.file).info;
    EXPECT_EQ(row[counts], std::to_string(info.keys) + '/' + std::to_string(info.values));
  }
}

}  // namespace
}  // namespace roamsync
