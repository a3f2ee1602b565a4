// How fast and how frugal the hive engine is, beside hivexml and reglookup doing the same work in the same run.
//
//   hive_bench [--benchmark_filter=…]      ROAMSYNC_BENCH_KEYS=22300: keys of the dense hive, 9 values each, 24 MiB
//
// `rate` is bytes of hive a second, `heap` the peak of memory allocated during one call, as a multiple of the file.
#include <roamsync/hive_diff.hpp>
#include <roamsync/hive_merge.hpp>
#include <roamsync/hive_replay.hpp>

#include <benchmark/benchmark.h>

#include <boost/filesystem.hpp>

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <new>

#include "bench/profile_hive.hpp"
#include "support/log_builder.hpp"

namespace {

std::atomic<std::size_t> allocated{0};
std::atomic<std::size_t> peak{0};

// Each block carries its size in front, so that freeing it can be counted too.
constexpr std::size_t head = alignof(std::max_align_t);

void* counted(std::size_t size) {
  auto* block = static_cast<std::byte*>(std::malloc(size + head));
  if (block == nullptr) throw std::bad_alloc();
  *reinterpret_cast<std::size_t*>(block) = size;
  const std::size_t now = allocated += size;
  if (now > peak) peak = now;
  return block + head;
}
void uncounted(void* bytes) noexcept {
  if (bytes == nullptr) return;
  auto* block = static_cast<std::byte*>(bytes) - head;
  allocated -= *reinterpret_cast<std::size_t*>(block);
  std::free(block);
}

}  // namespace

void* operator new(std::size_t size) { return counted(size); }
void* operator new[](std::size_t size) { return counted(size); }
void operator delete(void* block) noexcept { uncounted(block); }
void operator delete[](void* block) noexcept { uncounted(block); }
void operator delete(void* block, std::size_t) noexcept { uncounted(block); }
void operator delete[](void* block, std::size_t) noexcept { uncounted(block); }

namespace {

using namespace roamsync;
using namespace roamsync::testing;
using benchmark::State;
using hive::Hive;

std::size_t dense_keys() {
  const char* wanted = std::getenv("ROAMSYNC_BENCH_KEYS");
  return wanted != nullptr ? std::stoul(wanted) : 22'300;
}
constexpr std::size_t small_values = 8;

// Each key has eight small values and a longer one.
HiveSpec profile(std::size_t keys) {
  HiveSpec spec = profile_hive(keys, small_values);
  unsigned seed = 0;
  for (KeySpec& top : spec.root.subkeys) {
    for (KeySpec& folder : top.subkeys) {
      for (KeySpec& key : folder.subkeys) key.values.push_back(binary_value(u"Layout", 440, ++seed));
    }
  }
  return spec;
}

// The tree of a big profile, every byte used.
const Bytes& dense() {
  static const Bytes file = build_hive(profile(dense_keys()));
  return file;
}
// The same size with few keys and many free cells, as a hive that has grown and shrunk.
const Bytes& free_rich() {
  static const Bytes file = [] {
    HiveSpec spec = profile(dense_keys() / 10);
    spec.free_after_key = 9'900;
    return build_hive(spec);
  }();
  return file;
}
// One value in a hundred keys changed; `which` changes others.
HiveSpec changed_spec(std::size_t which) {
  HiveSpec spec = profile(dense_keys());
  std::size_t index = 0;
  for (KeySpec& top : spec.root.subkeys) {
    for (KeySpec& folder : top.subkeys) {
      for (KeySpec& key : folder.subkeys) {
        if (++index % 100 != which || key.values.empty()) continue;
        key.values.front() = number_value(key.values.front().name, static_cast<std::uint32_t>(which));
        key.time += 1000 + static_cast<std::int64_t>(which);
      }
    }
  }
  return spec;
}
const Bytes& changed(std::size_t which) {
  static const Bytes files[] = {build_hive(changed_spec(1)), build_hive(changed_spec(2))};
  return files[which];
}

// Runs `work` and tells bytes a second and the peak of its memory.
template <class Work>
void measure(State& state, std::size_t size, Work&& work) {
  const std::size_t before = allocated;
  peak = before;
  for (auto _ : state) benchmark::DoNotOptimize(work());
  state.counters["rate"] = benchmark::Counter(static_cast<double>(size), benchmark::Counter::kIsIterationInvariantRate,
                                              benchmark::Counter::kIs1024);
  state.counters["heap"] = static_cast<double>(peak - before) / static_cast<double>(size);
  state.counters["MiB"] = static_cast<double>(size) / (1024.0 * 1024.0);
}

void check_free_rich(State& state) {
  const Bytes& file = free_rich();
  measure(state, file.size(), [&] { return check_hive(file).state; });
}
// The hive of the session benchmark.
void check_session(State& state) {
  const Bytes file = bench::make_hive(std::uint64_t{24} << 20, 1);
  measure(state, file.size(), [&] { return check_hive(file).state; });
}
void check_dense(State& state) {
  const Bytes& file = dense();
  measure(state, file.size(), [&] { return check_hive(file).state; });
}
void rescue_dense(State& state) {
  const Bytes& file = dense();
  measure(state, file.size(), [&] { return hive::rescue_hive(file).complete; });
}
void export_dense(State& state) {
  const Bytes& file = dense();
  measure(state, file.size(), [&] {
    const auto hive = Hive::open(file).value();
    std::size_t written = 0;
    hive::export_text(hive.root(), "", [&](std::string_view text) { written += text.size(); });
    return written;
  });
}
void write_dense(State& state) {
  const Bytes& file = dense();
  measure(state, file.size(),
          [&] { return hive::write_hive(hive::read_tree(Hive::open(file).value().root())).value().size(); });
}
void diff_dense(State& state) {
  const Bytes& before = dense();
  const Bytes& after = changed(0);
  measure(state, before.size(), [&] {
    std::size_t changes = 0;
    hive::diff_hives(Hive::open(before).value().root(), Hive::open(after).value().root(),
                     [&](const hive::Change&) { ++changes; });
    return changes;
  });
}
void merge_dense(State& state) {
  const Bytes& base = dense();
  const Bytes& local = changed(0);
  const Bytes& server = changed(1);
  measure(state, base.size(), [&] { return hive::merge_hives(base, local, server).value().file.size(); });
}
void replay_dense(State& state) {
  const Bytes dirty = left_open(dense(), 1);
  const Bytes log = entry_log(changed(0), {entry_between(dense(), changed(0), 1)});
  const std::span<const std::byte> logs[] = {log};
  measure(state, dirty.size(), [&] { return replay_hive(dirty, logs).outcome; });
}

// A program that lists the whole dense hive, output thrown away.
void list_with(State& state, const std::string& command) {
  const auto folder = boost::filesystem::temp_directory_path() / boost::filesystem::unique_path("hive-bench-%%%%%%");
  boost::filesystem::create_directories(folder);
  const std::string path = (folder / "hive").string();
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(dense().data()), static_cast<std::streamsize>(dense().size()));
  const std::string line = command + " '" + path + "' >/dev/null 2>&1";
  if (std::system(line.c_str()) != 0) {
    state.SkipWithError("the program is not there, or failed");
  } else {
    for (auto _ : state) benchmark::DoNotOptimize(std::system(line.c_str()));
    state.counters["rate"] =
        benchmark::Counter(static_cast<double>(dense().size()), benchmark::Counter::kIsIterationInvariantRate,
                           benchmark::Counter::kIs1024);
  }
  boost::filesystem::remove_all(folder);
}
#ifdef ROAMSYNC_COMMAND
void check_by_command(State& state) { list_with(state, ROAMSYNC_COMMAND " hive check"); }
void export_by_command(State& state) { list_with(state, ROAMSYNC_COMMAND " hive export"); }
BENCHMARK(check_by_command)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(export_by_command)->Unit(benchmark::kMillisecond)->UseRealTime();
#endif
void list_by_hivexml(State& state) { list_with(state, "hivexml"); }
void list_by_reglookup(State& state) { list_with(state, "reglookup"); }

BENCHMARK(check_free_rich)->Unit(benchmark::kMillisecond);
BENCHMARK(check_session)->Unit(benchmark::kMillisecond);
BENCHMARK(check_dense)->Unit(benchmark::kMillisecond);
BENCHMARK(rescue_dense)->Unit(benchmark::kMillisecond);
BENCHMARK(export_dense)->Unit(benchmark::kMillisecond);
BENCHMARK(write_dense)->Unit(benchmark::kMillisecond);
BENCHMARK(diff_dense)->Unit(benchmark::kMillisecond);
BENCHMARK(merge_dense)->Unit(benchmark::kMillisecond);
BENCHMARK(replay_dense)->Unit(benchmark::kMillisecond);
BENCHMARK(list_by_hivexml)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(list_by_reglookup)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
