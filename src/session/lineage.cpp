#include "session/lineage.hpp"

#include <algorithm>
#include <utility>

namespace roamsync {

bool Lineage::has(const GenerationId& id) const {
  return std::find(ancestors.begin(), ancestors.end(), id) != ancestors.end();
}

Lineage lineage_after(const GenerationId& id, const Lineage& lineage, std::string new_name) {
  Lineage next{.profile = lineage.profile.empty() ? std::move(new_name) : lineage.profile};
  if (id.generation != 0) next.ancestors.push_back(id);
  const std::size_t kept = std::min(lineage.ancestors.size(), ancestors_max - next.ancestors.size());
  next.ancestors.insert(next.ancestors.end(), lineage.ancestors.begin(),
                        lineage.ancestors.begin() + static_cast<std::ptrdiff_t>(kept));
  return next;
}

}  // namespace roamsync
