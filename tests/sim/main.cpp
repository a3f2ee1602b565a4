// roamsync_sim --seed N [--runs K] [--steps S]: simulates K seeds from N on, S steps each, and stops at the first broken
// promise with the seed, what was done, and which one it is.

#include "sim/simulation.hpp"

#include <charconv>
#include <iostream>
#include <map>
#include <optional>
#include <string_view>

namespace {

constexpr int exit_usage = 64;

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

int usage() {
  std::cerr << "usage: roamsync_sim --seed N [--runs K] [--steps S]\n"
               "  --seed N   the first seed\n"
               "  --runs K   so many seeds from N on (1: its trace is shown in any case)\n"
               "  --steps S  so many steps with faults in each run (40)\n";
  return exit_usage;
}

}  // namespace

int main(int argc, char** argv) {
  std::map<std::string_view, std::uint64_t> options{{"--seed", 0}, {"--runs", 1}, {"--steps", 40}};
  for (int i = 1; i < argc; i += 2) {
    const auto option = options.find(argv[i]);
    const auto value = i + 1 < argc ? number(argv[i + 1]) : std::nullopt;
    if (option == options.end() || !value) return usage();
    option->second = *value;
  }
  if (argc == 1) return usage();

  const std::uint64_t first = options["--seed"];
  const std::uint64_t runs = options["--runs"];
  std::size_t rounds_max = 0;
  for (std::uint64_t seed = first; seed < first + runs; ++seed) {
    const auto result = roamsync::sim::simulate({.seed = seed, .steps = static_cast<std::size_t>(options["--steps"])});
    rounds_max = std::max(rounds_max, result.rounds);
    if (!result.broken.empty() || runs == 1) {
      for (const std::string& line : result.trace) std::cout << line << '\n';
    }
    if (!result.broken.empty()) {
      std::cout << "seed " << seed << " breaks a promise: " << result.broken << '\n';
      return 1;
    }
  }
  std::cout << runs << " seeds from " << first << " on: all promises were held, all was at rest after at most "
            << rounds_max << " rounds\n";
  return 0;
}
