#include "session/leftovers.hpp"

#include <roamsync/filter.hpp>

#include "transaction/names.hpp"

#include <algorithm>
#include <iterator>

namespace roamsync {
namespace {

// As Workspace::new_transaction() makes them: 12 digits that no ending of a file's name happens to consist of.
bool is_of_a_session(std::string_view transaction) {
  return transaction.size() == 12 && transaction.find_first_not_of("0123456789abcdef") == transaction.npos;
}

}  // namespace

bool is_leftover(const ProfilePath& temporary) {
  if (temporary.text() == hive_temporary_name) return true;
  const auto transaction = transaction_of(temporary);
  return transaction && is_of_a_session(*transaction);
}

std::vector<ProfilePath> leftovers_among(std::span<const ProfilePath> temporaries) {
  std::vector<ProfilePath> leftovers;
  std::ranges::copy_if(temporaries, std::back_inserter(leftovers), is_leftover);
  return leftovers;
}

}  // namespace roamsync
