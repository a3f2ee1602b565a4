#include "base/utf16_length.hpp"

#include <utf8proc.h>

namespace roamsync {

std::optional<std::size_t> utf16_length(std::string_view text) noexcept {
  std::size_t units = 0;
  while (!text.empty()) {
    utf8proc_int32_t point = 0;
    const auto size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                       static_cast<utf8proc_ssize_t>(text.size()), &point);
    if (size <= 0) return std::nullopt;
    units += point > 0xFFFF ? 2 : 1;
    text.remove_prefix(static_cast<std::size_t>(size));
  }
  return units;
}

// No character has more units than bytes.
bool is_too_long_for_windows(std::string_view path) noexcept {
  return path.size() > path_units_max && utf16_length(path).value_or(path.size()) > path_units_max;
}

}  // namespace roamsync
