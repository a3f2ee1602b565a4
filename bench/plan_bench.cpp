// Trees, filters and plans on profiles of 1,000 to 100,000 entries: no i/o, so this is what planning itself costs.
#include <roamsync/filter.hpp>
#include <roamsync/plan.hpp>

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

namespace roamsync {
namespace {

// Folders of 20 files, four levels deep, as applications make them.
std::vector<Entry> profile(std::size_t files) {
  std::vector<Entry> entries;
  entries.push_back({.path = ProfilePath::literal("NTUSER.DAT"), .size = 24 << 20, .modified = {1}, .id = 1});
  for (std::size_t i = 1; i < files; ++i) {
    const std::size_t folder = i / 20;
    const std::string path = "AppData/Roaming/Vendor " + std::to_string(folder % 97) + "/Product " +
                             std::to_string(folder) + "/settings file " + std::to_string(i) + ".xml";
    entries.push_back({.path = ProfilePath::literal(path),
                       .size = 100 + i % 9000,
                       .modified = {static_cast<std::int64_t>(i)},
                       .id = i + 1});
  }
  return entries;
}

struct Situation {
  Tree local;
  Tree server;
  Base base;
  PlanInput input() const { return {.local = local, .server = server, .base = base, .generation = 7}; }
};

Situation situation(std::size_t files) {
  Situation made;
  made.server = Tree(profile(files));
  made.local = made.server;
  made.base = {made.local, made.server};
  return made;
}

// Touches every `step`-th file.
void change(Tree& tree, std::size_t step) {
  std::size_t count = 0;
  for (Entry& entry : tree.entries_for_update()) {
    if (entry.is_file() && ++count % step == 0) entry.modified.ticks += 1'000'000'000;
  }
}

void plan_of(benchmark::State& state, const Situation& situation) {
  const PlanInput input = situation.input();
  for (auto _ : state) benchmark::DoNotOptimize(make_plan(input, newest_wins()));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(situation.base.local.size()));
  state.SetComplexityN(state.range(0));
}

void plan_nothing_changed(benchmark::State& state) {
  plan_of(state, situation(static_cast<std::size_t>(state.range(0))));
}

void plan_one_percent_changed(benchmark::State& state) {
  Situation one_percent = situation(static_cast<std::size_t>(state.range(0)));
  change(one_percent.local, 100);
  plan_of(state, one_percent);
}

void plan_first_publish(benchmark::State& state) {
  Situation first = situation(static_cast<std::size_t>(state.range(0)));
  first.server = {};
  plan_of(state, first);
}

void plan_all_in_conflict(benchmark::State& state) {
  Situation conflicts = situation(static_cast<std::size_t>(state.range(0)));
  change(conflicts.local, 1);
  change(conflicts.server, 1);
  for (Entry& entry : conflicts.server.entries_for_update()) entry.size += 1;
  plan_of(state, conflicts);
}

void next_base_one_percent_changed(benchmark::State& state) {
  Situation one_percent = situation(static_cast<std::size_t>(state.range(0)));
  change(one_percent.local, 100);
  const PlanInput input = one_percent.input();
  const Plan plan = make_plan(input, newest_wins());
  for (auto _ : state) benchmark::DoNotOptimize(next_base(input, plan, one_percent.local, one_percent.local));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(one_percent.local.size()));
  state.SetComplexityN(state.range(0));
}

void tree_from_entries(benchmark::State& state) {
  const std::vector<Entry> entries = profile(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(Tree(entries));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(entries.size()));
}

void tree_find(benchmark::State& state) {
  const Tree tree(profile(static_cast<std::size_t>(state.range(0))));
  std::size_t at = 0;
  for (auto _ : state) {
    at = (at + 7919) % tree.size();
    benchmark::DoNotOptimize(tree.find(tree.entries()[at].path));
  }
  state.SetItemsProcessed(state.iterations());
}

void filter_admits(benchmark::State& state) {
  const Tree tree(profile(10'000));
  std::vector<std::string> exclude{"Downloads", "*.iso", "**/cache"};
  const Filter filter = state.range(0) == 0 ? Filter() : Filter::make(exclude, {}).value();
  std::size_t at = 0;
  for (auto _ : state) {
    const Entry& entry = tree.entries()[at++ % tree.size()];
    benchmark::DoNotOptimize(filter.admits(entry.path, entry.is_directory()));
  }
  state.SetItemsProcessed(state.iterations());
}

BENCHMARK(plan_nothing_changed)
    ->RangeMultiplier(10)
    ->Range(1'000, 100'000)
    ->Unit(benchmark::kMillisecond)
    ->Complexity();
BENCHMARK(plan_one_percent_changed)->Arg(100'000)->Unit(benchmark::kMillisecond);
BENCHMARK(plan_first_publish)->Arg(100'000)->Unit(benchmark::kMillisecond);
BENCHMARK(plan_all_in_conflict)->Arg(100'000)->Unit(benchmark::kMillisecond);
BENCHMARK(next_base_one_percent_changed)->Arg(100'000)->Unit(benchmark::kMillisecond);
BENCHMARK(tree_from_entries)->Arg(100'000)->Unit(benchmark::kMillisecond);
BENCHMARK(tree_find)->Arg(100'000);
BENCHMARK(filter_admits)->ArgName("user_patterns")->Arg(0)->Arg(3);

}  // namespace
}  // namespace roamsync
