// Files come and go under a session: what is planned for one that has gone is planned again.
#include "session/machines.hpp"

#include "support/forwarding_store.hpp"

#include <gmock/gmock.h>

namespace roamsync {
namespace {

using testing::ForwardingStore;
using testing::read;
using testing::SessionTest;

// Loses a file at the moment somebody opens it, so often.
class Losing : public ForwardingStore {
 public:
  Losing(MemoryStore& inner, std::string path, int times)
      : ForwardingStore(inner), path_(std::move(path)), left_(times) {}
  Result<std::unique_ptr<Reader>> open(const ProfilePath& path) override {
    if (path.text() == path_ && left_-- > 0) {
      return Error(std::make_error_code(std::errc::no_such_file_or_directory), {.path = location_of(path)});
    }
    return ForwardingStore::open(path);
  }

 private:
  std::string path_;
  int left_;
};

TEST_F(SessionTest, AFileThatVanishesWhileItIsCopiedStopsNoLogoff) {
  share_a_profile();
  b.put("Desktop/a.txt", "a2");
  b.put("Desktop/lock.part", "here and gone");
  Losing local(*b.local, "Desktop/lock.part", 1);
  const auto off = Session(b.host, {local, server.get(), *b.state}).log_off({});
  ASSERT_OK(off);
  EXPECT_EQ(off.value().outcome, Outcome::synced) << off.value();
  EXPECT_EQ(read(*server, "Desktop/a.txt"), "a2");
}

TEST_F(SessionTest, AFileThatVanishesForEverIsAnErrorInTheEnd) {
  share_a_profile();
  b.put("Desktop/gone.txt", "never there when it is wanted");
  Losing local(*b.local, "Desktop/gone.txt", 1000);
  const auto off = Session(b.host, {local, server.get(), *b.state}).log_off({});
  ASSERT_OK(off);
  EXPECT_EQ(off.value().outcome, Outcome::refused);
}

TEST_F(SessionTest, AServerFileThatVanishesWhileItIsCopiedStopsNoLogon) {
  share_a_profile();
  a.put("Desktop/a.txt", "a2");
  ASSERT_OK(a.log_off(*server));
  Losing losing(*server, "Desktop/a.txt", 1);
  const auto on = b.log_on(losing);
  ASSERT_OK(on);
  EXPECT_EQ(on.value().outcome, Outcome::synced) << on.value();
  EXPECT_EQ(read(*b.local, "Desktop/a.txt"), "a2");
}

}  // namespace
}  // namespace roamsync
