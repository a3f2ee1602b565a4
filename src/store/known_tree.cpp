#include "store/known_tree.hpp"

namespace roamsync {
namespace {

bool is_spelled_below(const ProfilePath& path, const ProfilePath& folder) {
  const std::size_t size = folder.text().size();
  return path.text().size() > size && path.text()[size] == '/' && path.text().starts_with(folder.text());
}

bool stands_in(const ProfilePath& path, const ProfilePath& folder) {
  return is_spelled_below(path, folder) || folder.contains(path);
}

}  // namespace

KnownTree::KnownTree(const Tree& tree) : tree_(tree), end_(tree.size()), mixed_(tree.size()) {
  const auto entries = tree.entries();
  std::vector<std::size_t> open;  // the folders that an entry stands in, outermost first
  for (std::size_t i = 0; i < entries.size(); ++i) {
    while (!open.empty() && !stands_in(entries[i].path, entries[open.back()].path)) {
      end_[open.back()] = i;
      open.pop_back();
    }
    if (!open.empty() && !is_spelled_below(entries[i].path, entries[open.back()].path)) {
      for (const std::size_t folder : open) mixed_[folder] = true;
    }
    end_[i] = i + 1;
    if (entries[i].is_directory()) open.push_back(i);
  }
  for (const std::size_t folder : open) end_[folder] = entries.size();
}

std::vector<const Entry*> KnownTree::names_in(const Entry& folder) const {
  const Entry* const first = tree_.entries().data();
  const std::size_t index = index_of(folder);
  std::vector<const Entry*> names;
  for (std::size_t i = index + 1; i < end_[index]; i = end_[i]) names.push_back(first + i);
  return names;
}

}  // namespace roamsync
