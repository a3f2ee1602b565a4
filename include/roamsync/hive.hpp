/// @file
/// A registry hive over its bytes: keys, values, classes, security, read where they lie.
///
/// `Hive::open` judges the bytes strictly (see hive_check.hpp) and hands out a view. Keys, values, names and data are small
/// copyable windows; nothing is copied until asked, so a mapped file of any size can be walked. The bytes must outlive every
/// view of them.
///
///     BOOST_OUTCOME_TRY(auto hive, roamsync::hive::Hive::open(bytes));
///     if (auto desktop = hive.find("Control Panel\\Desktop"))
///       for (const auto value : desktop->values()) std::cout << value.name().utf8() << '\n';
///
/// Subkeys come in stored order, which is that of the upper-cased names; values in the order of their list, which has none.
/// Every access is checked against the bytes: on a hive that changes underneath, answers are wrong but nothing is read
/// outside. A hive that breaks rules is not opened here; hive_tree.hpp reads what can be reached of it.
///
/// Threads: views are immutable values; any number of threads may read.
#pragma once

#include <roamsync/error.hpp>
#include <roamsync/hive_check.hpp>
#include <roamsync/hive_name.hpp>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <vector>

namespace roamsync::hive {

/// The cells behind a hive's base block. Offsets count from the first bin.
struct Bins {
  const std::byte* data = nullptr;
  std::uint32_t size = 0;
  std::uint32_t minor = 3;  ///< of the version; big data begins with 4

  /// What a cell holds; empty when no cell can be there.
  std::span<const std::byte> cell(std::uint32_t offset) const noexcept;
};

/// The data of a value: one piece, or as big data several.
class Data {
 public:
  Data() = default;
  explicit Data(std::span<const std::byte> bytes) noexcept
      : first_(bytes.data()), size_(static_cast<std::uint32_t>(bytes.size())) {}
  /// Big data whose segments are named by the list in cell `list`.
  Data(Bins bins, std::uint32_t list, std::uint32_t size) noexcept : size_(size), list_(list), bins_(bins) {}

  std::uint32_t size() const noexcept { return size_; }
  /// The longest piece from `offset` on that lies in one place; empty at the end.
  std::span<const std::byte> piece(std::uint32_t offset) const noexcept;
  std::vector<std::byte> bytes() const;
  /// Less than, equal to or greater than 0: by bytes, the shorter first.
  int compare(const Data& other) const noexcept;
  friend bool operator==(const Data& left, const Data& right) noexcept {
    return left.size_ == right.size_ && left.compare(right) == 0;
  }

 private:
  const std::byte* first_ = nullptr;  // null: in segments
  std::uint32_t size_ = 0;
  std::uint32_t list_ = 0;
  Bins bins_{};
};

class Value {
 public:
  Value(Bins bins, std::uint32_t cell) noexcept : bins_(bins), cell_(cell) {}

  Name name() const noexcept;  ///< empty for the key's default value
  std::uint32_t type() const noexcept;
  Data data() const noexcept;
  std::uint64_t file_offset() const noexcept;

 private:
  Bins bins_;
  std::uint32_t cell_;
};

class SubkeyRange;
class ValueRange;

class Key {
 public:
  Key(Bins bins, std::uint32_t cell) noexcept : bins_(bins), cell_(cell) {}

  Name name() const noexcept;
  FileTime time() const noexcept;
  std::uint16_t flags() const noexcept;
  std::uint32_t access_bits() const noexcept;            ///< from Windows 8 on; changes without the time changing
  std::uint16_t user_flags() const noexcept;             ///< user, virtualization and debug flags, as stored together
  Name class_name() const noexcept;                      ///< empty when there is none
  std::span<const std::byte> security() const noexcept;  ///< a self-relative descriptor
  /// Set for a key that stands for a predefined handle; it has no values then.
  std::optional<std::uint32_t> predefined_handle() const noexcept;

  std::uint32_t subkey_count() const noexcept;
  SubkeyRange subkeys() const noexcept;
  std::uint32_t value_count() const noexcept;
  ValueRange values() const noexcept;

  /// By name, case-blind as Windows does it.
  std::optional<Key> subkey(Name name) const noexcept;
  std::optional<Value> value(Name name) const noexcept;
  /// By names with `\` between them; an empty path is this key.
  std::optional<Key> find(std::u16string_view path) const noexcept;

  std::uint64_t file_offset() const noexcept;

 private:
  Bins bins_;
  std::uint32_t cell_;
};

/// The values of a key, for range-for.
class ValueRange {
 public:
  class iterator {
   public:
    using value_type = Value;
    using difference_type = std::ptrdiff_t;
    iterator(Bins bins, const std::byte* at) noexcept : bins_(bins), at_(at) {}
    Value operator*() const noexcept;
    iterator& operator++() noexcept { return at_ += 4, *this; }
    void operator++(int) noexcept { at_ += 4; }
    bool operator==(const iterator& other) const noexcept { return at_ == other.at_; }

   private:
    Bins bins_;
    const std::byte* at_;
  };

  ValueRange(Bins bins, std::span<const std::byte> list) noexcept : bins_(bins), list_(list) {}
  iterator begin() const noexcept { return {bins_, list_.data()}; }
  iterator end() const noexcept { return {bins_, list_.data() + list_.size()}; }

 private:
  Bins bins_;
  std::span<const std::byte> list_;  // whole elements
};

/// The subkeys of a key, for range-for, through all kinds of lists.
class SubkeyRange {
 public:
  class iterator {
   public:
    using value_type = Key;
    using difference_type = std::ptrdiff_t;
    iterator(Bins bins, std::span<const std::byte> lists, std::span<const std::byte> leaf,
             std::uint32_t stride) noexcept;
    Key operator*() const noexcept;
    iterator& operator++() noexcept;
    void operator++(int) noexcept { ++*this; }
    bool operator==(std::default_sentinel_t) const noexcept { return leaf_.empty(); }

   private:
    void skip_empty() noexcept;
    Bins bins_;
    std::span<const std::byte> lists_, leaf_;  // what is still to be read
    std::uint32_t stride_;
  };

  SubkeyRange(Bins bins, std::uint32_t list) noexcept : bins_(bins), list_(list) {}
  iterator begin() const noexcept;
  std::default_sentinel_t end() const noexcept { return {}; }

 private:
  Bins bins_;
  std::uint32_t list_;
};

class Hive {
 public:
  /// Fails with Errc::hive_corrupt or Errc::hive_dirty; the context holds rule, offset, expected and found.
  static Result<Hive> open(std::span<const std::byte> file);
  /// The same for a hive that was left open, as it lies, without its logs.
  static Result<Hive> open_as_it_lies(std::span<const std::byte> file);

  Key root() const noexcept { return root_; }
  const HiveInfo& info() const noexcept { return info_; }
  std::optional<Key> find(std::string_view utf8_path) const;

 private:
  Hive(Key root, HiveInfo info) : root_(root), info_(std::move(info)) {}
  Key root_;
  HiveInfo info_;
};

/// What a verdict other than clean says, as an error of step `step`.
Error error_of(const Verdict& verdict, std::string step);

}  // namespace roamsync::hive
