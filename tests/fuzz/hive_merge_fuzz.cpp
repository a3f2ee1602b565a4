// Any bytes as three hives. What can be rescued of each is made a clean hive first, so every input reaches the merge.
#include <roamsync/hive_merge.hpp>

#include "fuzz/hive_input.hpp"

using namespace roamsync;
using fuzz::Bytes;
using fuzz::require;

namespace {

Bytes sound_hive(std::span<const std::byte> input) {
  const hive::Rescue rescue = hive::rescue_hive(input);
  if (rescue.tree.root.security.empty()) return {};
  return std::move(hive::write_hive(rescue.tree.root).value());
}

Bytes merged(const Bytes& base, const Bytes& local, const Bytes& server, hive::Prefer prefer) {
  auto merge = hive::merge_hives(base, local, server, {.prefer = prefer});
  require(merge.has_value(), "clean hives can be merged");
  require(check_hive(merge.value().file).state == HiveState::clean, "a merged hive is clean");
  return std::move(merge.value().file);
}

bool same(const Bytes& left, const Bytes& right) {
  return hive::same_tree(hive::read_tree(hive::Hive::open(left).value().root()),
                         hive::Hive::open(right).value().root());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using hive::Prefer;
  const auto cut = fuzz::pieces(fuzz::bytes_of(data, size), 3);
  const Bytes base = sound_hive(cut[0]);
  const Bytes local = sound_hive(cut[1]);
  const Bytes server = sound_hive(cut[2]);
  if (base.empty() || local.empty() || server.empty()) return 0;
  require(same(merged(base, base, server, Prefer::newest), server), "merge(b, b, s) = s");
  require(same(merged(base, local, base, Prefer::newest), local), "merge(b, l, b) = l");
  require(same(merged(base, local, local, Prefer::newest), local), "merge(b, x, x) = x");
  require(merged(base, local, server, Prefer::newest) == merged(base, server, local, Prefer::newest),
          "sides do not matter");
  require(merged(base, local, server, Prefer::local) == merged(base, server, local, Prefer::server),
          "swapped is mirrored");
  return 0;
}
