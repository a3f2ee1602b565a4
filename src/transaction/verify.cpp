#include "transaction/verify.hpp"

#include <algorithm>
#include <mutex>

namespace roamsync {
namespace {

// Only what was written onto a duplicate: page by page against the digests of the source's pages.
Result<bool> holds_written_pages(Reader& reader, const FileToStage& file, CopyBuffer& buffer,
                                 const std::stop_token& stop, std::atomic<std::uint64_t>& bytes_verified) {
  static_assert(CopyBuffer::block_size % PageDigests::page_size == 0);
  const PageDigests& expected = *file.copied.pages;
  for (const Extent& extent : file.copied.written_extents) {
    for (std::uint64_t at = extent.offset; at < extent.offset + extent.size;) {
      if (stop.stop_requested()) return Errc::cancelled;
      const std::size_t size =
          static_cast<std::size_t>(std::min<std::uint64_t>(buffer.block().size(), extent.offset + extent.size - at));
      const auto block = buffer.block().first(size);
      BOOST_OUTCOME_TRY(const std::size_t count, reader.read(at, block));
      if (count != size) return false;
      const PageDigests found = page_digests_of(block);
      const auto first = expected.pages.begin() + static_cast<std::ptrdiff_t>(at / PageDigests::page_size);
      if (!std::equal(found.pages.begin(), found.pages.end(), first)) return false;
      bytes_verified.fetch_add(size, std::memory_order_relaxed);
      at += size;
    }
  }
  return true;
}

Result<bool> holds_what_was_written(Store& target, const FileToStage& file, Verify how, CopyBuffer& buffer,
                                    const std::stop_token& stop, std::atomic<std::uint64_t>& bytes_verified) {
  // On a disk of this machine, what was written page by page or whole is in the system's memory, and on its way from there at
  // this moment.
  const bool from_medium = how == Verify::full && (file.duplicated || target.traits().is_remote);
  BOOST_OUTCOME_TRY(const auto reader,
                    from_medium ? target.open_to_verify(file.temporary) : target.open(file.temporary));
  if (reader->entry().size != file.copied.size) return false;
  if (how == Verify::written && file.duplicated && file.copied.pages) {
    return holds_written_pages(*reader, file, buffer, stop, bytes_verified);
  }
  BOOST_OUTCOME_TRY(const Digest digest, digest_file(*reader, buffer, {}, stop));
  bytes_verified.fetch_add(file.copied.size, std::memory_order_relaxed);
  return digest == file.copied.digest;
}

}  // namespace

Result<std::vector<std::size_t>> verify_staged(Store& target, const Layout& layout, Verify how, LaneSet& lanes,
                                               std::atomic<std::uint64_t>& bytes_verified) {
  std::vector<std::size_t> mismatched;
  if (how == Verify::none) return mismatched;  // sizes were compared when the files were finished
  std::mutex mutex;
  BOOST_OUTCOME_TRYV(lanes.run(layout.files.size(), [&](std::size_t item, CopyBuffer& buffer) -> Result<void> {
    const FileToStage& file = layout.files[item];
    auto holds = holds_what_was_written(target, file, how, buffer, lanes.stop(), bytes_verified);
    if (!holds) return holds.error().within({.step = "verify", .path = target.location_of(file.put->path)});
    if (holds.value()) return success();
    const std::lock_guard lock(mutex);
    mismatched.push_back(item);
    return success();
  }));
  std::ranges::sort(mismatched);
  return mismatched;
}

Error mismatch_of(const Store& target, const FileToStage& file) {
  return Error(Errc::copy_mismatch,
               {.step = "verify",
                .path = target.location_of(file.put->path),
                .expected = std::to_string(file.copied.size) + " bytes with digest " + file.copied.digest.text(),
                .found = "other bytes in " + target.location_of(file.temporary)});
}

}  // namespace roamsync
