// What a disk store costs: scanning a profile, beside the bare system calls such a scan cannot do without; making, renaming and
// looking at one file; a flush of many.
#include <roamsync/disk_store.hpp>
#include <roamsync/scan.hpp>

#include "support/temporary_folder.hpp"

#include <benchmark/benchmark.h>
#include <boost/filesystem/operations.hpp>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <map>
#include <string>

namespace roamsync {
namespace {

constexpr int folder_count = 300;

// A profile of empty files in folders three deep; the store it lies in.
class Profile {
 public:
  explicit Profile(std::int64_t files) : store_(open_disk_store({.root = folder_.path()}).value()) {
    std::vector<ProfilePath> folders;
    for (int i = 0; i < folder_count; ++i) {
      folders.push_back(
          ProfilePath::literal("AppData/Roaming/Vendor" + std::to_string(i % 20) + "/Product" + std::to_string(i)));
      make_directories(*store_, folders.back()).value();
    }
    for (std::int64_t i = 0; i < files; ++i) {
      const ProfilePath& folder = folders[static_cast<std::size_t>(i * 7 % folder_count)];
      store_->create(folder.child_unchecked("settings-" + std::to_string(i) + ".json")).value()->finish({}).value();
    }
  }
  Store& store() { return *store_; }
  std::string path() const { return folder_.path().string(); }

 private:
  testing::TemporaryFolder folder_;
  std::unique_ptr<Store> store_;
};

// Made once and shared by the cases: making one takes longer than scanning it a hundred times.
Profile& profile_of(std::int64_t files) {
  static std::map<std::int64_t, Profile> profiles;
  return profiles.try_emplace(files, files).first->second;
}

void count_files(benchmark::State& state, std::int64_t files) {
  state.counters["files"] = static_cast<double>(files);
  state.counters["time_per_file"] = benchmark::Counter(
      static_cast<double>(files), benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void scan_profile(benchmark::State& state) {
  Profile& profile = profile_of(state.range(0));
  const Filter filter;
  const ScanOptions options{.filter = state.range(2) != 0 ? &filter : nullptr,
                            .lanes = static_cast<unsigned>(state.range(1))};
  for (auto _ : state) benchmark::DoNotOptimize(scan(profile.store(), options).value());
  count_files(state, state.range(0));
}
BENCHMARK(scan_profile)
    ->ArgNames({"files", "lanes", "filter"})
    ->Args({1'000, 1, 1})
    ->Args({5'000, 1, 0})
    ->Args({5'000, 1, 1})
    ->Args({5'000, 2, 1})
    ->Args({20'000, 1, 1})
    ->Args({20'000, 2, 1})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

// The least any scan does: read each folder, ask for each file's status.
std::int64_t walk(int parent, const char* name) {
  const int folder = ::openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR* listing = ::fdopendir(folder);
  std::int64_t bytes = 0;
  while (const dirent* one = ::readdir(listing)) {
    if (one->d_name[0] == '.') continue;
    struct stat status {};
    if (::fstatat(folder, one->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0) continue;
    bytes += status.st_size;
    if (S_ISDIR(status.st_mode)) bytes += walk(folder, one->d_name);
  }
  ::closedir(listing);
  return bytes;
}

void bare_walk(benchmark::State& state) {
  Profile& profile = profile_of(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(walk(AT_FDCWD, profile.path().c_str()));
  count_files(state, state.range(0));
}
BENCHMARK(bare_walk)->ArgName("files")->Arg(5'000)->Arg(20'000)->Unit(benchmark::kMillisecond);

void make_file(benchmark::State& state) {
  Profile profile(0);
  const ProfilePath folder = ProfilePath::literal("AppData/Roaming/Vendor0/Product0");
  const std::vector<std::byte> bytes(static_cast<std::size_t>(state.range(0)));
  std::int64_t number = 0;
  for (auto _ : state) {
    const auto writer = profile.store().create(folder.child_unchecked(std::to_string(number++) + ".tmp")).value();
    writer->reserve(bytes.size()).value();
    writer->write(0, bytes).value();
    writer->finish({.modified = FileTime::from_unix(1, 0), .mode = 0644}).value();
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(make_file)->ArgName("bytes")->Arg(0)->Arg(5 << 10)->Arg(1 << 20)->Iterations(200);

void rename_file(benchmark::State& state) {
  Profile profile(1);
  const ProfilePath folder = ProfilePath::literal("AppData/Roaming/Vendor0/Product0");
  ProfilePath name = folder.child_unchecked("settings-0.json");
  std::int64_t number = 0;
  for (auto _ : state) {
    ProfilePath next = folder.child_unchecked(std::to_string(number++));
    profile.store().replace(name, next).value();
    name = std::move(next);
  }
}
BENCHMARK(rename_file)->Iterations(2'000);

void look_at_file(benchmark::State& state) {
  Profile profile(1);
  const ProfilePath name = ProfilePath::literal("AppData/Roaming/Vendor0/Product0/settings-0.json");
  for (auto _ : state) benchmark::DoNotOptimize(profile.store().stat(name).value());
}
BENCHMARK(look_at_file);

void open_and_read_file(benchmark::State& state) {
  Profile profile(0);
  const ProfilePath name = ProfilePath::literal("file");
  std::vector<std::byte> bytes(5 << 10);
  const auto writer = profile.store().create(name).value();
  writer->write(0, bytes).value();
  writer->finish({}).value();
  for (auto _ : state) {
    const auto reader = profile.store().open(name).value();
    benchmark::DoNotOptimize(reader->attributes().value());
    benchmark::DoNotOptimize(reader->read(0, bytes).value());
  }
}
BENCHMARK(open_and_read_file);

void flush_files(benchmark::State& state) {
  Profile profile(0);
  const std::vector<std::byte> bytes(20 << 10);
  std::int64_t round = 0;
  for (auto _ : state) {
    state.PauseTiming();
    const ProfilePath folder = ProfilePath::literal("round" + std::to_string(round++));
    profile.store().make_directory(folder, 0).value();
    std::vector<ProfilePath> files;
    for (std::int64_t i = 0; i < state.range(0); ++i) {
      files.push_back(folder.child_unchecked(std::to_string(i)));
      const auto writer = profile.store().create(files.back()).value();
      writer->write(0, bytes).value();
      writer->finish({}).value();
    }
    state.ResumeTiming();
    profile.store().flush(files).value();
  }
}
BENCHMARK(flush_files)
    ->ArgName("files")
    ->Arg(1)
    ->Arg(6)
    ->Arg(50)
    ->Arg(2'000)
    ->Iterations(5)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace roamsync
