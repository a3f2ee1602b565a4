#include "sim/disk.hpp"

namespace roamsync::sim {

Disk::Disk(testing::CrashOptions options) : options_(std::move(options)) { replace_with({}); }

void Disk::replace_with(const Content& content) { store_ = std::make_unique<testing::CrashStore>(content, options_); }

std::vector<Content> Disk::after_power_cut(std::uint64_t seed) const {
  constexpr std::size_t disks_max = 16;
  return store_->disks_after(store_->operations(), disks_max, seed);
}

Content content_below(const Content& content, const ProfilePath& folder) {
  Content below;
  for (const auto& [path, node] : content) {
    if (path == folder || !folder.contains(path)) continue;
    below.emplace(ProfilePath::literal(path.text().substr(folder.text().size() + 1)), node);
  }
  return below;
}

}  // namespace roamsync::sim
