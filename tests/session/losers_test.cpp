// The loser of a conflict is in the server's history whole or not at all, and once: a call that comes to nothing leaves
// nothing of it there, however often it is made again.
#include "session/machines.hpp"

#include "support/change_set.hpp"
#include "support/crash_store.hpp"
#include "support/fault_store.hpp"
#include "support/small_faults.hpp"

#include <gmock/gmock.h>

#include <array>

namespace roamsync {
namespace {

using ::testing::AnyOf;
using testing::disk;
using ::testing::Eq;
using testing::FaultStore;
using testing::ForwardingStore;
using ::testing::IsEmpty;
using testing::read;
using testing::SessionTest;

const std::string of_b = "a of B, " + std::string(5000, 'b');

// Somebody writes into a file while it is read, so often.
class Restless : public ForwardingStore {
 public:
  Restless(Store& inner, int times) : ForwardingStore(inner), left_(times) {}
  Result<std::unique_ptr<Reader>> open(const ProfilePath& path) override {
    BOOST_OUTCOME_TRY(auto reader, ForwardingStore::open(path));
    if (path.text() != "Desktop/a.txt" || left_-- <= 0) return reader;
    return std::make_unique<Written>(std::move(reader));
  }

 private:
  class Written : public Reader {
   public:
    explicit Written(std::unique_ptr<Reader> inner) : inner_(std::move(inner)) {}
    const Entry& entry() const override { return inner_->entry(); }
    Result<Entry> entry_now() override {
      Entry now = entry();
      ++now.modified.ticks;
      return now;
    }
    Result<std::size_t> read(std::uint64_t offset, std::span<std::byte> out) override {
      return inner_->read(offset, out);
    }
    Result<std::vector<Extent>> extents() override { return inner_->extents(); }
    Result<FileAttributes> attributes() override { return inner_->attributes(); }

   private:
    std::unique_ptr<Reader> inner_;
  };
  int left_;
};

class Losers : public SessionTest {
 protected:
  const SessionOptions for_the_server{.policy = &server_wins(), .lanes = 1};

  /// A has published its version of two files; B has another one of the first, and has not seen the second.
  void change_on_both() {
    share_a_profile();
    a.put("Desktop/a.txt", "a of A");
    a.put("Desktop/b.txt", "b of A");
    ASSERT_OK(a.log_off(*server));
    b.put("Desktop/a.txt", of_b);
  }
  /// As often as a test likes, at the price of once.
  void change_on_both_again() {
    const std::array stores{server.get(), a.local.get(), a.state.get(), b.local.get(), b.state.get()};
    if (changed_on_both_.empty()) {
      change_on_both();
      for (const MemoryStore* store : stores) changed_on_both_.push_back(store->content());
    }
    for (std::size_t i = 0; i < stores.size(); ++i) stores[i]->set_content(changed_on_both_[i]);
  }
  /// What the history lists of one path, newest first.
  static std::vector<std::string> listed_of(MemoryStore& store, const std::string& path) {
    std::vector<std::string> contents;
    const auto history = list_history(store);
    EXPECT_OK(history);
    for (const HistoryGeneration& generation : history.value()) {
      for (const Entry& file : generation.files) {
        if (file.path.text() != path) continue;
        contents.push_back(read(store, ".roamsync/history/" + std::to_string(generation.generation) + "/" + path));
      }
    }
    return contents;
  }
  static void expect_whole_versions(MemoryStore& store) {
    for (const std::string& content : listed_of(store, "Desktop/a.txt")) {
      EXPECT_THAT(content, AnyOf(Eq("a1"), Eq("a of A"), Eq(of_b)));
    }
  }
  static std::size_t times_kept(MemoryStore& store) {
    const auto contents = listed_of(store, "Desktop/a.txt");
    return static_cast<std::size_t>(std::count(contents.begin(), contents.end(), of_b));
  }
  Result<Report> settle(Store& at, bool at_logon) {
    return at_logon ? b.log_on(at, for_the_server) : b.log_off(at, for_the_server);
  }

 private:
  std::vector<MemoryStore::Content> changed_on_both_;
};

TEST_F(Losers, AProcessThatDiesLeavesNoneTorn) {
  for (const bool at_logon : {true, false}) {
    for (std::size_t cut = 1;; ++cut) {
      SCOPED_TRACE(std::string(at_logon ? "logon" : "logoff") + " dies at " + std::to_string(cut));
      change_on_both_again();
      FaultStore faults(*server);
      faults.arm({.operation = cut, .and_all_after = true});
      static_cast<void>(settle(faults, at_logon));
      expect_whole_versions(*server);
      const bool died = !faults.failed().empty();
      ASSERT_OK(recover_server(a.host, *server, std::chrono::seconds(0)));
      EXPECT_THAT(testing::leftovers_of(server->content()), IsEmpty());
      ASSERT_OK(settle(*server, at_logon));
      EXPECT_GE(times_kept(*server), 1U);
      expect_whole_versions(*server);
      ASSERT_FALSE(HasFailure());
      if (!died) break;
    }
  }
}

TEST_F(Losers, APowerCutLeavesNoneTorn) {
  for (const bool at_logon : {true, false}) {
    change_on_both_again();
    testing::CrashStore store(server->content());
    ASSERT_OK(settle(store, at_logon));
    for (std::size_t cut = 0; cut <= store.operations(); ++cut) {
      for (const MemoryStore::Content& left : store.disks_after(cut, 32, cut)) {
        const auto after = make_memory_store();
        after->set_content(left);
        expect_whole_versions(*after);
      }
      ASSERT_FALSE(HasFailure()) << (at_logon ? "logon" : "logoff") << " cut at " << cut;
    }
  }
}

TEST_F(Losers, AFailureTakesThemAlong) {
  for (std::size_t operation = 1;; ++operation) {
    change_on_both_again();
    const auto before = disk(*server);
    FaultStore faults(*server);
    faults.arm({.operation = operation, .code = std::make_error_code(std::errc::no_space_on_device)});
    const auto off = settle(faults, false);
    ASSERT_OK(off);
    const bool is_decided = read(*server, ".roamsync/intent") != "<none>";
    if (off.value().outcome != Outcome::synced && !is_decided) {
      ASSERT_TRUE(disk(*server) == before) << operation << ": " << faults.failed();
    }
    if (faults.failed().empty()) break;
    ASSERT_OK(recover_server(a.host, *server, std::chrono::seconds(0)));
  }
}

TEST_F(Losers, AHiveThatMayNotPassComesFirst) {
  change_on_both();
  b.put("NTUSER.DAT", testing::dirty_hive());
  const auto before = disk(*server);
  for (int attempt = 0; attempt < 3; ++attempt) {
    const auto off = settle(*server, false);
    ASSERT_OK(off);
    EXPECT_EQ(off.value().outcome, Outcome::refused);
    EXPECT_EQ(off.value().cause->code(), Errc::hive_dirty);
    EXPECT_TRUE(disk(*server) == before);
  }
}

TEST_F(Losers, ALackOfRoomForThemComesFirst) {
  for (const bool at_logon : {true, false}) {
    change_on_both_again();
    const auto before = disk(*server);
    testing::StoreWithSpace full(*server, {.available = 1 << 20});
    const auto settled = settle(full, at_logon);
    ASSERT_OK(settled);
    ASSERT_TRUE(settled.value().cause);
    EXPECT_EQ(settled.value().cause->code(), Errc::no_space);
    EXPECT_TRUE(disk(*server) == before) << (at_logon ? "logon" : "logoff");
  }
}

TEST_F(Losers, ADownloadThatFailsAgainAndAgainKeepsNone) {
  change_on_both();
  const auto before = disk(*server);
  testing::UnreadableFile line(*server, "Desktop/b.txt", std::errc::io_error);
  for (int attempt = 0; attempt < 3; ++attempt) {
    const auto on = settle(line, true);
    ASSERT_OK(on);
    EXPECT_NE(on.value().outcome, Outcome::synced);
    EXPECT_TRUE(disk(*server) == before);
    EXPECT_EQ(read(*b.local, "Desktop/a.txt"), of_b);
  }
  const auto on = settle(*server, true);
  ASSERT_OK(on);
  EXPECT_EQ(on.value().outcome, Outcome::synced) << on.value();
  EXPECT_EQ(times_kept(*server), 1U);
}

// Between the lock under which it plans and the one under which it keeps them another machine takes the number, and dies.
TEST_F(Losers, ALogonWhoseNumberIsTakenMeanwhileIsMadeAgain) {
  class TakenMeanwhile : public ForwardingStore {
   public:
    explicit TakenMeanwhile(MemoryStore& inner) : ForwardingStore(inner), memory_(inner) {}
    Result<std::unique_ptr<StoreLock>> lock(const ProfilePath& path, LockMode mode, std::string_view holder,
                                            std::chrono::milliseconds patience) override {
      if (mode == LockMode::exclusive) memory_.put_file(ProfilePath::literal(".roamsync/history/3/.head"), "theirs");
      return ForwardingStore::lock(path, mode, holder, patience);
    }

   private:
    MemoryStore& memory_;
  };
  change_on_both();
  TakenMeanwhile taken(*server);
  const auto first = settle(taken, true);
  ASSERT_OK(first);
  ASSERT_TRUE(first.value().cause);
  EXPECT_EQ(first.value().cause->code(), Errc::generation_moved);
  EXPECT_EQ(first.value().outcome, Outcome::refused);
  EXPECT_EQ(read(*b.local, "Desktop/a.txt"), of_b);
  EXPECT_EQ(read(*server, ".roamsync/history/3/.head"), "theirs");
  const auto second = settle(*server, true);
  ASSERT_OK(second);
  EXPECT_EQ(second.value().outcome, Outcome::synced);
  EXPECT_EQ(read(*server, ".roamsync/history/4/Desktop/a.txt"), of_b);
}

TEST_F(Losers, ACopyOfOneThatWasWrittenToMeanwhileDoesNotCount) {
  for (const int times : {2, 1000}) {
    change_on_both_again();
    const auto before = disk(*server);
    Restless local(*b.local, times);
    const auto off = Session(b.host, {local, server.get(), *b.state}).log_off(for_the_server);
    ASSERT_OK(off);
    if (times == 2) {
      EXPECT_EQ(off.value().outcome, Outcome::synced) << off.value();
      EXPECT_EQ(times_kept(*server), 1U);
    } else {
      ASSERT_TRUE(off.value().cause);
      EXPECT_EQ(off.value().cause->code(), Errc::source_changed);
      EXPECT_TRUE(disk(*server) == before);
    }
  }
}

}  // namespace
}  // namespace roamsync
