/// @file
/// Digests: 128 bits of XXH3 over a file's bytes, to tell that two files hold the same bytes.
///
/// XXH3 (github.com/Cyan4973/xxHash) finds damage: torn writes, lost pages, wrong files. It is not cryptographic and
/// protects against no adversary; whoever can write to the share can replace the profile anyway.
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace roamsync {

struct Digest {
  std::uint64_t low = 0;
  std::uint64_t high = 0;

  /// 32 hexadecimal digits, most significant first: the canonical form of `xxhsum -H2`.
  std::string text() const;
  friend auto operator<=>(const Digest&, const Digest&) = default;
};

Digest digest_of(std::span<const std::byte> bytes) noexcept;

/// Digests a stream as it passes. Movable, not copyable; one thread at a time.
class Digester {
 public:
  Digester();
  ~Digester();
  Digester(Digester&&) noexcept;
  Digester& operator=(Digester&&) noexcept;

  void update(std::span<const std::byte> bytes) noexcept;
  /// The digest of all bytes so far; more may follow.
  Digest digest() const noexcept;
  /// Starts over, keeping the memory.
  void reset() noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace roamsync
