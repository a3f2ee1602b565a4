#include <roamsync/event.hpp>

#include <roamsync/printable.hpp>

#include <array>
#include <cstdio>
#include <ostream>

namespace roamsync {
namespace {

std::string with_unit(double bytes) {
  static constexpr std::array<const char*, 5> units{"bytes", "KiB", "MiB", "GiB", "TiB"};
  std::size_t unit = 0;
  for (; bytes >= 1024 && unit + 1 < units.size(); ++unit) bytes /= 1024;
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), unit == 0 ? "%.0f %s" : "%.1f %s", bytes, units[unit]);
  return text.data();
}

struct Printer {
  std::ostream& out;

  void operator()(const Notice& notice) const {
    out << level_name(notice.level);
    if (notice.id != event_id::none) out << ' ' << notice.id;
    out << ": " << printable(notice.text);
  }

  void operator()(const Step& step) const { out << step.name << " …"; }

  void operator()(const Progress& progress) const {
    out << progress.files_done << " of " << progress.files_total << " files, "
        << with_unit(static_cast<double>(progress.bytes_done)) << " of "
        << with_unit(static_cast<double>(progress.bytes_total));
    if (progress.bytes_per_second > 0) out << ", " << with_unit(progress.bytes_per_second) << "/s";
    if (progress.left.count() > 0) out << ", " << (progress.left.count() + 999) / 1000 << " s left";
  }
};

}  // namespace

std::string_view level_name(Level level) noexcept {
  switch (level) {
    case Level::information: return "information";
    case Level::warning: return "warning";
    case Level::error: return "error";
  }
  return "error";
}

std::ostream& operator<<(std::ostream& out, const Event& event) {
  std::visit(Printer{out}, event);
  return out;
}

}  // namespace roamsync
