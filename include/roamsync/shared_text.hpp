/// @file
/// SharedText: a text that never changes and that its copies share. It takes one allocation, however often it is copied.
///
/// Threads: a value like a shared pointer; what it shows may be read from any thread.
#pragma once

#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <new>
#include <string_view>

namespace roamsync {

class SharedText {
 public:
  /// Empty, without an allocation.
  SharedText() = default;
  explicit SharedText(std::string_view text) : SharedText({text}) {}
  /// The pieces one after the other, 4 GiB in all at most (std::length_error).
  SharedText(std::initializer_list<std::string_view> pieces);

  /// Holds as long as this or a copy of it.
  std::string_view view() const noexcept {
    return block_ ? std::string_view(block_->characters(), block_->size) : std::string_view();
  }
  /// The same, ended by a NUL.
  const char* c_str() const noexcept { return block_ ? block_->characters() : ""; }

  friend bool operator==(const SharedText& left, const SharedText& right) noexcept {
    return left.block_ == right.block_ || left.view() == right.view();
  }

 private:
  // The characters and a NUL lie behind it, in the same allocation.
  struct Block : boost::intrusive_ref_counter<Block> {
    static void* operator new(std::size_t size, std::size_t behind) { return ::operator new(size + behind); }
    static void operator delete(void* block) { ::operator delete(block); }
    static void operator delete(void* block, std::size_t) { ::operator delete(block); }  // when the constructor throws

    char* characters() noexcept { return reinterpret_cast<char*>(this + 1); }
    const char* characters() const noexcept { return reinterpret_cast<const char*>(this + 1); }

    std::uint32_t size = 0;
  };

  boost::intrusive_ptr<const Block> block_;  // null: empty
};

}  // namespace roamsync
