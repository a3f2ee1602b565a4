#include <roamsync/transaction.hpp>

#include "support/change_set.hpp"
#include "support/fault_store.hpp"
#include "support/forwarding_store.hpp"
#include "support/result_matchers.hpp"

#include <gmock/gmock.h>
#include <mutex>

namespace roamsync {
namespace {

using testing::at;
using testing::bytes_of;
using testing::ChangeBuilder;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::leftovers_of;
using testing::options_of;
using ::testing::Pair;
using testing::profile_of;
using testing::records_of;
using testing::text_at;

// A target with a profile on it, and what of the transaction's promises holds for every test.
class Publish : public ::testing::Test {
 protected:
  void SetUp() override {
    target_->put_file(at("NTUSER.DAT"), "old hive", FileTime{10});
    target_->put_file(at("Desktop/a.txt"), "old a", FileTime{20});
    target_->put_file(at("Desktop/b.txt"), "old b", FileTime{30});
    target_->put_file(at(".roamsync/head"), "generation 1");
  }
  void TearDown() override { EXPECT_THAT(leftovers_of(target_->content()), IsEmpty()); }

  Result<Published> publish_with(const ChangeSet& changes, const PublishOptions& options = options_of("t1")) {
    return publish(*target_, records_of(*target_), changes, options);
  }

  std::unique_ptr<MemoryStore> target_ = make_memory_store();
  std::unique_ptr<MemoryStore> source_ = make_memory_store();
};

TEST_F(Publish, PutsReplacesAndRemoves) {
  source_->put_file(at("Desktop/a.txt"), "new a", FileTime{400});
  const auto changes = ChangeBuilder(*target_)
                           .file("NTUSER.DAT", "new hive")
                           .file("Desktop/a.txt", *source_, "Desktop/a.txt")
                           .directory("Documents")
                           .directory("Documents/empty")
                           .file("Documents/deep.txt", "deep")
                           .remove("Desktop/b.txt")
                           .take();
  const auto published = publish_with(changes);
  ASSERT_OK(published);
  EXPECT_THAT(
      profile_of(target_->content()),
      ElementsAre(Pair("Desktop/", ""), Pair("Desktop/a.txt", "new a"), Pair("Documents/", ""),
                  Pair("Documents/deep.txt", "deep"), Pair("Documents/empty/", ""), Pair("NTUSER.DAT", "new hive")));
  EXPECT_EQ(text_at(*target_, ".roamsync/head"), "generation 2");
  EXPECT_EQ(published.value().removed_files, 1U);
}

TEST_F(Publish, TellsEveryFileAsTheTargetListsItWithItsDigestAndItsSource) {
  source_->put_file(at("from"), "new a", FileTime{400});
  const auto changes =
      ChangeBuilder(*target_).file("z.txt", *source_, "from").file("Desktop/a.txt", *source_, "from").take();
  const auto published = publish_with(changes);
  ASSERT_OK(published);
  ASSERT_EQ(published.value().files.size(), 2U);
  for (const Entry& entry : published.value().files) {
    auto now = target_->stat(entry.path).value();
    ASSERT_TRUE(now);
    EXPECT_EQ(entry.digest, digest_of(bytes_of("new a")));
    now->digest = entry.digest;
    EXPECT_EQ(entry, *now);
  }
  EXPECT_EQ(published.value().files[0].path, at("Desktop/a.txt"));
  EXPECT_EQ(published.value().files[1].path, at("z.txt"));
  ASSERT_EQ(published.value().sources.size(), 2U);
  EXPECT_TRUE(same_stamp(published.value().sources[0], *source_->stat(at("from")).value()));
  EXPECT_EQ(published.value().bytes.read, 10U);
  EXPECT_EQ(published.value().bytes.written, 10U);
  EXPECT_EQ(published.value().bytes.verified, 10U);
}

TEST_F(Publish, GivesTheHeadWhatWasStaged) {
  auto options = options_of("t1");
  std::optional<Entry> seen;
  options.make_head = [&](const Published& published) -> Result<std::vector<std::byte>> {
    seen = published.files.at(0);
    return bytes_of("made late");
  };
  ASSERT_OK(publish_with(ChangeBuilder(*target_).file("Desktop/a.txt", "new a").take(), options));
  ASSERT_TRUE(seen);
  EXPECT_TRUE(same_stamp(*seen, *target_->stat(at("Desktop/a.txt")).value()));
  EXPECT_EQ(text_at(*target_, ".roamsync/head"), "made late");
}

TEST_F(Publish, RecordsMayLieInAnotherStore) {
  const auto state = make_memory_store();
  state->put_file(at("profile/other"), "stays");
  auto options = options_of("t1");
  options.history.generation = 1;
  ASSERT_OK(publish(*target_, {.store = *state, .folder = at("profile")},
                    ChangeBuilder(*target_).file("NTUSER.DAT", "new hive").remove("Desktop/a.txt").take(), options));
  EXPECT_THAT(profile_of(state->content()),
              ElementsAre(Pair("profile/", ""), Pair("profile/head", "generation 2"), Pair("profile/history/", ""),
                          Pair("profile/history/1/", ""), Pair("profile/history/1/Desktop/", ""),
                          Pair("profile/history/1/Desktop/a.txt", "old a"),
                          Pair("profile/history/1/NTUSER.DAT", "old hive"), Pair("profile/other", "stays")));
  EXPECT_EQ(text_at(*target_, "NTUSER.DAT"), "new hive");
  EXPECT_EQ(text_at(*target_, ".roamsync/head"), "generation 1");
}

TEST_F(Publish, AFileMakesRoomForAFolderAndAFolderForAFile) {
  target_->put_file(at("swap/inner/x"), "x", FileTime{50});
  const auto changes = ChangeBuilder(*target_)
                           .directory("Desktop/a.txt")
                           .file("Desktop/a.txt/in it", "1")
                           .file("swap", "2")
                           .remove("swap/inner/x")
                           .remove("swap/inner")
                           .take();
  ASSERT_OK(publish_with(changes));
  EXPECT_THAT(profile_of(target_->content()),
              ElementsAre(Pair("Desktop/", ""), Pair("Desktop/a.txt/", ""), Pair("Desktop/a.txt/in it", "1"),
                          Pair("Desktop/b.txt", "old b"), Pair("NTUSER.DAT", "old hive"), Pair("swap", "2")));
}

TEST_F(Publish, AFolderThatHoldsMoreThanThePlanKnowsDoesNotGoForAFile) {
  target_->put_file(at("swap/x"), "x", FileTime{50});
  const auto changes = ChangeBuilder(*target_).file("swap", "2").remove("swap/x").take();
  target_->put_file(at("swap/y"), "somebody's", FileTime{60});
  const auto before = target_->content();
  EXPECT_FAILS(publish_with(changes), Errc::target_changed);
  EXPECT_EQ(target_->content(), before);
}

TEST_F(Publish, AFolderThatIsNotEmptyAnyMoreIsKeptAndTold) {
  const auto changes = ChangeBuilder(*target_).remove("Desktop/a.txt").remove("Desktop/b.txt").remove("Desktop").take();
  target_->put_file(at("Desktop/new.txt"), "somebody's", FileTime{60});
  const auto published = publish_with(changes);
  ASSERT_OK(published);
  EXPECT_THAT(published.value().kept_directories, ElementsAre(at("Desktop")));
  EXPECT_THAT(profile_of(target_->content()),
              ElementsAre(Pair("Desktop/", ""), Pair("Desktop/new.txt", "somebody's"), Pair("NTUSER.DAT", "old hive")));
}

TEST_F(Publish, NothingHappensWhenATargetIsNotTheOneThePlanSaw) {
  const auto replaced = ChangeBuilder(*target_).file("Desktop/a.txt", "new a").take();
  const auto removed = ChangeBuilder(*target_).remove("Desktop/a.txt").take();
  const auto added = ChangeBuilder(*target_).file("new.txt", "new").take();
  const auto folder = ChangeBuilder(*target_).directory("Music").file("Music/x", "new").take();
  target_->put_file(at("Desktop/a.txt"), "theirs", FileTime{70});
  target_->put_file(at("new.txt"), "theirs", FileTime{70});
  target_->put_file(at("Music/y"), "theirs", FileTime{70});
  const auto before = target_->content();
  for (const ChangeSet& changes : {replaced, removed, added, folder}) {
    auto options = options_of("t1");
    options.history.generation = 1;
    EXPECT_FAILS(publish_with(changes, options), Errc::target_changed);
    EXPECT_EQ(target_->content(), before);
  }
}

TEST_F(Publish, AFolderThatIsGoneIsAChangedTarget) {
  const auto changes = ChangeBuilder(*target_).file("Gone/a", "new").take();
  EXPECT_FAILS(publish_with(changes), Errc::target_changed);
}

TEST_F(Publish, RefusesToWalkOverAnIntentNobodyRecovered) {
  target_->put_file(at(".roamsync/intent"), "whatever");
  EXPECT_FAILS(publish_with(ChangeBuilder(*target_).file("x", "new").take()), Errc::publish_running);
  EXPECT_EQ(text_at(*target_, ".roamsync/intent"), "whatever");
  ASSERT_OK(target_->remove_file(at(".roamsync/intent")));
}

TEST_F(Publish, RefusesTheHiveOnAStoreThatCannotReplaceInOneStep) {
  const auto poor = make_memory_store({.traits = {.atomic_replace = false}});
  const auto refused =
      publish(*poor, records_of(*poor), ChangeBuilder(*poor).file("NTUSER.DAT", "new hive").take(), options_of("t1"));
  EXPECT_FAILS(refused, Errc::not_supported);
  EXPECT_THAT(poor->content(), IsEmpty());
}

TEST_F(Publish, RefusesATransactionNameThatIsNoPartOfAFileName) {
  for (const char* name : {"", "a/b", "a.b", "..", "123456789012345678901234567890123"}) {
    EXPECT_FAILS(publish_with({}, options_of(name)), Errc::bad_name);
  }
}

// KB Q191834: the hive is sent to Ntuser.dat.tmp; what a dead client left under that name is no obstacle.
TEST_F(Publish, ReplacesAStaleTemporaryOfTheHive) {
  target_->put_file(at("NTUSER.DAT.tmp"), "half a hive");
  ASSERT_OK(publish_with(ChangeBuilder(*target_).file("NTUSER.DAT", "new hive").take()));
  EXPECT_EQ(text_at(*target_, "NTUSER.DAT"), "new hive");
}

TEST_F(Publish, LeavesAFolderThatHasTheNameOfTheHivesTemporary) {
  target_->put_file(at("NTUSER.DAT.tmp/precious"), "a user's");
  source_->put_file(at("hive"), "newer hive");
  ASSERT_OK(publish_with(ChangeBuilder(*target_).file("NTUSER.DAT", "new hive").take()));
  EXPECT_EQ(text_at(*target_, "NTUSER.DAT"), "new hive");
  const auto changes = ChangeBuilder(*target_).file("NTUSER.DAT", *source_, "hive").take();
  ASSERT_OK(source_->remove_file(at("hive")));
  EXPECT_FAILS(publish_with(changes), Errc::source_changed);
  EXPECT_EQ(text_at(*target_, "NTUSER.DAT.tmp/precious"), "a user's");
  ASSERT_OK(remove_tree(*target_, at("NTUSER.DAT.tmp")));
}

TEST_F(Publish, ASourceThatChangedAfterItWasListedIsCopiedAsItIsAndTold) {
  source_->put_file(at("a"), "as listed", FileTime{400});
  const auto changes = ChangeBuilder(*target_).file("Desktop/a.txt", *source_, "a").take();
  source_->put_file(at("a"), "as it is now", FileTime{500});
  auto options = options_of("t1");
  std::vector<std::string> notices;
  options.on_event = [&](const Event& event) {
    if (const auto* notice = std::get_if<Notice>(&event)) notices.push_back(notice->text);
  };
  ASSERT_OK(publish_with(changes, options));
  EXPECT_EQ(text_at(*target_, "Desktop/a.txt"), "as it is now");
  EXPECT_THAT(notices, ElementsAre(HasSubstr("changed after it was listed")));
}

TEST_F(Publish, ASourceThatIsGoneStopsThePublishBeforeAnythingHappens) {
  source_->put_file(at("a"), "as listed", FileTime{400});
  const auto changes = ChangeBuilder(*target_).file("Desktop/a.txt", *source_, "a").take();
  ASSERT_OK(source_->remove_file(at("a")));
  const auto before = target_->content();
  EXPECT_FAILS(publish_with(changes), Errc::source_changed);
  EXPECT_EQ(target_->content(), before);
}

TEST_F(Publish, WithoutRoomTheTargetStaysAsItWasAndTheSystemsCodeIsKept) {
  const auto small = make_memory_store({.capacity = 3000});
  small->set_content(target_->content());
  const auto before = small->content();
  const std::string large(4000, 'x');
  const auto published = publish(
      *small, records_of(*small),
      ChangeBuilder(*small).file("Desktop/a.txt", "small").file("Desktop/large.bin", large).take(), options_of("t1"));
  ASSERT_FAILS(published, std::errc::no_space_on_device);
  EXPECT_THAT(published.error().context().path, HasSubstr("large.bin"));
  EXPECT_EQ(small->content(), before);
}

TEST_F(Publish, StopsBetweenFilesWhenAskedTo) {
  std::stop_source stop;
  auto options = options_of("t1");
  options.stop = stop.get_token();
  options.on_event = [&](const Event& event) {
    if (const auto* step = std::get_if<Step>(&event); step != nullptr && step->name == "verify") stop.request_stop();
  };
  const auto before = target_->content();
  EXPECT_FAILS(publish_with(ChangeBuilder(*target_).file("NTUSER.DAT", "new hive").take(), options), Errc::cancelled);
  EXPECT_EQ(target_->content(), before);
}

TEST_F(Publish, IsFinishedOnceItsIntentIsWritten) {
  std::stop_source stop;
  auto options = options_of("t1");
  options.stop = stop.get_token();
  options.on_event = [&](const Event& event) {
    if (const auto* step = std::get_if<Step>(&event); step != nullptr && step->name == "publish") stop.request_stop();
  };
  ASSERT_OK(publish_with(ChangeBuilder(*target_).file("NTUSER.DAT", "new hive").take(), options));
  EXPECT_EQ(text_at(*target_, "NTUSER.DAT"), "new hive");
}

TEST_F(Publish, LongNamesAreStagedUnderCutOnes) {
  const std::string name(251, 'n');
  ASSERT_OK(publish_with(ChangeBuilder(*target_).file(name + ".txt", "1").file(name + ".doc", "2").take()));
  EXPECT_EQ(text_at(*target_, name + ".txt"), "1");
  EXPECT_EQ(text_at(*target_, name + ".doc"), "2");
}

TEST_F(Publish, ADirectoryOfManyLanesGivesWhatOneGives) {
  ChangeBuilder builder(*target_);
  builder.directory("many");
  for (int i = 0; i < 200; ++i) builder.file("many/" + std::to_string(i), "text " + std::to_string(i));
  const auto changes = builder.take();
  auto options = options_of("t1");
  options.lanes = 4;
  ASSERT_OK(publish_with(changes, options));
  for (int i = 0; i < 200; ++i) EXPECT_EQ(text_at(*target_, "many/" + std::to_string(i)), "text " + std::to_string(i));
}

TEST_F(Publish, AnotherSpellingReplacesTheOldOneWhereCaseCounts) {
  const auto sensitive = make_memory_store({.traits = {.atomic_replace = true, .case_sensitive = true}});
  sensitive->put_file(at("Readme"), "old", FileTime{10});
  ChangeSet changes = ChangeBuilder(*sensitive).file("README", "new").take();
  changes.files[0].replaces = *sensitive->stat(at("Readme")).value();
  ASSERT_OK(publish(*sensitive, records_of(*sensitive), changes, options_of("t1")));
  EXPECT_THAT(profile_of(sensitive->content()), ElementsAre(Pair("README", "new")));
}

TEST_F(Publish, MovesOnlyChangedPagesOfALargeFileWhoseOldPagesAreKnown) {
  std::string hive(paged_size_min + 100, 'h');
  target_->put_file(at("NTUSER.DAT"), hive, FileTime{10});
  const auto old_pages = std::make_shared<PageDigests>();
  {
    ChangeSet first = ChangeBuilder(*target_).file("NTUSER.DAT", hive).take();
    const auto published = publish_with(first);
    ASSERT_OK(published);
    ASSERT_EQ(published.value().pages.size(), 1U);
    *old_pages = *published.value().pages[0].second;
  }
  hive[5 * 4096] = 'H';
  for (const Verify how : {Verify::full, Verify::written, Verify::none}) {
    ChangeSet changes = ChangeBuilder(*target_).file("NTUSER.DAT", hive, FileTime{2'000'000'000}).take();
    changes.files[0].pages_of_replaced = old_pages;
    auto options = options_of("t2");
    options.verify = how;
    const auto before = target_->content();
    const auto published = publish_with(changes, options);
    ASSERT_OK(published);
    EXPECT_EQ(text_at(*target_, "NTUSER.DAT"), hive);
    EXPECT_EQ(published.value().bytes.written, 4096U);
    const std::uint64_t verified = how == Verify::full ? hive.size() : how == Verify::written ? 4096U : 0U;
    EXPECT_EQ(published.value().bytes.verified, verified);
    target_->set_content(before);
  }
}

TEST_F(Publish, StopsWhileTheStoreDuplicatesTheOldFile) {
  class Interrupted : public testing::ForwardingStore {
   public:
    Interrupted(Store& inner, std::stop_source& stop) : ForwardingStore(inner), stop_(stop) {}
    Result<std::unique_ptr<Writer>> duplicate(const ProfilePath& from, const ProfilePath& to,
                                              std::stop_token stop) override {
      stop_.request_stop();
      return ForwardingStore::duplicate(from, to, std::move(stop));
    }
    Result<std::unique_ptr<Writer>> create(const ProfilePath& path) override {
      EXPECT_FALSE(stop_.stop_requested()) << path << " is begun anew";
      return ForwardingStore::create(path);
    }

   private:
    std::stop_source& stop_;
  };
  std::string hive(paged_size_min, 'h');
  const auto first = publish_with(ChangeBuilder(*target_).file("NTUSER.DAT", hive).take());
  ASSERT_OK(first);
  hive[0] = 'H';
  ChangeSet changes = ChangeBuilder(*target_).file("NTUSER.DAT", hive, FileTime{2'000'000'000}).take();
  changes.files[0].pages_of_replaced = first.value().pages.at(0).second;
  const auto before = target_->content();
  std::stop_source stop;
  auto options = options_of("t2");
  options.stop = stop.get_token();
  Interrupted target(*target_, stop);
  EXPECT_FAILS(publish(target, records_of(target), changes, options), Errc::cancelled);
  EXPECT_EQ(target_->content(), before);
}

// Reading the rest from there would wait for its way to the medium.
TEST_F(Publish, OnlyADuplicateIsVerifiedFromTheMediumAndOnlyWhole) {
  class Verified : public testing::ForwardingStore {
   public:
    using ForwardingStore::ForwardingStore;
    Result<std::unique_ptr<Reader>> open_to_verify(const ProfilePath& path) override {
      ++from_medium;
      return open(path);
    }
    int from_medium = 0;
  };
  std::string hive(paged_size_min, 'h');
  const auto first = publish_with(ChangeBuilder(*target_).file("NTUSER.DAT", hive).take());
  ASSERT_OK(first);
  hive[0] = 'H';
  for (const Verify how : {Verify::full, Verify::written}) {
    ChangeSet changes = ChangeBuilder(*target_)
                            .file("NTUSER.DAT", hive, FileTime{2'000'000'000})
                            .file("large.bin", std::string(paged_size_min, 'l'))
                            .take();
    changes.files[0].pages_of_replaced = first.value().pages.at(0).second;
    Verified target(*target_);
    auto options = options_of("t2");
    options.verify = how;
    const auto before = target_->content();
    ASSERT_OK(publish(target, records_of(target), changes, options));
    EXPECT_EQ(target.from_medium, how == Verify::full ? 1 : 0);
    target_->set_content(before);
  }
}

// What a machine remembers of what it sent says nothing about what has arrived.
TEST_F(Publish, ARemoteStoreIsAskedForEveryFileOnceItHasThemAll) {
  class Remote : public testing::ForwardingStore {
   public:
    using ForwardingStore::ForwardingStore;
    StoreTraits traits() const override {
      StoreTraits traits = ForwardingStore::traits();
      traits.is_remote = true;
      return traits;
    }
    Result<void> flush(std::span<const ProfilePath> files) override {
      calls.push_back("flush " + std::to_string(files.size()));
      return ForwardingStore::flush(files);
    }
    Result<std::unique_ptr<Reader>> open_to_verify(const ProfilePath& path) override {
      const std::scoped_lock guard(mutex_);
      calls.push_back("verify");
      return open(path);
    }
    std::vector<std::string> calls;

   private:
    std::mutex mutex_;
  };
  Remote target(*target_);
  auto options = options_of("t1");
  options.lanes = 2;
  ASSERT_OK(
      publish(target, records_of(target), ChangeBuilder(*target_).file("a", "a1").file("b", "b1").take(), options));
  ASSERT_GE(target.calls.size(), 3U);
  EXPECT_THAT(std::span(target.calls).first(3), ElementsAre("flush 2", "verify", "verify"));
}

TEST_F(Publish, RotInTheOldFileDoesNotGetIntoTheNewOne) {
  std::string hive(paged_size_min, 'h');
  const auto pages = std::make_shared<PageDigests>();
  {
    const auto published = publish_with(ChangeBuilder(*target_).file("NTUSER.DAT", hive).take());
    ASSERT_OK(published);
    *pages = *published.value().pages.at(0).second;
  }
  auto rotten = target_->content();
  rotten.find(at("NTUSER.DAT"))->second.bytes[100'000] = std::byte{'?'};
  target_->set_content(rotten);
  hive[0] = 'H';
  ChangeSet changes = ChangeBuilder(*target_).file("NTUSER.DAT", hive, FileTime{2'000'000'000}).take();
  changes.files[0].pages_of_replaced = pages;
  std::vector<std::string> notices;
  auto options = options_of("t2");
  options.on_event = [&](const Event& event) {
    if (const auto* notice = std::get_if<Notice>(&event)) notices.push_back(notice->text);
  };
  const auto published = publish_with(changes, options);
  ASSERT_OK(published);
  EXPECT_EQ(text_at(*target_, "NTUSER.DAT"), hive);
  EXPECT_THAT(notices, ElementsAre(HasSubstr("it is written whole")));
  EXPECT_TRUE(same_stamp(published.value().files.at(0), *target_->stat(at("NTUSER.DAT")).value()));
}

// A folder that stays is live: it gets its attributes behind the intent, and a publish that does not get there changes nothing.
class Refit : public Publish {
 protected:
  static PublishOptions giving_lists() {
    PublishOptions options = options_of("t1");
    options.fit_attributes = [](const ProfilePath& path, bool is_folder, FileAttributes& attributes) {
      if (is_folder) attributes.extended.emplace_back("user.list", "list of " + std::string(path.text()));
      return Result<std::uint64_t>(access_mark_of(path.text()));
    };
    return options;
  }
  std::string list_at(std::string_view folder) const {
    const auto content = target_->content();
    const auto& extended = content.at(at(folder)).attributes.extended;
    return extended.empty() ? "none" : extended.front().second;
  }
};

TEST_F(Refit, GivesAFolderThatStaysItsAttributes) {
  const auto published = publish_with(ChangeBuilder(*target_).refit("Desktop").directory("New").take(), giving_lists());
  ASSERT_OK(published);
  EXPECT_EQ(list_at("Desktop"), "list of Desktop");
  EXPECT_EQ(list_at("New"), "list of New");
  EXPECT_THAT(published.value().folder_marks,
              ElementsAre(Pair(at("New"), access_mark_of("New")), Pair(at("Desktop"), access_mark_of("Desktop"))));
}

TEST_F(Refit, IsRefusedWhereTheFolderIsGone) {
  const auto changes = ChangeBuilder(*target_).refit("Desktop").file("NTUSER.DAT", "new hive").take();
  ASSERT_OK(target_->remove_file(at("Desktop/a.txt")));
  ASSERT_OK(target_->remove_file(at("Desktop/b.txt")));
  ASSERT_OK(target_->remove_directory(at("Desktop")));
  const auto published = publish_with(changes, giving_lists());
  ASSERT_FALSE(published);
  EXPECT_EQ(published.error().code(), Errc::target_changed);
  EXPECT_EQ(text_at(*target_, "NTUSER.DAT"), "old hive");
}

TEST_F(Refit, IsFinishedByARecovery) {
  testing::FaultStore faults(*target_);
  const auto changes = ChangeBuilder(faults).refit("Desktop").file("NTUSER.DAT", "new hive").take();
  std::size_t operation = 0;
  for (std::string failed; failed != "set_folder_attributes Desktop";) {
    const auto before = target_->content();
    faults.arm({.operation = ++operation, .and_all_after = true});
    const auto published = publish(faults, records_of(faults), changes, giving_lists());
    ASSERT_FALSE(published) << "it never came to the folder";
    failed = faults.failed();
    if (failed != "set_folder_attributes Desktop") target_->set_content(before);
  }
  EXPECT_EQ(list_at("Desktop"), "none");
  for (int twice = 0; twice < 2; ++twice) {
    ASSERT_OK(recover(*target_, records_of(*target_)));
    EXPECT_EQ(list_at("Desktop"), "list of Desktop");
    EXPECT_EQ(text_at(*target_, "NTUSER.DAT"), "new hive");
  }
}

}  // namespace
}  // namespace roamsync
