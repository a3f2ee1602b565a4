/// @file
/// Pages: what part of a large file has to be written when the old one is known page by page.
#pragma once

#include <roamsync/page_digests.hpp>
#include <roamsync/store.hpp>

#include <span>
#include <vector>

namespace roamsync {

/// Adds the digests of `bytes`, which follow what `pages` has already; only the last bytes of a file may be a part of a page.
void append_pages(std::span<const std::byte> bytes, PageDigests& pages);

/// The runs of pages of `now`, from page `first` on, that `before` does not hold with the same bytes. Neighbours make one run.
std::vector<Extent> changed_pages(const PageDigests& before, const PageDigests& now, std::size_t first);

/// Adds a run to a list in order; a run that begins where the last one ends lengthens that one.
void append_extent(std::vector<Extent>& extents, Extent extent);

}  // namespace roamsync
