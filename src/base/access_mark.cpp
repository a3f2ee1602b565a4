#include <roamsync/access_mark.hpp>

#include <roamsync/digest.hpp>

#include <span>

namespace roamsync {

std::uint64_t access_mark_of(std::string_view list) noexcept {
  if (list.empty()) return access_mark_none;
  const std::uint64_t mark = digest_of(std::as_bytes(std::span(list))).low;
  return mark > access_mark_outdated ? mark : mark + access_mark_outdated + 1;
}

}  // namespace roamsync
