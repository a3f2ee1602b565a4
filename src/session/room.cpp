#include "session/room.hpp"

#include <roamsync/scan.hpp>

namespace roamsync {
namespace {

constexpr RoomNeeded for_records{.bytes = 1 << 20, .files = 16};

constexpr std::string_view disk_full_cure = "free space on that file system";

std::string quota_cure(const std::string& quota) { return "free space there or raise " + quota; }

Error too_little(const Store& target, const StoreSpace& space, std::string expected, std::string found) {
  const bool is_quota = !space.quota.empty();
  if (is_quota) found += " in " + space.quota;
  return Error(Errc::no_space,
               {.step = "check the space",
                .path = target.location(),
                .expected = std::move(expected),
                .found = std::move(found),
                .cure = is_quota ? quota_cure(space.quota) : std::string(disk_full_cure),
                .cause = is_quota ? quota_exceeded_code() : std::make_error_code(std::errc::no_space_on_device)});
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

Result<void> check_space_for_first(Workspace& work, Store& server, const Tree* local) {
  BOOST_OUTCOME_TRY(const Listing root, server.list(ProfilePath()));
  if (!root.entries.empty() || !root.unusable.empty()) return success();
  if (local != nullptr) return check_space(server, room_for(*local));
  BOOST_OUTCOME_TRY(const ScanResult scanned,
                    scan(work.local, {.filter = &work.options.filter, .stop = work.options.stop}));
  return check_space(server, room_for(scanned.tree));
}

RoomNeeded room_for(const Tree& profile) { return {.bytes = profile.total_bytes(), .files = profile.size()}; }

std::string cure_for_room(const Error& error) {
  if (error.code() == Errc::over_quota || error.code() != Remedy::free_space) return {};
  return is_quota_exceeded(error.code()) ? quota_cure("the user's quota") : std::string(disk_full_cure);
}

int event_for_room(const Error& error) noexcept {
  if (error.code() == Errc::over_quota || error.code() != Remedy::free_space) return event_id::none;
  return is_quota_exceeded(error.code()) || is_quota_exceeded(error.context().cause) ? event_id::quota_exceeded
                                                                                     : event_id::disk_full;
}

}  // namespace roamsync
