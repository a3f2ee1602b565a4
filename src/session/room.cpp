#include "session/room.hpp"

#include <roamsync/scan.hpp>

#include <cerrno>

namespace roamsync {
namespace {

constexpr RoomNeeded for_records{.bytes = 1 << 20, .files = 16};

constexpr std::string_view disk_full_cure = "free space on that file system";

std::string quota_cure(const std::string& quota) { return "free space there or raise " + quota; }

bool is_quota_code(const std::error_code& code) {
#ifdef EDQUOT
  return (code.category() == std::system_category() || code.category() == std::generic_category()) &&
         code.value() == EDQUOT;
#else
  return false;
#endif
}

Error too_little(const Store& target, const StoreSpace& space, std::string expected, std::string found) {
  const bool is_quota = !space.quota.empty();
#ifdef EDQUOT
  const int number = is_quota ? EDQUOT : ENOSPC;
#else
  const int number = ENOSPC;
#endif
  if (is_quota) found += " in " + space.quota;
  return Error(Errc::no_space, {.step = "check the space",
                                .path = target.location(),
                                .expected = std::move(expected),
                                .found = std::move(found),
                                .cure = is_quota ? quota_cure(space.quota) : std::string(disk_full_cure),
                                .cause = std::error_code(number, std::generic_category())});
}

}  // namespace

Result<void> check_space(Store& target, const RoomNeeded& needed) {
  if (needed.bytes == 0 && needed.files == 0) return success();
  BOOST_OUTCOME_TRY(const StoreSpace space, target.space());
  if (space.available < needed.bytes || space.available - needed.bytes < for_records.bytes) {
    return too_little(target, space, std::to_string(needed.bytes + for_records.bytes) + " bytes free",
                      std::to_string(space.available) + " bytes free");
  }
  if (space.files < needed.files || space.files - needed.files < for_records.files) {
    return too_little(target, space, "room for " + std::to_string(needed.files + for_records.files) + " files",
                      "room for " + std::to_string(space.files));
  }
  return success();
}

Result<void> check_space_for_first(Workspace& work, Store& server) {
  BOOST_OUTCOME_TRY(const Listing root, server.list(ProfilePath()));
  if (!root.entries.empty() || !root.unusable.empty()) return success();
  BOOST_OUTCOME_TRY(const ScanResult local,
                    scan(work.local, {.filter = &work.options.filter, .stop = work.options.stop}));
  return check_space(server, {.bytes = local.tree.total_bytes(), .files = local.tree.entries().size()});
}

std::string cure_for_room(const Error& error) {
  if (error.code() == Errc::over_quota || error.code() != Remedy::free_space) return {};
  return is_quota_code(error.code()) ? quota_cure("the user's quota") : std::string(disk_full_cure);
}

int event_for_room(const Error& error) noexcept {
  if (error.code() == Errc::over_quota || error.code() != Remedy::free_space) return event_id::none;
  return is_quota_code(error.code()) || is_quota_code(error.context().cause) ? event_id::quota_exceeded
                                                                             : event_id::disk_full;
}

}  // namespace roamsync
