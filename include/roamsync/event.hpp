/// @file
/// Events: what a session tells while it works. A variant of small structs, so a new kind does not break a visitor silently.
///
/// Where Windows' User Profile Service has an event for the same thing, the notice carries its number (provider "User
/// Profiles Service" unless the text says otherwise); numbers were reused across versions, so match on provider and id.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>
#include <variant>

namespace roamsync {

enum class Level { information, warning, error };
std::string_view level_name(Level level) noexcept;

/// Windows' event IDs that have a meaning here.
namespace event_id {
inline constexpr int none = 0;
inline constexpr int not_updated_completely = 1504;
inline constexpr int roaming_unavailable = 1506;  ///< local used, changes will not be uploaded
inline constexpr int copy_failed = 1509;
inline constexpr int temporary_profile = 1511;
inline constexpr int hive_not_unloaded = 1512;
inline constexpr int saved_while_in_use = 1517;  ///< XP: a copy of the registry contents was reconciled
inline constexpr int mandatory_missing = 1519;
inline constexpr int super_mandatory_refused = 1520;
inline constexpr int server_copy_not_found = 1521;  ///< local used, no upload
inline constexpr int wrong_owner = 1526;
inline constexpr int hive_released = 1530;  ///< hive in use, released now, with the list of holders
inline constexpr int last_good_used = 1540;
inline constexpr int slow_link = 1543;
inline constexpr int hive_held = 1545;  ///< held by another process, with its pid
inline constexpr int disk_full = 1600;
inline constexpr int quota_exceeded = 1601;
inline constexpr int skipped_older = 1007;
}  // namespace event_id

/// A sentence for a person, with Windows' number where one exists.
struct Notice {
  int id = event_id::none;
  Level level = Level::information;
  std::string text = {};
};

/// A step begins: "scan", "plan", "stage", "verify", "publish", "recover", "wait for the hive", …
struct Step {
  std::string_view name;  ///< static
};

/// How far the copying has come. Sent at most ten times a second, and once at the end.
struct Progress {
  std::uint64_t files_done = 0;
  std::uint64_t files_total = 0;
  std::uint64_t bytes_done = 0;
  std::uint64_t bytes_total = 0;
  double bytes_per_second = 0;
  std::chrono::milliseconds left{0};  ///< at this rate
};

using Event = std::variant<Notice, Step, Progress>;
/// Called on the thread that called the library, or, while lanes copy, on one lane at a time; never with a lock held that
/// a call back into the library would need.
using EventSink = std::function<void(const Event&)>;

std::ostream& operator<<(std::ostream& out, const Event& event);

}  // namespace roamsync
