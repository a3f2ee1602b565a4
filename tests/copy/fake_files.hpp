/// @file
/// A file to read and a file to write, in memory, that count what is asked of them and can misbehave on cue.
#pragma once

#include <roamsync/store.hpp>

#include <algorithm>
#include <cstring>
#include <functional>
#include <optional>
#include <vector>

namespace roamsync::testing {

using Bytes = std::vector<std::byte>;

/// Bytes that look like no page twice.
inline Bytes noise(std::size_t size, std::uint64_t seed = 1) {
  Bytes bytes(size);
  std::uint64_t state = seed * 0x9E3779B97F4A7C15U + 1;
  for (std::byte& byte : bytes) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    byte = static_cast<std::byte>(state >> 56);
  }
  return bytes;
}

class FakeReader : public Reader {
 public:
  explicit FakeReader(Bytes content) : bytes(std::move(content)), size_(bytes.size()) {
    entry_ = {.path = ProfilePath::literal("Desktop/a.txt"), .mode = 0644, .size = size_, .id = 7};
  }

  const Entry& entry() const override { return entry_; }
  Result<Entry> entry_now() override {
    Entry now = entry_;
    now.size = bytes.size();
    if (written_meanwhile) now.modified = FileTime{1};
    return now;
  }
  Result<std::size_t> read(std::uint64_t offset, std::span<std::byte> out) override {
    if (before_read) before_read(reads);
    ++reads;
    if (read_error) return *read_error;
    if (offset >= bytes.size()) return 0;
    const std::size_t size = std::min(out.size(), bytes.size() - static_cast<std::size_t>(offset));
    std::memcpy(out.data(), bytes.data() + offset, size);
    bytes_read += size;
    return size;
  }
  Result<std::vector<Extent>> extents() override {
    ++extent_calls;
    if (runs) return *runs;
    return std::vector<Extent>{{.offset = 0, .size = bytes.size()}};
  }
  Result<FileAttributes> attributes() override { return FileAttributes{}; }

  Bytes bytes;
  std::optional<std::vector<Extent>> runs;
  std::function<void(int reads)> before_read;
  std::optional<Error> read_error;
  bool written_meanwhile = false;
  int reads = 0;
  int extent_calls = 0;
  std::uint64_t bytes_read = 0;

 private:
  std::uint64_t size_;
  Entry entry_;
};

class FakeWriter : public Writer {
 public:
  explicit FakeWriter(Bytes content = {}) : bytes(std::move(content)) {}

  Result<void> reserve(std::uint64_t size) override {
    reserved = size;
    ++other_calls;
    return success();
  }
  Result<void> write(std::uint64_t offset, std::span<const std::byte> part) override {
    if (write_error) return *write_error;
    writes.push_back({.offset = offset, .size = part.size()});
    if (bytes.size() < offset + part.size()) bytes.resize(offset + part.size());
    std::copy(part.begin(), part.end(), bytes.begin() + static_cast<std::ptrdiff_t>(offset));
    return success();
  }
  Result<void> resize(std::uint64_t size) override {
    ++resizes;
    ++other_calls;
    bytes.resize(size);
    return success();
  }
  Result<bool> clone_from(Reader& source) override {
    ++other_calls;
    if (!can_clone) return false;
    bytes = dynamic_cast<FakeReader&>(source).bytes;
    return true;
  }
  Result<Entry> finish(const FileAttributes&) override { return Errc::not_supported; }

  Bytes bytes;
  std::vector<Extent> writes;
  std::optional<std::uint64_t> reserved;
  std::optional<Error> write_error;
  bool can_clone = false;
  int resizes = 0;
  int other_calls = 0;
};

}  // namespace roamsync::testing
