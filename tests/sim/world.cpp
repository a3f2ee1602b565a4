#include "sim/world.hpp"

#include <array>

namespace roamsync::sim {
namespace {

testing::CrashOptions server_options(Sabotage sabotage) {
  testing::CrashOptions options;
  if (sabotage == Sabotage::server_lies_about_flushes) options.lies_about = [](const ProfilePath&) { return true; };
  return options;
}

Content empty_workstation() {
  Content disk;
  std::uint64_t id = 0;
  for (const ProfilePath& folder : {profile_folder, state_folder}) {
    disk.emplace(folder, MemoryNode{.kind = EntryKind::directory, .attributes = {.mode = 0700}, .id = ++id});
  }
  return disk;
}

}  // namespace

World::World(std::uint64_t seed, Sabotage sabotage_)
    : random(seed), sabotage(sabotage_), server(server_options(sabotage_)) {
  const std::array names{"MACHINE-A", "MACHINE-B", "MACHINE-C"};
  const std::size_t count = random.one_in(4) ? 3 : 2;
  for (std::size_t i = 0; i < count; ++i) {
    Machine machine{.name = names[i], .clock_off_ticks = draw_clock_error(random)};
    machine.disk.replace_with(empty_workstation());
    machines.push_back(std::move(machine));
  }
}

void World::let_time_pass() {
  constexpr std::size_t hours_max = 3;
  now_ticks += FileTime::ticks_per_second * 60 +
               static_cast<std::int64_t>(random.below(FileTime::ticks_per_second * 3600 * hours_max));
}

std::int64_t draw_clock_error(Random& random) {
  constexpr std::array<std::int64_t, 7> seconds{0, 0, 2, -2, 300, -300, 86'400};
  return random.pick(seconds) * FileTime::ticks_per_second;
}

}  // namespace roamsync::sim
