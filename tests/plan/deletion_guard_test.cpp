#include "plan/scenario.hpp"
#include "support/result_matchers.hpp"

#include <gtest/gtest.h>

namespace roamsync::testing {
namespace {

// `all` files on the server, the first `deleted` of them deleted here.
Scenario deletions(int all, int deleted) {
  std::string server = "f 1 0 keep\n";
  std::string local = server;
  for (int i = 1; i < all; ++i) {
    const std::string line = "f 1 0 d/" + std::to_string(i) + '\n';
    server += line;
    if (i > deleted) local += line;
  }
  return {.local = tree(local), .server = tree(server), .base = agreed(server)};
}

TEST(DeletionGuard, LetsAFewDeletionsThrough) { EXPECT_OK(check_deletions(deletions(12, 10).plan(), {})); }

TEST(DeletionGuard, StopsMoreThanTheShareAllowed) {
  EXPECT_OK(check_deletions(deletions(40, 20).plan(), {}));
  EXPECT_FAILS(check_deletions(deletions(40, 21).plan(), {}), Errc::too_many_deletions);
  EXPECT_OK(check_deletions(deletions(40, 21).plan(), {.percent_max = 60}));
  EXPECT_FAILS(check_deletions(deletions(40, 5).plan(), {.percent_max = 10, .always_allowed = 4}),
               Errc::too_many_deletions);
}

TEST(DeletionGuard, CountsFilesNotFolders) {
  EXPECT_EQ(deletions(12, 11).plan().deleted_files(), 11u);
  EXPECT_EQ(deletions(12, 11).plan().count(Verb::delete_on_server), 12u);
}

TEST(DeletionGuard, SaysWhatToLookAt) {
  const auto checked = check_deletions(deletions(40, 39).plan(), {});
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().context().expected, "at most 50 % of 40 files deleted");
  EXPECT_EQ(checked.error().context().found, "39 deletions");
}

}  // namespace
}  // namespace roamsync::testing
