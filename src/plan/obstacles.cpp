#include "plan/obstacles.hpp"

#include "base/upcase.hpp"

namespace roamsync {

Obstacles::Obstacles(std::span<const std::string> paths, const Tree& side) {
  for (const std::string& path : paths) {
    std::string key = upcase(path);
    for (std::size_t slash = key.rfind('/'); slash != key.npos && slash > 0; slash = key.rfind('/', slash - 1)) {
      if (!folders_.insert(key.substr(0, slash)).second) break;  // those above are there already
    }
    const auto parsed = ProfilePath::parse(path);
    const bool twin = parsed && side.find(parsed.value()) != nullptr;
    all_.try_emplace(std::move(key), Obstacle{path, twin});
  }
}

const Obstacles::Obstacle* Obstacles::find(const ProfilePath& path, bool with_twins) const {
  if (all_.empty()) return nullptr;
  const std::string key = path.key();
  for (std::size_t end = key.find('/');; end = key.find('/', end + 1)) {
    if (const auto at = all_.find(key.substr(0, end)); at != all_.end() && (with_twins || !at->second.twin)) {
      return &at->second;
    }
    if (end == key.npos) return nullptr;
  }
}

const std::string* Obstacles::covering(const ProfilePath& path) const {
  const Obstacle* obstacle = find(path, true);
  return obstacle != nullptr ? &obstacle->spelled : nullptr;
}

const std::string* Obstacles::blocking(const ProfilePath& path) const {
  const Obstacle* obstacle = find(path, false);
  return obstacle != nullptr ? &obstacle->spelled : nullptr;
}

bool Obstacles::any_below(const ProfilePath& folder) const {
  return !folders_.empty() && folders_.contains(folder.key());
}

bool Obstacles::contains(const ProfilePath& path) const { return !all_.empty() && all_.contains(path.key()); }

}  // namespace roamsync
