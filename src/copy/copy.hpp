/// @file
/// The copy core: one pass over the bytes of one file, with the digest on the way.
#pragma once

#include <roamsync/page_digests.hpp>
#include <roamsync/store.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <utility>
#include <vector>

namespace roamsync {

/// A lane's buffer and digester, reused from file to file. Not shared between threads.
class CopyBuffer {
 public:
  /// One that fits a core's second cache; the page cache takes larger blocks at less cost a byte.
  static constexpr std::size_t block_size = 1 << 20;
  CopyBuffer();
  /// One for each lane, in one piece of large memory.
  static std::vector<CopyBuffer> several(unsigned lanes);
  std::span<std::byte> block() noexcept;
  Digester& digester() noexcept { return digester_; }

 private:
  explicit CopyBuffer(std::shared_ptr<std::byte[]> block) noexcept : block_(std::move(block)) {}

  std::shared_ptr<std::byte[]> block_;
  Digester digester_;
};

/// Called after each block with the number of bytes that passed.
using BlockSink = std::function<void(std::uint64_t bytes)>;

struct CopyOptions {
  /// Page digests of what `target` already holds (a duplicate of the old file): only pages that differ are written.
  const PageDigests* pages_of_target = nullptr;
  BlockSink on_block = {};
  std::stop_token stop = {};  ///< Errc::cancelled, between blocks
};

struct Copied {
  Digest digest;
  std::uint64_t size = 0;
  std::uint64_t read = 0;
  std::uint64_t written = 0;
  std::shared_ptr<const PageDigests> pages;  ///< null below paged_size_min
  std::vector<Extent> written_extents;       ///< only when pages_of_target was given: what Verify::written reads back
};

/// Streams `source` into `target`: reserves room, keeps holes, shares blocks where clone_from can. Does not call finish().
/// A small file (below 64 KiB) costs one read and one write. A file that grows or shrinks meanwhile is copied to the end that
/// is found; in every case `Copied` describes what the target was given.
/// Errors: step `copy`, the path of the file that failed, and the source's name. After one the target holds any part.
Result<Copied> copy_file(Reader& source, Writer& target, CopyBuffer& buffer, const CopyOptions& options);
/// The same from memory, onto an empty file: without `pages_of_target`.
Result<Copied> copy_bytes(std::span<const std::byte> source, Writer& target, CopyBuffer& buffer,
                          const CopyOptions& options);

/// From memory onto a duplicate, in two steps. The first needs no target: it runs while the store makes the duplicate.
Result<Copied> digest_bytes(std::span<const std::byte> source, CopyBuffer& buffer, const CopyOptions& options);
/// The second: writes what differs. `digested`: by digest_bytes, from paged_size_min on.
Result<Copied> write_changed_pages(std::span<const std::byte> source, Copied digested, Writer& target,
                                   const CopyOptions& options);

/// Reads a file through and digests it.
Result<Digest> digest_file(Reader& file, CopyBuffer& buffer, const BlockSink& on_block = {}, std::stop_token stop = {});

PageDigests page_digests_of(std::span<const std::byte> bytes);

}  // namespace roamsync
