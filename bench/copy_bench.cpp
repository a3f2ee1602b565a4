// The copy core: digests, page digests, one file from store to store, and what lanes cost.
#include "copy/copy.hpp"
#include "copy/lanes.hpp"

#include "bench/noise.hpp"
#include "bench/scratch.hpp"

#include <roamsync/memory_store.hpp>

#include <benchmark/benchmark.h>

namespace roamsync::bench {
namespace {

constexpr std::int64_t kib = 1024;
constexpr std::int64_t mib = 1024 * kib;
constexpr std::size_t small_files = 500;

void count_bytes(benchmark::State& state, std::int64_t bytes_each) {
  state.SetBytesProcessed(state.iterations() * bytes_each);
}

void digest(benchmark::State& state) {
  const auto bytes = noise(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(digest_of(bytes));
  count_bytes(state, state.range(0));
}
BENCHMARK(digest)->Arg(5 * kib)->Arg(mib)->Arg(64 * mib);

void page_digests(benchmark::State& state) {
  const auto bytes = noise(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(page_digests_of(bytes));
  count_bytes(state, state.range(0));
}
BENCHMARK(page_digests)->Arg(mib)->Arg(64 * mib);

ProfilePath numbered(std::string_view name, std::size_t number) {
  return ProfilePath::literal(std::string(name) + std::to_string(number));
}

void write_file(Store& store, const ProfilePath& path, std::span<const std::byte> bytes) {
  CopyBuffer buffer;
  const auto writer = store.create(path).value();
  copy_bytes(bytes, *writer, buffer, {}).value();
  writer->finish({.modified = FileTime::from_unix(1'700'000'000, 0), .mode = 0644}).value();
}

void copy_one(Store& source, const ProfilePath& from, Store& target, const ProfilePath& to, CopyBuffer& buffer) {
  const auto reader = source.open(from).value();
  const auto writer = target.create(to).value();
  benchmark::DoNotOptimize(copy_file(*reader, *writer, buffer, {}).value());
  writer->finish(reader->attributes().value()).value();
}

/// Small files, as most of a profile is: what is measured is the cost of a file, not of its bytes.
void copy_small(benchmark::State& state, Store& source, Store& target) {
  for (std::size_t i = 0; i < small_files; ++i) {
    write_file(source, numbered("source", i), noise(5 * kib, i));
  }
  CopyBuffer buffer;
  std::size_t made = 0;
  for (auto _ : state) {
    // A folder of its own for every round, and nothing deleted: that would slow what follows.
    const ProfilePath folder = numbered("round", made++);
    target.make_directory(folder, 0755).value();
    for (std::size_t i = 0; i < small_files; ++i) {
      copy_one(source, numbered("source", i), target, folder.join(numbered("target", i)), buffer);
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(small_files));
}

void copy_large(benchmark::State& state, Store& source, Store& target) {
  const ProfilePath from = ProfilePath::literal("large");
  const ProfilePath to = ProfilePath::literal("copy");
  write_file(source, from, noise(static_cast<std::size_t>(state.range(0))));
  CopyBuffer buffer;
  for (auto _ : state) {
    copy_one(source, from, target, to, buffer);
    state.PauseTiming();
    target.remove_file(to).value();
    state.ResumeTiming();
  }
  count_bytes(state, state.range(0));
}

void copy_small_memory_to_memory(benchmark::State& state) {
  const auto source = make_memory_store();
  const auto target = make_memory_store();
  copy_small(state, *source, *target);
}
BENCHMARK(copy_small_memory_to_memory)->Unit(benchmark::kMillisecond)->Iterations(20);

void copy_small_memory_to_disk(benchmark::State& state) {
  const auto source = make_memory_store();
  Scratch target;
  copy_small(state, *source, target.store());
}
BENCHMARK(copy_small_memory_to_disk)->Unit(benchmark::kMillisecond)->Iterations(20);

void copy_small_disk_to_disk(benchmark::State& state) {
  Scratch source;
  Scratch target;
  copy_small(state, source.store(), target.store());
}
BENCHMARK(copy_small_disk_to_disk)->Unit(benchmark::kMillisecond)->Iterations(20);

void copy_large_memory_to_disk(benchmark::State& state) {
  const auto source = make_memory_store();
  Scratch target;
  copy_large(state, *source, target.store());
}
BENCHMARK(copy_large_memory_to_disk)->Unit(benchmark::kMillisecond)->Arg(64 * mib)->Iterations(10);

void copy_large_disk_to_disk(benchmark::State& state) {
  Scratch source;
  Scratch target;
  copy_large(state, source.store(), target.store());
}
BENCHMARK(copy_large_disk_to_disk)->Unit(benchmark::kMillisecond)->Arg(64 * mib)->Iterations(10);

/// What a large copy is held against: the same reads and writes without a digest.
void copy_large_disk_to_disk_bare(benchmark::State& state) {
  Scratch source;
  Scratch target;
  const ProfilePath from = ProfilePath::literal("large");
  const ProfilePath to = ProfilePath::literal("copy");
  write_file(source.store(), from, noise(static_cast<std::size_t>(state.range(0))));
  CopyBuffer buffer;
  for (auto _ : state) {
    const auto reader = source.store().open(from).value();
    const auto writer = target.store().create(to).value();
    for (std::uint64_t offset = 0;;) {
      const std::size_t got = reader->read(offset, buffer.block()).value();
      if (got == 0) break;
      writer->write(offset, buffer.block().first(got)).value();
      offset += got;
    }
    writer->finish(reader->attributes().value()).value();
    state.PauseTiming();
    target.store().remove_file(to).value();
    state.ResumeTiming();
  }
  count_bytes(state, state.range(0));
}
BENCHMARK(copy_large_disk_to_disk_bare)->Unit(benchmark::kMillisecond)->Arg(64 * mib)->Iterations(10);

/// A hive of 24 MiB with 16 changed pages, onto a duplicate of the old one.
void copy_changed_pages(benchmark::State& state) {
  Scratch source;
  Scratch target;
  const ProfilePath hive = ProfilePath::literal("NTUSER.DAT");
  const ProfilePath staged = ProfilePath::literal("NTUSER.DAT.tmp");
  auto bytes = noise(24 * mib);
  write_file(target.store(), hive, bytes);
  const PageDigests pages = page_digests_of(bytes);
  for (std::size_t page = 0; page < 16; ++page) bytes[page * 381 * PageDigests::page_size] ^= std::byte{1};
  write_file(source.store(), hive, bytes);
  CopyBuffer buffer;
  std::uint64_t written = 0;
  for (auto _ : state) {
    const auto reader = source.store().open(hive).value();
    const auto writer = target.store().duplicate(hive, staged).value();
    written = copy_file(*reader, *writer, buffer, {.pages_of_target = &pages}).value().written;
    writer->finish(reader->attributes().value()).value();
    state.PauseTiming();
    target.store().remove_file(staged).value();
    state.ResumeTiming();
  }
  state.counters["written"] = static_cast<double>(written);
  count_bytes(state, 24 * mib);
}
BENCHMARK(copy_changed_pages)->Unit(benchmark::kMillisecond)->Iterations(20);

void lanes(benchmark::State& state) {
  constexpr std::size_t items = 10'000;
  for (auto _ : state) {
    run_in_lanes(items, static_cast<unsigned>(state.range(0)), {}, [](std::size_t item, unsigned) -> Result<void> {
      benchmark::DoNotOptimize(item);
      return success();
    }).value();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(items));
}
BENCHMARK(lanes)->Arg(1)->Arg(2)->Arg(4)->UseRealTime();

}  // namespace
}  // namespace roamsync::bench
