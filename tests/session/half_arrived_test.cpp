// A logon that puts its files in place may be stopped half way, and what it had staged be lost. What never arrived here was
// neither changed nor deleted here: no logoff may carry that to the server.
#include "session/machines.hpp"

#include "support/fault_store.hpp"
#include "support/forwarding_store.hpp"

#include <gmock/gmock.h>

namespace roamsync {
namespace {

using testing::FaultCounter;
using testing::FaultStore;
using testing::ForwardingStore;
using testing::read;
using testing::SessionTest;
using testing::sound_hive;

// A folder that is not there at the moment something is renamed in it, so often.
class Flickering : public ForwardingStore {
 public:
  Flickering(MemoryStore& inner, std::string path, int times)
      : ForwardingStore(inner), path_(std::move(path)), left_(times) {}
  Result<void> replace(const ProfilePath& from, const ProfilePath& to) override {
    if (to.text() == path_ && left_-- > 0) {
      return Error(std::make_error_code(std::errc::no_such_file_or_directory), {.path = location_of(to)});
    }
    return ForwardingStore::replace(from, to);
  }

 private:
  std::string path_;
  int left_;
};

class HalfArrived : public SessionTest {
 protected:
  /// A has published over what both had.
  void publish_news() {
    share_a_profile();
    a.put("NTUSER.DAT", sound_hive(u"second"));
    a.put("Desktop/a.txt", "a2");
    a.put("Desktop/b.txt", "b2");
    a.put("Desktop/new.txt", "new");
    ASSERT_OK(a.log_off(*server));
    news_ = testing::profile(*server);
  }

  /// B's logon dies right before it puts `path` in place, and the staged copy of it is gone afterwards.
  void fetch_all_but(const std::string& path) {
    const auto local = b.local->content();
    const auto state = b.state->content();
    FaultCounter counter;
    for (std::size_t operation = 1; counter.failed() != "replace " + path; ++operation) {
      b.local->set_content(local);
      b.state->set_content(state);
      FaultStore faulty_local(*b.local, counter);
      FaultStore faulty_state(*b.state, counter);
      counter.arm({.operation = operation, .and_all_after = true});
      const auto on = Session(b.host, {faulty_local, server.get(), faulty_state}).log_on({.lanes = 1});
      ASSERT_FALSE(counter.failed().empty()) << "nothing is put at " << path;
      ASSERT_FALSE(on && on.value().outcome == Outcome::synced);
    }
    std::size_t lost = 0;
    for (const auto& [staged, node] : b.local->content()) {
      if (!staged.text().starts_with(path + '.') || !staged.text().ends_with(".tmp")) continue;
      ASSERT_OK(b.local->remove_file(staged));
      ++lost;
    }
    ASSERT_EQ(lost, 1U);
  }

  std::string news_;
};

TEST_F(HalfArrived, ALogonThatStumblesIsFinishedBeforeItIsPlannedAgain) {
  publish_news();
  Flickering local(*b.local, "Desktop/b.txt", 1);
  const auto on = Session(b.host, {local, server.get(), *b.state}).log_on({.lanes = 1});
  ASSERT_OK(on);
  EXPECT_EQ(on.value().outcome, Outcome::nothing_to_do) << "recovery does it all: " << on.value();
  EXPECT_EQ(testing::profile(*b.local), news_);
  ASSERT_OK(b.log_off(*server));
  EXPECT_EQ(testing::profile(*server), news_);
}

class HalfArrivedBut : public HalfArrived, public ::testing::WithParamInterface<const char*> {};

INSTANTIATE_TEST_SUITE_P(A, HalfArrivedBut, ::testing::Values("Desktop/b.txt", "Desktop/new.txt", "NTUSER.DAT"),
                         [](const auto& one) {
                           const std::string path = one.param;
                           return path == "NTUSER.DAT" ? "Hive" : path == "Desktop/new.txt" ? "NewFile" : "File";
                         });

TEST_P(HalfArrivedBut, PassesForNothingThatWasChangedOrDeletedHere) {
  publish_news();
  fetch_all_but(GetParam());
  ASSERT_OK(b.log_off(*server));
  EXPECT_EQ(testing::profile(*server), news_);
}

TEST_F(HalfArrived, TheNextLogonFetchesWhatIsMissing) {
  publish_news();
  for (const char* path : {"Desktop/b.txt", "Desktop/new.txt", "NTUSER.DAT"}) {
    SCOPED_TRACE(path);
    const auto local = b.local->content();
    const auto state = b.state->content();
    fetch_all_but(path);
    ASSERT_OK(b.log_on(*server));
    EXPECT_EQ(testing::profile(*b.local), news_);
    ASSERT_OK(b.log_off(*server));
    EXPECT_EQ(testing::profile(*server), news_);
    b.local->set_content(local);
    b.state->set_content(state);
  }
}

// The other way round nothing needs to be held back: the listing of the server speaks before its head.
TEST_F(HalfArrived, AFileThatDidNotReachTheServerIsSentAgain) {
  share_a_profile();
  a.put("Desktop/a.txt", "a2");
  a.put("Desktop/b.txt", "b2");
  a.put("Desktop/new.txt", "new");
  const auto before = server->content();
  const auto state = a.state->content();
  for (const std::string path : {"Desktop/b.txt", "Desktop/new.txt"}) {
    SCOPED_TRACE(path);
    server->set_content(before);
    a.state->set_content(state);
    FaultCounter counter;
    for (std::size_t operation = 1; counter.failed() != "replace " + path; ++operation) {
      server->set_content(before);
      FaultStore faulty(*server, counter);
      counter.arm({.operation = operation, .and_all_after = true});
      static_cast<void>(Session(a.host, {*a.local, &faulty, *a.state}).log_off({.lanes = 1}));
      ASSERT_FALSE(counter.failed().empty()) << "nothing is put at " << path;
    }
    for (const auto& [staged, node] : server->content()) {
      if (!staged.text().starts_with(path + '.') || !staged.text().ends_with(".tmp")) continue;
      ASSERT_OK(server->remove_file(staged));
    }
    // B meets the head of the new generation among files of the old one.
    const auto local_of_b = b.local->content();
    const auto state_of_b = b.state->content();
    ASSERT_OK(b.log_off(*server));
    EXPECT_EQ(read(*server, "Desktop/a.txt"), "a2");
    b.local->set_content(local_of_b);
    b.state->set_content(state_of_b);
    ASSERT_OK(a.log_off(*server));
    EXPECT_EQ(testing::profile(*server), testing::profile(*a.local));
    ASSERT_OK(b.log_on(*server));
    EXPECT_EQ(testing::profile(*b.local), testing::profile(*server));
    b.local->set_content(local_of_b);
    b.state->set_content(state_of_b);
  }
}

}  // namespace
}  // namespace roamsync
