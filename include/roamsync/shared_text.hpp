/// @file
/// SharedText: a text that never changes and that its copies share. It takes one allocation, however often it is copied.
///
/// Threads: a value like a shared pointer; what it shows may be read from any thread.
#pragma once

#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <atomic>
#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace roamsync {

/// What a SharedText points to: a count of its owners and the size, the characters behind it, then a NUL.
struct TextBlock {
  mutable std::atomic<std::uint32_t> owners = 0;
  std::uint32_t size = 0;

  const char* characters() const noexcept { return reinterpret_cast<const char*>(this + 1); }
};
void destroy(const TextBlock* block) noexcept;

inline void intrusive_ptr_add_ref(const TextBlock* block) noexcept {
  block->owners.fetch_add(1, std::memory_order_relaxed);
}
inline void intrusive_ptr_release(const TextBlock* block) noexcept {
  if (block->owners.fetch_sub(1, std::memory_order_acq_rel) == 1) destroy(block);
}

class SharedText {
 public:
  /// Empty, without an allocation.
  SharedText() = default;
  explicit SharedText(std::string_view text) : SharedText({text}) {}
  /// The pieces one after the other, 4 GiB in all at most (std::length_error).
  SharedText(std::initializer_list<std::string_view> pieces);

  std::string_view view() const noexcept {
    return block_ ? std::string_view(block_->characters(), block_->size) : std::string_view();
  }
  /// The same, ended by a NUL.
  const char* c_str() const noexcept { return block_ ? block_->characters() : ""; }

  friend bool operator==(const SharedText& left, const SharedText& right) noexcept {
    return left.block_ == right.block_ || left.view() == right.view();
  }

 private:
  boost::intrusive_ptr<const TextBlock> block_;  // null: empty
};

}  // namespace roamsync
