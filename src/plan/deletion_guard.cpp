#include <roamsync/plan.hpp>

namespace roamsync {

Result<void> check_deletions(const Plan& plan, const DeletionGuard& guard) {
  const std::size_t deleted = plan.deleted_files();
  if (guard.allows(deleted, plan.target_files)) return success();
  return Error(
      Errc::too_many_deletions,
      {.step = "plan",
       .expected = "at most " + std::to_string(guard.percent_max) + " % of " + std::to_string(plan.target_files) +
                   " files deleted",
       .found = std::to_string(deleted) + " deletions",
       .cure = plan.direction == Direction::logoff
                   ? "see whether the local profile is whole; if all of it is meant, allow it (--max-deletions)"
                   : "see whether the server's profile is whole and its share mounted; if all of it is meant, "
                     "allow it (--max-deletions)"});
}

}  // namespace roamsync
