#include "copy/pages.hpp"

#include "copy/copy.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>

namespace roamsync {
namespace {

/// Bytes of page `index`: all but the last page of a file are whole.
std::uint64_t page_bytes(const PageDigests& pages, std::size_t index) noexcept {
  const std::uint64_t offset = std::uint64_t{index} * PageDigests::page_size;
  return std::min<std::uint64_t>(PageDigests::page_size, pages.file_size - offset);
}

bool same_page(const PageDigests& before, const PageDigests& now, std::size_t index) noexcept {
  return index < before.pages.size() && before.pages[index] == now.pages[index] &&
         page_bytes(before, index) == page_bytes(now, index);
}

}  // namespace

void append_pages(std::span<const std::byte> bytes, PageDigests& pages) {
  pages.file_size += bytes.size();
  while (!bytes.empty()) {
    const auto page = bytes.first(std::min(PageDigests::page_size, bytes.size()));
    pages.pages.push_back(XXH3_64bits(page.data(), page.size()));
    bytes = bytes.subspan(page.size());
  }
}

std::vector<Extent> changed_pages(const PageDigests& before, const PageDigests& now, std::size_t first) {
  std::vector<Extent> changed;
  for (std::size_t index = first; index < now.pages.size(); ++index) {
    if (same_page(before, now, index)) continue;
    append_extent(changed, {.offset = std::uint64_t{index} * PageDigests::page_size, .size = page_bytes(now, index)});
  }
  return changed;
}

void append_extent(std::vector<Extent>& extents, Extent extent) {
  if (!extents.empty() && extents.back().offset + extents.back().size == extent.offset) {
    extents.back().size += extent.size;
  } else {
    extents.push_back(extent);
  }
}

PageDigests page_digests_of(std::span<const std::byte> bytes) {
  PageDigests pages;
  pages.pages.reserve((bytes.size() + PageDigests::page_size - 1) / PageDigests::page_size);
  append_pages(bytes, pages);
  return pages;
}

}  // namespace roamsync
