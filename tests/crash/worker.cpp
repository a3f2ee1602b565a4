/// @file
/// crash_worker: a process for the tests to kill. It works on a real folder through the disk store.
///
///     crash_worker publish FOLDER LANES [N]   publishes worker_profile_after() over worker_profile_before(); dies before its
///                                             N-th rename
///     crash_worker publish_each FOLDER LANES  the same, every file and folder flushed by itself whatever the machine has to write
///     crash_worker recover FOLDER             what a logon or logoff does first
///     crash_worker race FOLDER NAME ROUNDS    publishes ROUNDS files of its own, each as a new generation, under the lock
#include "crash/worker_profile.hpp"

#include "support/change_set.hpp"
#include "support/sub_store.hpp"

#include <roamsync/disk_store.hpp>
#include <roamsync/scan.hpp>

#include <signal.h>

#include <atomic>
#include <iostream>

namespace roamsync::testing {
namespace {

class DyingStore final : public SubStore {
 public:
  DyingStore(Store& store, int rename) : SubStore(store, ProfilePath()), left_(rename) {}
  Result<void> replace(const ProfilePath& from, const ProfilePath& to) override {
    if (--left_ == 0) ::raise(SIGKILL);
    return SubStore::replace(from, to);
  }

 private:
  std::atomic<int> left_;
};

class EachFlushedStore final : public SubStore {
 public:
  explicit EachFlushedStore(Store& store) : SubStore(store, ProfilePath()) {}
  Result<void> flush(std::span<const ProfilePath> files) override {
    for (const ProfilePath& file : files) {
      BOOST_OUTCOME_TRYV(SubStore::flush(std::span(&file, 1)));
    }
    return success();
  }
  Result<void> flush_directories(std::span<const ProfilePath> directories) override {
    for (const ProfilePath& directory : directories) {
      BOOST_OUTCOME_TRYV(SubStore::flush_directories(std::span(&directory, 1)));
    }
    return success();
  }
};

Result<void> recover_all(Store& store) {
  BOOST_OUTCOME_TRYV(recover(store, records_of(store)));
  BOOST_OUTCOME_TRY(const auto scanned, scan(store));
  BOOST_OUTCOME_TRYV(sweep(store, scanned.temporaries));
  return success();
}

Result<void> publish_profile(Store& store, unsigned lanes) {
  const ProfileText before = worker_profile_before();
  const ProfileText after = worker_profile_after();
  ChangeBuilder builder(store);
  for (const auto& [path, text] : after) {
    if (path.ends_with('/')) {
      if (!before.contains(path)) builder.directory(std::string_view(path).substr(0, path.size() - 1));
    } else if (const auto old = before.find(path); old == before.end() || old->second != text) {
      builder.file(path, text, FileTime::from_unix(1'700'000'000, 0));
    }
  }
  // Innermost first; what a file or folder takes the place of is replaced, not removed.
  for (auto at = before.rbegin(); at != before.rend(); ++at) {
    const std::string& path = at->first;
    const bool is_directory = path.ends_with('/');
    const std::string name = is_directory ? path.substr(0, path.size() - 1) : path;
    if (after.contains(path) || after.contains(is_directory ? name : name + '/')) continue;
    builder.remove(name);
  }
  ChangeSet changes = builder.take();
  for (PutFile& file : changes.files) {
    if (!file.last) continue;
    PageDigests pages{.file_size = before.at("NTUSER.DAT").size(), .pages = {}};
    // A publish of the same bytes tells their page digests.
    const auto memory = make_memory_store();
    auto published =
        publish(*memory, records_of(*memory), ChangeBuilder(*memory).file("NTUSER.DAT", before.at("NTUSER.DAT")).take(),
                options_of("t0"));
    BOOST_OUTCOME_TRYV(published);
    file.pages_of_replaced = published.value().pages.at(0).second;
  }
  auto options = options_of("t1");
  options.lanes = lanes;
  options.history.generation = 1;
  BOOST_OUTCOME_TRYV(publish(store, records_of(store), changes, options));
  return success();
}

Result<void> race(Store& store, const std::string& name, int rounds) {
  for (int round = 0; round < rounds; ++round) {
    BOOST_OUTCOME_TRYV(make_directories(store, at(record_folder_name)));
    BOOST_OUTCOME_TRY(const auto lock,
                      store.lock(at(".roamsync/lock"), LockMode::exclusive, name, std::chrono::minutes(5)));
    BOOST_OUTCOME_TRYV(recover_all(store));
    auto head = read_file(store, at(".roamsync/head"), 100);
    const int generation = head ? std::stoi(text_of(head.value())) + 1 : 1;
    const std::string text = std::to_string(generation);
    ChangeBuilder builder(store);
    builder.file(name + std::to_string(round) + ".txt", text).file("NTUSER.DAT", "the hive of generation " + text);
    auto options = options_of(name + std::to_string(round), text);
    options.history = {.generation = static_cast<std::uint64_t>(generation - 1), .generations_max = 3};
    BOOST_OUTCOME_TRYV(publish(store, records_of(store), builder.take(), options));
  }
  return success();
}

Result<void> work(const std::vector<std::string>& arguments) {
  BOOST_OUTCOME_TRY(const auto store, open_disk_store({.root = arguments.at(1)}));
  if (arguments[0] == "publish") {
    DyingStore dying(*store, arguments.size() > 3 ? std::stoi(arguments[3]) : 0);
    return publish_profile(dying, static_cast<unsigned>(std::stoi(arguments.at(2))));
  }
  if (arguments[0] == "publish_each") {
    EachFlushedStore each(*store);
    return publish_profile(each, static_cast<unsigned>(std::stoi(arguments.at(2))));
  }
  if (arguments[0] == "race") return race(*store, arguments.at(2), std::stoi(arguments.at(3)));
  return recover_all(*store);
}

}  // namespace
}  // namespace roamsync::testing

int main(int argc, char** argv) {
  const auto done = roamsync::testing::work({argv + 1, argv + argc});
  if (done) return 0;
  std::cerr << done.error().message() << '\n';
  return 1;
}
