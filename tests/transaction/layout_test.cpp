#include "transaction/layout.hpp"

#include "support/change_set.hpp"

#include <gmock/gmock.h>

namespace roamsync {
namespace {

using testing::at;
using testing::ChangeBuilder;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> units_of(const Layout& layout) {
  std::vector<std::string> all;
  for (const Unit& unit : layout.intent.units) {
    all.push_back(std::string(unit.temporary.text()) + " > " + std::string(unit.entry.path.text()) +
                  (unit.last ? " last" : "") +
                  (unit.aside.is_root() ? "" : " aside " + std::string(unit.aside.text())));
  }
  return all;
}

TEST(Layout, ANewFolderIsOneRenameWithEverythingBelowIt) {
  const auto target = make_memory_store();
  target->put_file(at("Desktop/old.txt"), "old");
  const auto changes = ChangeBuilder(*target)
                           .file("Desktop/new.txt", "1")
                           .file("Documents/a/b/c.txt", "2")
                           .directory("Documents")
                           .directory("Documents/a/b")
                           .directory("Documents/a")
                           .file("NTUSER.DAT", "3")
                           .take();
  const Layout layout = lay_out(changes, "t1", false);
  EXPECT_THAT(units_of(layout),
              ElementsAre("Documents.t1.roamsync.tmp > Documents", "Desktop/new.txt.t1.roamsync.tmp > Desktop/new.txt",
                          "NTUSER.DAT.tmp > NTUSER.DAT last"));
  ASSERT_EQ(layout.files.size(), 3U);
  EXPECT_EQ(layout.files[1].temporary, at("Documents.t1.roamsync.tmp/a/b/c.txt"));
  EXPECT_EQ(layout.files[1].unit, 0U);
  ASSERT_EQ(layout.directories.size(), 3U);
  EXPECT_EQ(layout.directories[2].temporary, at("Documents.t1.roamsync.tmp/a/b"));
}

TEST(Layout, AFolderWithTheHiveInItIsLast) {
  const auto target = make_memory_store();
  ChangeSet changes = ChangeBuilder(*target).directory("Backup").file("Backup/hive", "1").take();
  changes.files[0].last = true;
  EXPECT_THAT(units_of(lay_out(changes, "t1", false)), ElementsAre("Backup.t1.roamsync.tmp > Backup last"));
}

TEST(Layout, AnotherKindInTheWayMakesRoom) {
  const auto target = make_memory_store();
  target->put_file(at("file"), "1");
  target->put_file(at("folder/x"), "1");
  const auto changes = ChangeBuilder(*target).directory("file").file("folder", "2").take();
  EXPECT_THAT(units_of(lay_out(changes, "t1", false)),
              ElementsAre("file.t1.roamsync.tmp > file aside file.t1.old.roamsync.tmp",
                          "folder.t1.roamsync.tmp > folder aside folder.t1.old.roamsync.tmp"));
}

TEST(Layout, ARemovalOfWhatIsPutIsAReplacement) {
  const auto target = make_memory_store();
  target->put_file(at("folder/x"), "1");
  ChangeSet changes = ChangeBuilder(*target).file("folder", "2").remove("folder/x").remove("folder").take();
  changes.files[0].replaces.reset();
  const Layout layout = lay_out(changes, "t1", false);
  EXPECT_THAT(units_of(layout), ElementsAre("folder.t1.roamsync.tmp > folder aside folder.t1.old.roamsync.tmp"));
  ASSERT_EQ(layout.intent.removals.size(), 1U);
  EXPECT_EQ(layout.intent.removals[0].path, at("folder/x"));
}

TEST(Layout, AnotherSpellingIsRemovedOnlyWhereBothCanExist) {
  const auto target = make_memory_store();
  target->put_file(at("Readme"), "1");
  const auto changes = ChangeBuilder(*target).file("README", "2").take();
  EXPECT_THAT(lay_out(changes, "t1", false).intent.removals, IsEmpty());
  const Layout sensitive = lay_out(changes, "t1", true);
  ASSERT_EQ(sensitive.intent.removals.size(), 1U);
  EXPECT_EQ(sensitive.intent.removals[0].path, at("Readme"));
}

TEST(Layout, CompleteUnitsKnowTheirMembersInOrder) {
  const auto target = make_memory_store();
  const auto changes = ChangeBuilder(*target)
                           .directory("d")
                           .directory("d/b")
                           .file("d/a", "1")
                           .file("d/b/x", "2")
                           .file("d/c", "3")
                           .take();
  Layout layout = lay_out(changes, "t1", false);
  for (const FileToStage& file : layout.files) layout.staged_of(file) = {.path = file.put->path, .digest = Digest{}};
  complete_units(layout);
  std::vector<std::string> members;
  for (const Entry& member : layout.intent.units[0].members) members.emplace_back(member.path.text());
  EXPECT_THAT(members, ElementsAre("d/a", "d/b", "d/b/x", "d/c"));
}

}  // namespace
}  // namespace roamsync
