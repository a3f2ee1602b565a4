#include <roamsync/transaction.hpp>

#include "transaction/names.hpp"

namespace roamsync {

Result<std::size_t> sweep(Store& target, std::span<const ProfilePath> temporaries) {
  std::size_t swept = 0;
  for (const ProfilePath& path : temporaries) {
    // What had to make room and nothing took its place (an intent that can no longer be read): it is the only copy.
    if (const auto original = original_of_aside(path); original) {
      BOOST_OUTCOME_TRY(const auto there, target.stat(*original));
      BOOST_OUTCOME_TRY(const auto aside, target.stat(path));
      if (!there && aside) {
        BOOST_OUTCOME_TRYV(target.replace(path, *original));
        ++swept;
        continue;
      }
    }
    if (auto removed = remove_tree(target, path); !removed) {
      return removed.error().within({.step = "sweep", .path = target.location_of(path)});
    }
    ++swept;
  }
  return swept;
}

}  // namespace roamsync
