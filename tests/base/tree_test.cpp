#include <roamsync/tree.hpp>

#include <gmock/gmock.h>

#include <sstream>

namespace roamsync {
namespace {

using ::testing::ElementsAre;

Entry file(const char* path, std::uint64_t size = 1) {
  return {.path = ProfilePath::literal(path), .size = size, .modified = FileTime::from_unix(1'000'000, 0)};
}
Entry folder(const char* path) { return {.path = ProfilePath::literal(path), .kind = EntryKind::directory}; }

std::vector<std::string> names(std::span<const Entry> entries) {
  std::vector<std::string> texts;
  for (const Entry& entry : entries) texts.emplace_back(entry.path.text());
  return texts;
}
std::vector<std::string> names(const Tree& tree) { return names(tree.entries()); }

TEST(Tree, SortsAndKeepsTheFirstOfTwoNamesThatDifferInCase) {
  const Tree tree({file("b"), folder("a"), file("a/x"), file("B", 2), file("a b")});
  EXPECT_THAT(names(tree), ElementsAre("a", "a/x", "a b", "B"));
  EXPECT_EQ(tree.find(ProfilePath::literal("b"))->size, 2u);
}

TEST(Tree, FindsNamesWhateverTheirCase) {
  const Tree tree({folder("Desktop"), file("Desktop/Ärger.txt"), file("z")});
  ASSERT_NE(tree.find(ProfilePath::literal("desktop/ÄRGER.TXT")), nullptr);
  EXPECT_EQ(tree.find(ProfilePath::literal("desktop/ärger.txt"))->path.text(), "Desktop/Ärger.txt");
  EXPECT_EQ(tree.find(ProfilePath::literal("Desktop/none")), nullptr);
  EXPECT_EQ(Tree().find(ProfilePath::literal("a")), nullptr);
}

TEST(Tree, BelowIsAllInAFolderButNotItsNeighbours) {
  const Tree tree({folder("a"), file("a/1"), folder("a/b"), file("a/b/2"), file("a.txt"), file("a b"), file("b")});
  EXPECT_THAT(names(tree.below(ProfilePath::literal("A"))), ElementsAre("a/1", "a/b", "a/b/2"));
  EXPECT_THAT(names(tree.below(ProfilePath::literal("a/b"))), ElementsAre("a/b/2"));
  EXPECT_TRUE(tree.below(ProfilePath::literal("a.txt")).empty());
  EXPECT_TRUE(tree.below(ProfilePath::literal("c")).empty());
  EXPECT_EQ(tree.below(ProfilePath()).size(), tree.size());
}

TEST(Tree, AddsTheFoldersAnEntryStandsIn) {
  const Tree tree({file("x/y/z"), file("a"), file("X/y/b"), folder("x/q")});
  EXPECT_THAT(names(tree), ElementsAre("a", "x", "x/q", "X/y", "X/y/b", "x/y/z"));
  EXPECT_TRUE(tree.find(ProfilePath::literal("x/y"))->is_directory());
}

TEST(Tree, ListThatPutsSomethingBelowAFileKeepsEachNameOnce) {
  const Tree tree({file("a"), file("a/b")});
  EXPECT_THAT(names(tree), ElementsAre("a", "a/b"));
}

TEST(Tree, PutReplacesTheEntryOfTheSameName) {
  Tree tree({file("a"), file("b")});
  tree.put(file("A", 7));
  tree.put(file("c/d"));
  EXPECT_THAT(names(tree), ElementsAre("A", "b", "c", "c/d"));
  EXPECT_EQ(tree.find(ProfilePath::literal("a"))->size, 7u);
}

TEST(Tree, EraseTakesOneEntryAndAFolderOnlyWhenNothingIsInIt) {
  Tree tree({folder("a"), file("a/b"), file("c")});
  tree.erase(ProfilePath::literal("A"));
  EXPECT_THAT(names(tree), ElementsAre("a", "a/b", "c"));
  tree.erase(ProfilePath::literal("a/B"));
  tree.erase(ProfilePath::literal("A"));
  tree.erase(ProfilePath::literal("none"));
  EXPECT_THAT(names(tree), ElementsAre("c"));
}

TEST(Tree, EditPutsAndErasesInOnePass) {
  Tree tree({folder("a"), file("a/b"), file("c"), file("e"), file("g")});
  tree.edit({file("d"), file("E", 5), file("z"), file("Z", 9), file("b")},
            {ProfilePath::literal("A/B"), ProfilePath::literal("a"), ProfilePath::literal("G"),
             ProfilePath::literal("e"), ProfilePath::literal("none")});
  EXPECT_THAT(names(tree), ElementsAre("b", "c", "d", "E", "Z"));
  EXPECT_EQ(tree.find(ProfilePath::literal("z"))->size, 9u);
}

TEST(Tree, EditOfWhatIsThereTakesTheLastOfSeveralAndItsSpelling) {
  Tree tree({folder("a"), file("a/b"), file("c")});
  tree.edit({file("C", 5), file("A/B", 1), file("a/B", 9)}, {});
  EXPECT_THAT(names(tree), ElementsAre("a", "a/B", "C"));
  EXPECT_EQ(tree.find(ProfilePath::literal("a/b"))->size, 9u);
  tree.edit({file("c", 6), file("d/e", 7)}, {});
  EXPECT_THAT(names(tree), ElementsAre("a", "a/B", "c", "d", "d/e"));
}

TEST(Tree, CopiesShareTheirEntriesUntilOneIsChanged) {
  const Tree tree({file("a", 1), file("b", 2)});
  const auto changed = [&](const auto& change) {
    Tree copy = tree;
    EXPECT_TRUE(copy.shares_entries_with(tree));
    EXPECT_EQ(copy.entries().data(), tree.entries().data());
    change(copy);
    EXPECT_FALSE(copy.shares_entries_with(tree));
    EXPECT_THAT(names(tree), ElementsAre("a", "b"));
    EXPECT_EQ(tree.find(ProfilePath::literal("a"))->size, 1U);
    return copy;
  };
  EXPECT_THAT(names(changed([](Tree& copy) { copy.put(file("c")); })), ElementsAre("a", "b", "c"));
  EXPECT_THAT(names(changed([](Tree& copy) { copy.erase(ProfilePath::literal("a")); })), ElementsAre("b"));
  EXPECT_EQ(changed([](Tree& copy) { copy.put(file("a", 7)); }).entries()[0].size, 7U);
  EXPECT_EQ(changed([](Tree& copy) { copy.edit({file("a", 7)}, {}); }).entries()[0].size, 7U);
  EXPECT_THAT(names(changed([](Tree& copy) { copy.edit({}, {ProfilePath::literal("b")}); })), ElementsAre("a"));
  EXPECT_EQ(changed([](Tree& copy) { copy.entries_for_update()[0].size = 7; }).entries()[0].size, 7U);
  Tree copy = tree;
  copy.erase(ProfilePath::literal("none"));
  copy.edit({}, {});
  EXPECT_TRUE(copy.shares_entries_with(tree)) << "nothing was changed";
  copy.entries_for_update();
  EXPECT_FALSE(copy.shares_entries_with(tree));
  EXPECT_EQ(copy, tree) << "what they have is compared";
}

TEST(Tree, CountsFilesAndTheirBytes) {
  const Tree tree({folder("a"), file("a/b", 10), file("c", 5)});
  EXPECT_EQ(tree.file_count(), 2u);
  EXPECT_EQ(tree.total_bytes(), 15u);
}

TEST(SameStamp, ComparesSizeTimeAndIdsWhereBothHaveOne) {
  Entry left = file("a", 3);
  Entry right = left;
  EXPECT_TRUE(same_stamp(left, right));
  left.id = 4;
  EXPECT_TRUE(same_stamp(left, right));
  right.id = 5;
  EXPECT_FALSE(same_stamp(left, right));
  right = left;
  right.modified.ticks += 1;
  EXPECT_FALSE(same_stamp(left, right));
  right = left;
  right.size = 4;
  EXPECT_FALSE(same_stamp(left, right));
  EXPECT_FALSE(same_stamp(file("a", 0), folder("a")));
  Entry touched = folder("a");
  touched.modified.ticks = 9;
  EXPECT_TRUE(same_stamp(touched, folder("a")));
}

TEST(Hive, IsKnownByItsNameAtTheRootOnly) {
  EXPECT_TRUE(is_hive(ProfilePath::literal("ntuser.dat")));
  EXPECT_TRUE(is_hive(ProfilePath::literal("NtUser.Man")));
  EXPECT_TRUE(is_mandatory_hive(ProfilePath::literal("NtUser.Man")));
  EXPECT_FALSE(is_mandatory_hive(ProfilePath::literal("NTUSER.DAT")));
  EXPECT_FALSE(is_hive(ProfilePath::literal("Backup/NTUSER.DAT")));
  EXPECT_FALSE(is_hive(ProfilePath::literal("NTUSER.DAT.LOG")));
}

TEST(Hive, MandatoryOneIsFoundFirst) {  // KB Q154120
  const Tree both({file("NTUSER.DAT"), file("ntuser.man")});
  EXPECT_EQ(find_hive(both)->path.text(), "ntuser.man");
  const Tree plain({file("ntuser.dat"), folder("NTUSER.MAN")});
  EXPECT_EQ(find_hive(plain)->path.text(), "ntuser.dat");
  EXPECT_EQ(find_hive(Tree({file("a")})), nullptr);
}

TEST(Tree, PrintsOneLineAnEntry) {
  Entry entry = file("Desktop/a.txt", 1234);
  entry.mode = 0644;
  std::ostringstream out;
  out << Tree({entry});
  EXPECT_EQ(out.str(), "d Desktop\nf 0644 1234 1970-01-12T13:46:40.0000000Z Desktop/a.txt\n");
}

}  // namespace
}  // namespace roamsync
