/// @file
/// World: the computers of a simulation, their clocks, and all that was ever written on them.
#pragma once

#include "sim/disk.hpp"
#include "sim/ledger.hpp"
#include "sim/random.hpp"
#include "sim/sabotage.hpp"

#include <roamsync/time.hpp>

#include <string>
#include <vector>

namespace roamsync::sim {

struct Machine {
  std::string name;
  Disk disk = Disk();
  std::int64_t clock_off_ticks = 0;  ///< how far its clock is off the true time
};

struct World {
  World(std::uint64_t seed, Sabotage sabotage);

  /// The true time, which the server's clock shows.
  FileTime now() const { return {now_ticks}; }
  FileTime now_at(const Machine& machine) const { return {now_ticks + machine.clock_off_ticks}; }
  /// Minutes to hours; never a round number, for nothing tells two writes of one size and time apart.
  void let_time_pass();

  Random random;
  Sabotage sabotage;
  Disk server;
  std::vector<Machine> machines;
  Ledger ledger;
  std::int64_t now_ticks = FileTime::from_unix(1'800'000'000, 0).ticks;
};

/// Right, or off by seconds, minutes, a day.
std::int64_t draw_clock_error(Random& random);

}  // namespace roamsync::sim
