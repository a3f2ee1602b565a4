/// @file
/// Logon terms: what kind of logon it is, and what that does to the survey before anything is planned.
#pragma once

#include "session/survey.hpp"

#include <string_view>

namespace roamsync {

struct LogonTerms {
  bool mandatory = false;
  const Policy* policy = nullptr;  ///< who wins what both sides changed
};

/// Files without the hive that the last publish put there: somebody took it away. Nothing of that is loaded: Errc::hive_missing.
Result<void> check_server_hive(const Survey& survey, Store& server);

/// A mandatory profile is what the server has: what was changed here does not count. Neither does what a temporary session left
/// here, but where it meets a file of the server it goes to the history.
LogonTerms settle_terms(Workspace& work, Survey& survey, const SessionRecord& session, std::string_view location);

}  // namespace roamsync
