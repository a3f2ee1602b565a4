#include <roamsync/transaction.hpp>

#include "transaction/intent.hpp"
#include "transaction/names.hpp"

#include "support/change_set.hpp"
#include "support/fault_store.hpp"
#include "support/result_matchers.hpp"

#include <gmock/gmock.h>

namespace roamsync {
namespace {

using testing::at;
using testing::bytes_of;
using testing::ChangeBuilder;
using ::testing::Contains;
using ::testing::ElementsAre;
using testing::FaultStore;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::leftovers_of;
using testing::options_of;
using ::testing::Pair;
using testing::profile_of;
using testing::records_of;
using testing::text_at;

using Outcome = Recovery::Outcome;

// A target on which a publish was cut off at a call of its choice.
class Recover : public ::testing::Test {
 protected:
  void SetUp() override {
    target_->put_file(at("NTUSER.DAT"), "old hive", FileTime{10});
    target_->put_file(at("Desktop/a.txt"), "old a", FileTime{20});
    target_->put_file(at("Desktop/b.txt"), "old b", FileTime{30});
    target_->put_file(at(".roamsync/head"), "generation 1");
  }

  // The line is cut at the `number`-th call named `call`, such as "replace".
  void publish_cut_at(std::string_view call, int number = 1) {
    const auto before = target_->content();
    const auto changes = ChangeBuilder(*target_)
                             .file("NTUSER.DAT", "new hive")
                             .file("Desktop/a.txt", "new a")
                             .directory("New")
                             .file("New/c.txt", "new c")
                             .remove("Desktop/b.txt")
                             .take();
    int seen = 0;
    for (std::size_t operation = 1;; ++operation) {
      target_->set_content(before);
      FaultStore faults(*target_);
      faults.arm({.operation = operation, .and_all_after = true});
      const auto published = publish(faults, records_of(faults), changes, options_of("t1"));
      ASSERT_FALSE(published.has_value()) << "there is no such call";
      if (faults.failed().starts_with(call) && ++seen == number) return;
    }
  }

  Recovery recover_now() {
    auto recovered = recover(*target_, records_of(*target_));
    EXPECT_OK(recovered);
    return recovered ? recovered.value() : Recovery();
  }

  void expect_old() {
    EXPECT_THAT(profile_of(target_->content()),
                ElementsAre(Pair("Desktop/", ""), Pair("Desktop/a.txt", "old a"), Pair("Desktop/b.txt", "old b"),
                            Pair("NTUSER.DAT", "old hive")));
    EXPECT_EQ(text_at(*target_, ".roamsync/head"), "generation 1");
    EXPECT_THAT(leftovers_of(target_->content()), IsEmpty());
  }
  void expect_new() {
    EXPECT_THAT(profile_of(target_->content()),
                ElementsAre(Pair("Desktop/", ""), Pair("Desktop/a.txt", "new a"), Pair("NTUSER.DAT", "new hive"),
                            Pair("New/", ""), Pair("New/c.txt", "new c")));
    EXPECT_EQ(text_at(*target_, ".roamsync/head"), "generation 2");
    EXPECT_THAT(leftovers_of(target_->content()), IsEmpty());
  }
  void change(std::string_view path, std::string_view text, FileTime modified = FileTime{777}) {
    target_->put_file(at(path), text, modified);
  }

  std::unique_ptr<MemoryStore> target_ = make_memory_store();
};

TEST_F(Recover, FindsNothingToDoAndMakesNothing) {
  const auto empty = make_memory_store();
  const auto recovered = recover(*empty, records_of(*empty));
  ASSERT_OK(recovered);
  EXPECT_EQ(recovered.value().outcome, Outcome::nothing_to_do);
  EXPECT_THAT(empty->content(), IsEmpty());

  const auto before = target_->content();
  EXPECT_EQ(recover_now().outcome, Outcome::nothing_to_do);
  EXPECT_EQ(target_->content(), before);
}

TEST_F(Recover, OneCallTellsThatThereIsNothingToDo) {
  FaultStore counted(*target_);
  counted.arm({});
  ASSERT_OK(recover(counted, records_of(counted)));
  EXPECT_EQ(counted.operations(), 1U);
}

TEST_F(Recover, ClearsAPublishThatGotNoFurtherThanStaging) {
  publish_cut_at("flush");
  ASSERT_THAT(leftovers_of(target_->content()), Contains("NTUSER.DAT.tmp"));
  const Recovery recovery = recover_now();
  EXPECT_EQ(recovery.outcome, Outcome::cleared);
  EXPECT_GT(recovery.swept, 0U);
  expect_old();
  EXPECT_EQ(recover_now().outcome, Outcome::nothing_to_do);
}

TEST_F(Recover, ClearsOnlyWhatThePublishHadStaged) {
  publish_cut_at("flush");
  change("report.txt.roamsync.tmp", "a user's");
  change("Desktop/b.txt.t2.roamsync.tmp", "somebody else's");
  EXPECT_EQ(recover_now().outcome, Outcome::cleared);
  EXPECT_THAT(leftovers_of(target_->content()),
              ElementsAre("Desktop/b.txt.t2.roamsync.tmp", "report.txt.roamsync.tmp"));
}

TEST_F(Recover, ClearsHalfACopyThatWasToBeKept) {
  publish_cut_at("flush");
  target_->put_file(at(".roamsync/history/1/Desktop/a.txt"), "kept before");
  target_->put_file(at(".roamsync/history/1/Desktop/copy-1.roamsync.tmp"), "half a cop");
  EXPECT_EQ(recover_now().outcome, Outcome::cleared);
  expect_old();
  EXPECT_EQ(text_at(*target_, ".roamsync/history/1/Desktop/a.txt"), "kept before");
}

TEST_F(Recover, FinishesAPublishThatWasDecided) {
  // The first rename is the intent's own.
  for (const int rename : {2, 3, 4, 5}) {
    SCOPED_TRACE(rename);
    const auto before = target_->content();
    publish_cut_at("replace", rename);
    const Recovery recovery = recover_now();
    EXPECT_EQ(recovery.outcome, Outcome::rolled_forward);
    EXPECT_EQ(recovery.transaction, "t1");
    EXPECT_THAT(recovery.warnings, IsEmpty());
    expect_new();
    EXPECT_EQ(recover_now().outcome, Outcome::nothing_to_do);
    target_->set_content(before);
  }
}

TEST_F(Recover, TellsADamagedIntentAndClearsWhatWasStaged) {
  publish_cut_at("replace", 2);
  auto content = target_->content();
  content.find(at(".roamsync/intent"))->second.bytes[50] ^= std::byte{1};
  target_->set_content(content);
  const Recovery recovery = recover_now();
  EXPECT_EQ(recovery.outcome, Outcome::cleared);
  EXPECT_THAT(recovery.warnings, ElementsAre(HasSubstr("checksum")));
  expect_old();
}

TEST_F(Recover, LeavesALaterVersionsIntentAlone) {
  publish_cut_at("replace", 2);
  auto content = target_->content();
  auto& bytes = content.find(at(".roamsync/intent"))->second.bytes;
  // The version of a record with a checksum that holds: made again, with the digest over the new bytes.
  bytes[8] = std::byte{2};
  std::vector<std::byte> hashed(bytes.begin(), bytes.begin() + 24);
  hashed.insert(hashed.end(), bytes.begin() + 40, bytes.end());
  const Digest digest = digest_of(hashed);
  std::memcpy(bytes.data() + 24, &digest.low, 8);
  std::memcpy(bytes.data() + 32, &digest.high, 8);
  target_->set_content(content);
  const auto before = target_->content();
  EXPECT_FAILS(recover(*target_, records_of(*target_)), Errc::record_too_new);
  EXPECT_EQ(target_->content(), before);
}

TEST_F(Recover, ADamagedStagedFileIsNeverPutInPlace) {
  publish_cut_at("replace", 2);
  auto content = target_->content();
  content.find(at("NTUSER.DAT.tmp"))->second.bytes[3] ^= std::byte{1};
  target_->set_content(content);
  const Recovery recovery = recover_now();
  EXPECT_EQ(recovery.outcome, Outcome::cleared);
  EXPECT_THAT(recovery.warnings, ElementsAre(HasSubstr("NTUSER.DAT")));
  expect_old();
}

TEST_F(Recover, AMissingStagedFileClearsAllWhenNothingWasRenamed) {
  publish_cut_at("replace", 2);
  ASSERT_OK(target_->remove_file(at("Desktop/a.txt.t1.roamsync.tmp")));
  const Recovery recovery = recover_now();
  EXPECT_EQ(recovery.outcome, Outcome::cleared);
  EXPECT_THAT(recovery.warnings, ElementsAre(HasSubstr("Desktop/a.txt")));
  expect_old();
}

TEST_F(Recover, ADamagedFileInAStagedFolderCounts) {
  publish_cut_at("replace", 2);
  auto content = target_->content();
  content.find(at("New.t1.roamsync.tmp/c.txt"))->second.bytes[0] ^= std::byte{1};
  target_->set_content(content);
  EXPECT_EQ(recover_now().outcome, Outcome::cleared);
  expect_old();
}

TEST_F(Recover, OnceSomethingWasRenamedTheRestIsFinishedAndTheMissingNamed) {
  publish_cut_at("replace", 3);  // the new folder is in place
  ASSERT_OK(target_->remove_file(at("Desktop/a.txt.t1.roamsync.tmp")));
  const Recovery recovery = recover_now();
  EXPECT_EQ(recovery.outcome, Outcome::rolled_forward);
  EXPECT_THAT(recovery.warnings, ElementsAre(HasSubstr("Desktop/a.txt")));
  EXPECT_EQ(text_at(*target_, "Desktop/a.txt"), "old a");
  EXPECT_EQ(text_at(*target_, "NTUSER.DAT"), "new hive");
  EXPECT_EQ(text_at(*target_, ".roamsync/head"), "generation 2");
  EXPECT_THAT(leftovers_of(target_->content()), IsEmpty());
}

TEST_F(Recover, WhatMadeRoomForSomethingThatIsMissingComesBack) {
  target_->put_file(at("Folder/x"), "old x");
  target_->put_file(at("File"), "old file");
  const auto before = target_->content();
  const auto changes = ChangeBuilder(*target_)
                           .file("Folder", "new file")
                           .remove("Folder/x")
                           .directory("File")
                           .file("File/y", "new y")
                           .file("Desktop/a.txt", "new a")
                           .take();
  for (const std::string name : {"Folder", "File"}) {
    SCOPED_TRACE(name);
    target_->set_content(before);
    for (std::size_t operation = 1; !target_->content().contains(aside_of(at(name), "t1")); ++operation) {
      target_->set_content(before);
      FaultStore faults(*target_);
      faults.arm({.operation = operation, .and_all_after = true});
      ASSERT_FALSE(publish(faults, records_of(faults), changes, options_of("t1")).has_value());
    }
    ASSERT_OK(remove_tree(*target_, at(name + ".t1.roamsync.tmp")));
    const Recovery recovery = recover_now();
    EXPECT_EQ(recovery.outcome, Outcome::rolled_forward);
    EXPECT_THAT(recovery.warnings, ElementsAre(HasSubstr(name + " is neither")));
    EXPECT_EQ(text_at(*target_, name == "File" ? "File" : "Folder/x"), name == "File" ? "old file" : "old x");
    EXPECT_EQ(text_at(*target_, "Desktop/a.txt"), "new a");
    EXPECT_THAT(leftovers_of(target_->content()), IsEmpty());
    EXPECT_EQ(recover_now().outcome, Outcome::nothing_to_do);
  }
}

// A stock workstation logs off between the crash and the recovery.
TEST_F(Recover, WhatSomebodyWroteSinceIsNotWalkedOver) {
  publish_cut_at("replace", 2);
  change("NTUSER.DAT", "a newer hive");
  const Recovery recovery = recover_now();
  EXPECT_EQ(recovery.outcome, Outcome::cleared);
  EXPECT_THAT(recovery.warnings, ElementsAre(HasSubstr("NTUSER.DAT was changed by somebody else")));
  EXPECT_EQ(text_at(*target_, "NTUSER.DAT"), "a newer hive");
  EXPECT_EQ(text_at(*target_, "Desktop/a.txt"), "old a");
  EXPECT_THAT(leftovers_of(target_->content()), IsEmpty());
}

TEST_F(Recover, WhatSomebodyWroteInTheMiddleIsKeptBesideAndTold) {
  publish_cut_at("replace", 3);
  change("NTUSER.DAT", "their hive");
  change("Desktop/b.txt", "their b");
  const Recovery recovery = recover_now();
  EXPECT_EQ(recovery.outcome, Outcome::rolled_forward);
  EXPECT_THAT(recovery.warnings,
              ::testing::UnorderedElementsAre(HasSubstr("NTUSER (kept t1).DAT"), HasSubstr("Desktop/b.txt")));
  EXPECT_EQ(text_at(*target_, "NTUSER.DAT"), "new hive");
  EXPECT_EQ(text_at(*target_, "NTUSER (kept t1).DAT"), "their hive");
  EXPECT_EQ(text_at(*target_, "Desktop/b.txt"), "their b");
  EXPECT_THAT(leftovers_of(target_->content()), IsEmpty());
}

TEST_F(Recover, WhatIsKeptBesideIsKeptOnceWhereverARecoveryDies) {
  publish_cut_at("replace", 3);
  change("NTUSER.DAT", "their hive");
  auto before = target_->content();
  const auto kept_names = [&] {
    std::vector<std::string> names;
    for (const auto& [path, node] : target_->content()) {
      if (path.text().find("(kept") != std::string_view::npos) names.emplace_back(path.text());
    }
    return names;
  };
  const auto die_everywhere = [&](const std::string& name, const std::vector<std::string>& names) {
    std::size_t kept_by_the_first = 0;
    for (std::size_t operation = 1;; ++operation) {
      SCOPED_TRACE(operation);
      target_->set_content(before);
      FaultStore faults(*target_);
      faults.arm({.operation = operation, .and_all_after = true});
      const bool died = !recover(faults, records_of(faults)).has_value();
      if (died && target_->content().contains(at(name))) ++kept_by_the_first;
      recover_now();
      EXPECT_EQ(kept_names(), names);
      EXPECT_EQ(text_at(*target_, name), "their hive");
      EXPECT_EQ(text_at(*target_, "NTUSER.DAT"), "new hive");
      if (!died) break;
    }
    EXPECT_GT(kept_by_the_first, 1U);
  };
  die_everywhere("NTUSER (kept t1).DAT", {"NTUSER (kept t1).DAT"});
  // Another file of that name, of theirs or of an older day, stays what it is.
  target_->set_content(before);
  change("NTUSER (kept t1).DAT", "else's hiv");
  before = target_->content();
  die_everywhere("NTUSER (kept t1) (2).DAT", {"NTUSER (kept t1) (2).DAT", "NTUSER (kept t1).DAT"});
}

TEST_F(Recover, AFolderThatCameIntoTheWayIsKeptBeside) {
  publish_cut_at("replace", 3);
  ASSERT_OK(target_->remove_file(at("Desktop/a.txt")));
  change("Desktop/a.txt/theirs", "x");
  const Recovery recovery = recover_now();
  EXPECT_EQ(recovery.outcome, Outcome::rolled_forward);
  EXPECT_EQ(text_at(*target_, "Desktop/a.txt"), "new a");
  EXPECT_EQ(text_at(*target_, "Desktop/a (kept t1).txt/theirs"), "x");
}

// Nobody waits for the removal of the intent to be durable.
TEST_F(Recover, AFileThatTookThePlaceOfAFolderIsNoObstacle) {
  publish_cut_at("replace", 3);  // the intent has its name, and one file
  for (const char* path : {"Desktop/a.txt", "Desktop/b.txt", "Desktop/a.txt.t1.roamsync.tmp"}) {
    static_cast<void>(target_->remove_file(at(path)));
  }
  ASSERT_OK(target_->remove_directory(at("Desktop")));
  target_->put_file(at("Desktop"), "a file now");
  ASSERT_OK(recover(*target_, records_of(*target_)));
  EXPECT_EQ(text_at(*target_, "Desktop"), "a file now");
  EXPECT_EQ(text_at(*target_, "NTUSER.DAT"), "new hive");
  EXPECT_THAT(leftovers_of(target_->content()), IsEmpty());
}

TEST_F(Recover, AnIntentThatComesBackIsFoundCarriedOut) {
  publish_cut_at("remove_file .roamsync/intent");
  const auto with_intent = target_->content();
  EXPECT_EQ(recover_now().outcome, Outcome::rolled_forward);
  expect_new();
  // The user goes on working, and then the power goes.
  target_->set_content(with_intent);
  change("Desktop/a.txt", "newest a");
  const Recovery recovery = recover_now();
  EXPECT_EQ(recovery.renamed, 0U);
  EXPECT_EQ(text_at(*target_, "Desktop/a.txt"), "newest a");
  EXPECT_THAT(leftovers_of(target_->content()), IsEmpty());
}

TEST_F(Recover, FindsItsRecordsInAnotherStore) {
  const auto state = make_memory_store();
  const RecordFolder records{.store = *state, .folder = at("local")};
  const auto changes = ChangeBuilder(*target_).file("NTUSER.DAT", "new hive").file("Desktop/a.txt", "new a").take();
  FaultStore faults(*target_);
  std::size_t decided = 0;
  for (std::size_t operation = 1; decided == 0; ++operation) {
    faults.arm({.operation = operation, .and_all_after = true});
    ASSERT_FALSE(publish(faults, records, changes, options_of("t1")).has_value());
    if (faults.failed().starts_with("replace")) decided = operation;
  }
  const auto recovered = recover(*target_, records);
  ASSERT_OK(recovered);
  EXPECT_EQ(recovered.value().outcome, Outcome::rolled_forward);
  EXPECT_EQ(text_at(*target_, "NTUSER.DAT"), "new hive");
  EXPECT_EQ(text_at(*target_, "Desktop/a.txt"), "new a");
  EXPECT_EQ(text_at(*state, "local/head"), "generation 2");
  EXPECT_THAT(leftovers_of(state->content()), IsEmpty());
}

// Such a record is believed: nobody lists the target to see whether it is true.
TEST_F(Recover, ARecordKeptElsewhereStaysOldWhenSomethingIsLost) {
  const auto state = make_memory_store();
  state->put_file(at("head"), "generation 1");
  const RecordFolder records{.store = *state, .folder = ProfilePath()};
  const auto changes = ChangeBuilder(*target_).file("NTUSER.DAT", "new hive").file("Desktop/a.txt", "new a").take();
  const auto before = target_->content();
  const auto state_before = state->content();
  FaultStore faults(*target_);
  for (std::size_t operation = 1; !faults.failed().starts_with("replace NTUSER.DAT"); ++operation) {
    target_->set_content(before);
    state->set_content(state_before);
    faults.arm({.operation = operation, .and_all_after = true});
    ASSERT_FALSE(publish(faults, records, changes, options_of("t1")).has_value());
  }
  ASSERT_OK(target_->remove_file(at("NTUSER.DAT.tmp")));
  const auto recovered = recover(*target_, records);
  ASSERT_OK(recovered);
  EXPECT_EQ(recovered.value().outcome, Outcome::rolled_forward);
  EXPECT_THAT(recovered.value().warnings, ElementsAre(HasSubstr("NTUSER.DAT is neither"), HasSubstr("head stays")));
  EXPECT_EQ(text_at(*target_, "NTUSER.DAT"), "old hive");
  EXPECT_EQ(text_at(*target_, "Desktop/a.txt"), "new a");
  EXPECT_EQ(text_at(*state, "head"), "generation 1");
  EXPECT_THAT(leftovers_of(target_->content()), IsEmpty());
  EXPECT_THAT(leftovers_of(state->content()), IsEmpty());
  EXPECT_EQ(state->content().size(), 1U);
}

TEST(Sweep, RemovesTemporariesAndGivesBackWhatHasNoSuccessor) {
  const auto store = make_memory_store();
  store->put_file(at("a.t1.roamsync.tmp"), "staged");
  store->put_file(at("d.t1.roamsync.tmp/x"), "staged");
  store->put_file(at("lost.t1.old.roamsync.tmp"), "the only copy");
  store->put_file(at("there"), "new");
  store->put_file(at("there.t1.old.roamsync.tmp"), "old");
  const std::vector<ProfilePath> temporaries{at("a.t1.roamsync.tmp"), at("d.t1.roamsync.tmp"),
                                             at("lost.t1.old.roamsync.tmp"), at("there.t1.old.roamsync.tmp")};
  const auto swept = sweep(*store, temporaries);
  ASSERT_OK(swept);
  EXPECT_EQ(swept.value(), 4U);
  EXPECT_THAT(profile_of(store->content()), ElementsAre(Pair("lost", "the only copy"), Pair("there", "new")));
  EXPECT_EQ(store->content().size(), 2U);
}

}  // namespace
}  // namespace roamsync
