/// @file
/// Simulation: workstations and a share, under a seed, in the way of TigerBeetle's VOPR and FoundationDB's simulator.
///
/// One seed decides everything: what the users do, which call comes next with which options, what fails in it, which disk a
/// power cut leaves, how wrong the clocks are. So a seed that breaks a promise breaks it again, on any machine.
///
/// First faults happen, and after each step only what must hold at any time is checked (promises.hpp). Then they stop: within a
/// few rounds of logoffs and logons everywhere, all machines and the server must hold the same, a further round must have nothing to
/// do, and nothing temporary may lie anywhere. That only calls that have ended count as said, that a killed process does nothing
/// more, and that two calls never overlap is the model; what happens between two calls that do is the business of tests/crash.
#pragma once

#include "sim/sabotage.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace roamsync::sim {

struct SimulationOptions {
  std::uint64_t seed = 1;
  std::size_t steps = 40;  ///< with faults
  Sabotage sabotage = Sabotage::none;
};

struct SimulationResult {
  std::vector<std::string> trace;  ///< one line a step
  std::string broken;              ///< the promise that is, and how; empty when all were held
  std::size_t rounds = 0;          ///< of the second phase, until there was nothing to do
};

SimulationResult simulate(const SimulationOptions& options);

}  // namespace roamsync::sim
