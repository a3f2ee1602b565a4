#include <roamsync/time.hpp>

#include <cstdio>

namespace roamsync {

std::string FileTime::text() const {
  using namespace std::chrono;
  const sys_seconds second{seconds{unix_seconds()}};
  const sys_days day = floor<days>(second);
  const year_month_day date{day};
  const hh_mm_ss clock{second - day};
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, "%04d-%02u-%02uT%02d:%02d:%02d.%07dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()), static_cast<int>(unix_nanoseconds() / 100));
  return buffer;
}

}  // namespace roamsync
