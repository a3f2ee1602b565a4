/// @file
/// FileTime: a moment as Windows writes it, in ticks of 100 ns since 1601-01-01 00:00 UTC ([MS-DTYP] 2.3.3 FILETIME).
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <string>

namespace roamsync {

struct FileTime {
  std::int64_t ticks = 0;

  static constexpr std::int64_t ticks_per_second = 10'000'000;
  static constexpr std::int64_t unix_epoch_seconds = 11'644'473'600;  ///< 1970-01-01 on this scale

  /// From POSIX seconds and nanoseconds; what is finer than a tick is cut off, as Windows and Samba do.
  static constexpr FileTime from_unix(std::int64_t seconds, std::int64_t nanoseconds) noexcept {
    return {(seconds + unix_epoch_seconds) * ticks_per_second + nanoseconds / 100};
  }
  constexpr std::int64_t unix_seconds() const noexcept { return floor_seconds() - unix_epoch_seconds; }
  constexpr std::int64_t unix_nanoseconds() const noexcept {
    return (ticks - floor_seconds() * ticks_per_second) * 100;
  }

  /// `2026-11-21T08:15:30.1234567Z`
  std::string text() const;

  friend auto operator<=>(const FileTime&, const FileTime&) = default;

 private:
  constexpr std::int64_t floor_seconds() const noexcept {
    return ticks / ticks_per_second - (ticks % ticks_per_second < 0 ? 1 : 0);
  }
};

/// True when two times are closer than `resolution` can tell apart: FAT keeps 2 s, ext3 1 s, NTFS 100 ns.
constexpr bool same_time(FileTime left, FileTime right, std::chrono::nanoseconds resolution) noexcept {
  const std::int64_t apart = left.ticks > right.ticks ? left.ticks - right.ticks : right.ticks - left.ticks;
  return apart == 0 || apart < resolution.count() / 100;
}

}  // namespace roamsync
