#include "crash/traced_process.hpp"
#include "crash/worker_profile.hpp"

#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>

#include <boost/filesystem/operations.hpp>

#include <unistd.h>

#include <fstream>
#include <iostream>
#include <iterator>
#include <thread>

namespace roamsync::testing {
namespace {

namespace fs = boost::filesystem;
using ::testing::AnyOf;
using ::testing::Eq;

void write_file(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path.native(), std::ios::binary) << text;
}

std::string read_file(const fs::path& path) {
  std::ifstream file(path.native(), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void make_profile(const fs::path& root, const ProfileText& profile) {
  for (const auto& [path, text] : profile) {
    if (path.ends_with('/')) {
      fs::create_directories(root / path);
    } else {
      write_file(root / path, text);
    }
  }
  write_file(root / ".roamsync/head", "generation 1");
}

// Everything but the record folder, temporary names included.
ProfileText profile_in(const fs::path& root) {
  ProfileText found;
  for (fs::recursive_directory_iterator at(root), end; at != end; ++at) {
    const std::string path = fs::relative(at->path(), root).generic_string();
    if (path == ".roamsync") {
      at.disable_recursion_pending();
    } else if (fs::is_directory(at->status())) {
      found[path + '/'];
    } else {
      found[path] = read_file(at->path());
    }
  }
  return found;
}

std::vector<std::string> records_in(const fs::path& root) {
  std::vector<std::string> found;
  for (const auto& entry : fs::directory_iterator(root / ".roamsync"))
    found.push_back(entry.path().filename().string());
  std::ranges::sort(found);
  return found;
}

struct Flushing {
  int lanes;
  const char* command;
};

class KilledPublish : public ::testing::TestWithParam<Flushing> {};

// KB Q191834, on a real disk: whenever the process dies, the profile is the old one or the new one, whole.
TEST_P(KilledPublish, IsRecoveredToTheOldProfileOrTheNewOne) {
  const ProfileText before = worker_profile_before();
  const ProfileText after = worker_profile_after();
  std::size_t recovered_to_before = 0;
  std::size_t recovered_to_after = 0;
  // How a set is flushed depends on what else the machine has to write. Little, after a sync; but not always the same.
  constexpr int ended_max = 10;
  int ended = 0;
  for (std::size_t kill_at = 1; ended < ended_max; ++kill_at) {
    const TemporaryFolder folder;
    const fs::path root = folder.path() / "profile";
    make_profile(root, before);
    ::sync();
    const TracedRun traced =
        run_traced({CRASH_WORKER, GetParam().command, root.string(), std::to_string(GetParam().lanes)}, kill_at);
    if (traced.refused) GTEST_SKIP() << "this system does not let a process trace its child (ptrace)";
    SCOPED_TRACE("killed before change " + std::to_string(kill_at) + ", " + traced.last_call);
    if (!traced.killed) {
      ++ended;
      ASSERT_EQ(traced.exit_code, 0);
      ASSERT_EQ(profile_in(root), after);
      continue;
    }
    ASSERT_THAT(read_file(root / "NTUSER.DAT"), AnyOf(Eq(worker_hive('o')), Eq(worker_hive('n'))));
    ASSERT_EQ(run({CRASH_WORKER, "recover", root.string()}), 0);
    const ProfileText found = profile_in(root);
    const std::string head = read_file(root / ".roamsync/head");
    if (found == before) {
      ++recovered_to_before;
      EXPECT_EQ(head, "generation 1");
    } else {
      ++recovered_to_after;
      ASSERT_EQ(found, after);
      EXPECT_EQ(head, "generation 2");
    }
    for (const std::string& record : records_in(root)) ASSERT_THAT(record, AnyOf(Eq("head"), Eq("history")));
  }
  // A publish takes more calls than these before and after it is decided.
  EXPECT_GT(recovered_to_before, 20U);
  EXPECT_GT(recovered_to_after, 5U);
  std::cout << "killed " << recovered_to_before + recovered_to_after << " times: " << recovered_to_before
            << " times the old profile, " << recovered_to_after << " times the new one\n";
}

INSTANTIATE_TEST_SUITE_P(Flushing, KilledPublish,
                         ::testing::Values(Flushing{1, "publish_each"}, Flushing{3, "publish"}),
                         [](const auto& of) { return std::string(of.index == 0 ? "EachByItself" : "AsItPays"); });

TEST(KilledRecovery, IsRecoveredByTheNextOne) {
  const ProfileText before = worker_profile_before();
  const ProfileText after = worker_profile_after();
  const TemporaryFolder folder;
  std::size_t kills = 0;
  // The first rename is that of the intent: right after the decision, and in the middle of what follows.
  for (const int rename : {2, 5}) {
    for (std::size_t kill_at = 1;; ++kill_at) {
      const fs::path root = folder.path() / (std::to_string(rename) + "-" + std::to_string(kill_at));
      make_profile(root, before);
      ASSERT_EQ(run({CRASH_WORKER, "publish", root.string(), "1", std::to_string(rename)}), -1) << "it has to die";
      const TracedRun traced = run_traced({CRASH_WORKER, "recover", root.string()}, kill_at);
      if (traced.refused) GTEST_SKIP() << "this system does not let a process trace its child (ptrace)";
      SCOPED_TRACE("killed before change " + std::to_string(kill_at) + " of the recovery, " + traced.last_call);
      if (traced.killed) {
        ++kills;
        ASSERT_EQ(run({CRASH_WORKER, "recover", root.string()}), 0);
      }
      ASSERT_EQ(profile_in(root), after) << "what is decided is finished";
      EXPECT_EQ(read_file(root / ".roamsync/head"), "generation 2");
      if (!traced.killed) break;
    }
  }
  EXPECT_GT(kills, 20U);
}

TEST(RacingPublishers, KeepEverythingOfBoth) {
  constexpr int rounds = 8;
  const TemporaryFolder folder;
  const std::string root = folder.path().string();
  int other = -1;
  int own = -1;
  {
    const std::jthread thread([&] { other = run({CRASH_WORKER, "race", root, "anna", std::to_string(rounds)}); });
    own = run({CRASH_WORKER, "race", root, "bert", std::to_string(rounds)});
  }
  ASSERT_EQ(own, 0);
  ASSERT_EQ(other, 0);
  const ProfileText found = profile_in(folder.path());
  EXPECT_EQ(found.size(), 2U * rounds + 1);
  EXPECT_EQ(read_file(folder.path() / ".roamsync/head"), std::to_string(2 * rounds));
  EXPECT_EQ(found.at("NTUSER.DAT"), "the hive of generation " + std::to_string(2 * rounds));
  std::set<std::string> generations;
  for (const auto& [path, text] : found) {
    if (path != "NTUSER.DAT") generations.insert(text);
  }
  EXPECT_EQ(generations.size(), 2U * rounds) << "each publish made a generation of its own";
}

}  // namespace
}  // namespace roamsync::testing
