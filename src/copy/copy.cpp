#include "copy/copy.hpp"

#include "base/large_memory.hpp"
#include "copy/pages.hpp"

#include <algorithm>
#include <array>

namespace roamsync {
namespace {

constexpr std::uint64_t page_size = PageDigests::page_size;
/// Below this a file is one read and one write: reserving, cloning and asking for holes would cost more than they save.
constexpr std::uint64_t large_file_min = 64 << 10;
/// What a hole reads as, a few pages at a time.
constexpr std::array<std::byte, 4 * page_size> zeros = {};

std::uint64_t end_of(const Extent& extent) noexcept { return extent.offset + extent.size; }
std::uint64_t whole_pages(std::uint64_t bytes) noexcept { return (bytes + page_size - 1) / page_size * page_size; }

/// The bytes of a file as they pass, front to back: digested, and written where there is a target.
class Pass {
 public:
  Pass(Writer* target, CopyBuffer& buffer, const CopyOptions& options)
      : target_(target),
        digester_(buffer.digester()),
        options_(options),
        target_size_(options.pages_of_target ? options.pages_of_target->file_size : 0),
        paged_(options.pages_of_target != nullptr) {
    digester_.reset();
  }

  std::uint64_t position() const noexcept { return copied_.size; }
  std::uint64_t hole() const noexcept { return hole_; }

  /// A hole comes next. It counts once something follows it, or at the end: the file may be cut in the middle of it.
  void skip(std::uint64_t size) noexcept { hole_ += size; }

  /// The next bytes were read. All but the last are whole pages.
  Result<void> take(std::span<const std::byte> bytes, bool last) {
    BOOST_OUTCOME_TRY(fill_hole(hole_));
    // A small file, all of it in its first bytes, needs no page digests.
    paged_ = paged_ || !last || bytes.size() >= paged_size_min;
    copied_.read += bytes.size();
    BOOST_OUTCOME_TRY(put(bytes, false));
    report(bytes.size());
    return success();
  }

  Result<Copied> finish(std::uint64_t size) {
    if (size > position()) {
      BOOST_OUTCOME_TRY(fill_hole(size - position()));
    }
    if (target_ && target_size_ != position()) {
      BOOST_OUTCOME_TRY(target_->resize(position()));
    }
    copied_.digest = digester_.digest();
    if (position() >= paged_size_min) copied_.pages = std::make_shared<const PageDigests>(std::move(pages_));
    return std::move(copied_);
  }

 private:
  Result<void> fill_hole(std::uint64_t size) {
    hole_ = 0;
    if (size == 0) return success();
    paged_ = true;
    for (std::uint64_t left = size; left > 0;) {
      if (options_.stop.stop_requested()) return Errc::cancelled;
      const auto part = std::min<std::uint64_t>(left, zeros.size());
      BOOST_OUTCOME_TRY(put(std::span(zeros).first(static_cast<std::size_t>(part)), true));
      left -= part;
    }
    report(size);
    return success();
  }

  Result<void> put(std::span<const std::byte> bytes, bool hole) {
    digester_.update(bytes);
    const std::size_t first_page = pages_.pages.size();
    if (paged_) append_pages(bytes, pages_);
    if (target_ && options_.pages_of_target) {
      BOOST_OUTCOME_TRY(put_changed(bytes, hole, first_page));
    } else if (target_ && !hole) {
      BOOST_OUTCOME_TRY(write(position(), bytes));
    }
    copied_.size += bytes.size();
    return success();
  }

  /// Writes what the target does not hold already.
  Result<void> put_changed(std::span<const std::byte> bytes, bool hole, std::size_t first_page) {
    for (const Extent& run : changed_pages(*options_.pages_of_target, pages_, first_page)) {
      // Behind the old end nothing has to be written for a hole to read as zeros.
      if (hole && run.offset >= options_.pages_of_target->file_size) continue;
      BOOST_OUTCOME_TRY(write(run.offset, bytes.subspan(static_cast<std::size_t>(run.offset - position()),
                                                        static_cast<std::size_t>(run.size))));
      append_extent(copied_.written_extents, run);
    }
    return success();
  }

  Result<void> write(std::uint64_t offset, std::span<const std::byte> bytes) {
    BOOST_OUTCOME_TRY(target_->write(offset, bytes));
    copied_.written += bytes.size();
    target_size_ = std::max(target_size_, offset + bytes.size());
    return success();
  }

  void report(std::uint64_t bytes) const {
    if (options_.on_block) options_.on_block(bytes);
  }

  Writer* target_;
  Digester& digester_;
  const CopyOptions& options_;
  std::uint64_t target_size_;
  std::uint64_t hole_ = 0;
  bool paged_;
  PageDigests pages_;
  Copied copied_;
};

/// The runs of a file of `size` bytes that are to be read: on page borders, in order, the last one reaching to the end, so
/// that bytes appended meanwhile are met there.
std::vector<Extent> runs_to_read(const std::vector<Extent>& extents, std::uint64_t size) {
  std::vector<Extent> runs;
  std::uint64_t position = 0;
  for (const Extent& extent : extents) {
    const std::uint64_t begin = std::max(extent.offset / page_size * page_size, position);
    const std::uint64_t end = std::min(whole_pages(end_of(extent)), size);
    if (end <= begin) continue;
    append_extent(runs, {.offset = begin, .size = end - begin});
    position = end;
  }
  if (position < size || runs.empty()) runs.push_back({.offset = size, .size = 0});
  return runs;
}

/// How much to ask for in one read: a page more than is left, so that one short read tells the end.
std::size_t bytes_to_ask(std::uint64_t left) noexcept {
  return static_cast<std::size_t>(std::min<std::uint64_t>(CopyBuffer::block_size, whole_pages(left + 1)));
}

/// Reads the runs into `pass`.
Result<Copied> stream(Reader& source, std::span<const Extent> runs, Pass& pass, CopyBuffer& buffer,
                      const std::stop_token& stop) {
  const std::uint64_t size = end_of(runs.back());
  for (const Extent& run : runs) {
    const bool last_run = &run == &runs.back();
    pass.skip(run.offset - pass.position());
    for (std::uint64_t offset = run.offset; last_run || offset < end_of(run);) {
      if (stop.stop_requested()) return Errc::cancelled;
      const std::size_t asked = last_run ? bytes_to_ask(size - std::min(size, offset))
                                         : std::min<std::uint64_t>(CopyBuffer::block_size, end_of(run) - offset);
      const auto block = buffer.block().first(asked);
      BOOST_OUTCOME_TRY(const std::size_t got, source.read(offset, block));
      const bool ended = got < asked;
      if (got > 0) {
        BOOST_OUTCOME_TRY(pass.take(block.first(got), ended));
      }
      offset += got;
      if (!ended) continue;
      if (pass.hole() == 0) return pass.finish(pass.position());
      // The file ends in or at the end of a hole: only its size can tell where.
      BOOST_OUTCOME_TRY(const Entry now, source.entry_now());
      return pass.finish(std::clamp(now.size, pass.position(), pass.position() + pass.hole()));
    }
  }
  return pass.finish(pass.position());
}

/// The target shares the source's blocks already: reads them through for the digest. Nothing when the source was written
/// meanwhile, for then nobody knows which of its states the target has.
Result<std::optional<Copied>> digest_shared(Reader& source, CopyBuffer& buffer, const CopyOptions& options) {
  Pass pass(nullptr, buffer, options);
  const Extent whole = {.offset = 0, .size = source.entry().size};
  BOOST_OUTCOME_TRY(Copied copied, stream(source, {&whole, 1}, pass, buffer, options.stop));
  BOOST_OUTCOME_TRY(const Entry now, source.entry_now());
  if (copied.size != whole.size || !same_stamp(source.entry(), now)) return std::nullopt;
  return copied;
}

Result<Copied> copy(Reader& source, Writer& target, CopyBuffer& buffer, const CopyOptions& options) {
  const std::uint64_t size = source.entry().size;
  std::vector<Extent> runs = {{.offset = 0, .size = size}};
  if (size >= large_file_min) {
    const bool whole = options.pages_of_target == nullptr;
    if (whole) {
      BOOST_OUTCOME_TRY(const bool shares, target.clone_from(source));
      if (shares) {
        BOOST_OUTCOME_TRY(std::optional<Copied> copied, digest_shared(source, buffer, options));
        if (copied) return *std::move(copied);
        BOOST_OUTCOME_TRY(target.resize(0));
      }
    }
    BOOST_OUTCOME_TRY(const std::vector<Extent> extents, source.extents());
    runs = runs_to_read(extents, size);
    const bool has_holes = runs.size() > 1 || runs.front().offset > 0;
    if (whole && !has_holes) {
      BOOST_OUTCOME_TRY(target.reserve(size));
    }
  }
  Pass pass(&target, buffer, options);
  return stream(source, runs, pass, buffer, options.stop);
}

/// `target`: null when the bytes are digested only.
Result<Copied> pass_through(std::span<const std::byte> source, Writer* target, CopyBuffer& buffer,
                            const CopyOptions& options) {
  Pass pass(target, buffer, options);
  while (!source.empty()) {
    if (options.stop.stop_requested()) return Errc::cancelled;
    const auto block = source.first(std::min(source.size(), CopyBuffer::block_size));
    source = source.subspan(block.size());
    BOOST_OUTCOME_TRY(pass.take(block, source.empty()));
  }
  return pass.finish(pass.position());
}

Result<Copied> write_all(std::span<const std::byte> source, Writer& target, CopyBuffer& buffer,
                         const CopyOptions& options) {
  if (source.size() >= large_file_min) {
    BOOST_OUTCOME_TRY(target.reserve(source.size()));
  }
  return pass_through(source, &target, buffer, options);
}

Result<void> write_changed(std::span<const std::byte> source, Copied& digested, Writer& target,
                           const CopyOptions& options) {
  for (const Extent& run : changed_pages(*options.pages_of_target, *digested.pages, 0)) {
    for (Extent part = run; part.offset < end_of(run); part.offset += part.size) {
      if (options.stop.stop_requested()) return Errc::cancelled;
      part.size = std::min<std::uint64_t>(end_of(run) - part.offset, CopyBuffer::block_size);
      BOOST_OUTCOME_TRY(target.write(
          part.offset, source.subspan(static_cast<std::size_t>(part.offset), static_cast<std::size_t>(part.size))));
    }
    digested.written += run.size;
    append_extent(digested.written_extents, run);
  }
  if (options.pages_of_target->file_size == source.size()) return success();
  return target.resize(source.size());
}

Error write_error(std::span<const std::byte> source, const Error& error) {
  return error.within({.step = "copy", .expected = std::to_string(source.size()) + " bytes written"});
}

}  // namespace

CopyBuffer::CopyBuffer() : block_(large_memory(block_size)) {}

std::vector<CopyBuffer> CopyBuffer::several(unsigned lanes) {
  const auto blocks = large_memory(lanes * block_size);
  std::vector<CopyBuffer> buffers;
  buffers.reserve(lanes);
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    buffers.push_back(CopyBuffer({blocks, blocks.get() + lane * block_size}));
  }
  return buffers;
}

std::span<std::byte> CopyBuffer::block() noexcept { return {block_.get(), block_size}; }

Result<Copied> copy_file(Reader& source, Writer& target, CopyBuffer& buffer, const CopyOptions& options) {
  auto copied = copy(source, target, buffer, options);
  if (copied) return copied;
  // The store that failed has named its own file; this names the one that was to be copied.
  const Entry& entry = source.entry();
  ErrorContext context = {.step = "copy", .path = std::string(entry.path.text())};
  if (copied.error().code() != Errc::cancelled) {
    context.expected = "the " + std::to_string(entry.size) + " bytes of " + std::string(entry.path.text());
  }
  return copied.error().within(std::move(context));
}

Result<Copied> copy_bytes(std::span<const std::byte> source, Writer& target, CopyBuffer& buffer,
                          const CopyOptions& options) {
  auto copied = write_all(source, target, buffer, options);
  if (copied) return copied;
  return write_error(source, copied.error());
}

Result<Copied> digest_bytes(std::span<const std::byte> source, CopyBuffer& buffer, const CopyOptions& options) {
  return pass_through(source, nullptr, buffer, options);
}

Result<Copied> write_changed_pages(std::span<const std::byte> source, Copied digested, Writer& target,
                                   const CopyOptions& options) {
  auto written = write_changed(source, digested, target, options);
  if (written) return digested;
  return write_error(source, written.error());
}

Result<Digest> digest_file(Reader& file, CopyBuffer& buffer, const BlockSink& on_block, std::stop_token stop) {
  Digester& digester = buffer.digester();
  digester.reset();
  const std::uint64_t size = file.entry().size;
  for (std::uint64_t offset = 0;;) {
    if (stop.stop_requested()) return Errc::cancelled;
    const auto block = buffer.block().first(bytes_to_ask(size - std::min(size, offset)));
    BOOST_OUTCOME_TRY(const std::size_t got, file.read(offset, block));
    digester.update(block.first(got));
    if (got > 0 && on_block) on_block(got);
    if (got < block.size()) return digester.digest();
    offset += got;
  }
}

}  // namespace roamsync
