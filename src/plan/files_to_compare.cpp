#include "plan/compare.hpp"

#include <algorithm>

namespace roamsync {
namespace {

bool same_moment(const Triple& triple, const PlanInput& input) noexcept {
  return same_time(triple.local->modified, triple.server->modified, input.time_resolution);
}

bool matters(const Triple& triple, const PlanInput& input) noexcept {
  switch (input.rules) {
    case Rules::base:
      return triple.base_local == nullptr || (change_since(triple.base_local, triple.local) != Change::none &&
                                              change_since(triple.base_server, triple.server) != Change::none);
    case Rules::nt4: return is_hive(triple.path()) && same_moment(triple, input);
    case Rules::windows2000: return same_moment(triple, input);
  }
  return true;
}

}  // namespace

std::vector<ProfilePath> files_to_compare(const PlanInput& input) {
  std::vector<ProfilePath> paths;
  for (const Row& row : rows_of(input.local, input.server, input.base)) {
    if (sameness(row.triple) == Sameness::unknown && matters(row.triple, input)) paths.push_back(row.triple.path());
  }
  return paths;
}

}  // namespace roamsync
