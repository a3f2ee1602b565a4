/// @file
/// Checker: one pass over a hive that applies every rule of the format. The parts stand in check.cpp (base block, bins and
/// cells), check_keys.cpp (key tree and lists), check_values.cpp (values and data) and check_security.cpp.
#pragma once

#include <roamsync/hive_check.hpp>

#include <optional>

#include "hive/base_block.hpp"
#include "hive/cell_map.hpp"
#include "hive/records.hpp"

namespace roamsync::hive {

/// `0x1d38`
std::string hex(std::uint64_t value);

class Checker {
 public:
  /// Stops after `limit` faults.
  Checker(std::span<const std::byte> file, std::size_t limit) : file_(file), limit_(limit) {}

  void run();
  HiveInspection inspection() const;
  std::vector<HiveFault> take_faults() noexcept { return std::move(faults_); }

 private:
  // A key on the way down: where its subkey lists are being read. So the walk needs no memory that grows with the hive.
  struct Frame {
    std::uint32_t key;       // the cell
    std::uint32_t expected;  // subkeys it counts
    std::uint32_t counted = 0;
    std::uint32_t previous = nil;  // the last sound subkey, to compare the order with
    ByteView lists{};              // elements of `ri` still to be read
    std::uint64_t lists_at = 0;    // their place in the file
    ByteView elements{};           // elements of the present list still to be read
    std::uint64_t elements_at = 0;
    std::uint32_t stride = 0;
  };
  struct Reference {
    std::uint32_t cell;
    std::uint64_t at;  // where in the file it stands
  };

  // Every rule ends here. Always false, so that a check can `return fault(…)`.
  bool fault(HiveRule rule, std::uint64_t at, std::string expected, std::string found);
  bool stopped() const noexcept { return faults_.size() >= limit_; }

  bool check_base_block();
  void check_size();
  void check_version();
  void check_bins();
  std::uint32_t check_bin(std::uint32_t at);
  std::uint32_t next_bin(std::uint32_t at) const noexcept;
  void check_cells(std::uint32_t begin, std::uint32_t end);

  void check_tree();
  bool check_key(Reference key, std::uint32_t parent);
  void enter_key(std::uint32_t key, std::vector<Frame>& path);
  bool open_list(Frame& frame, Reference list, bool top);
  std::optional<Reference> next_subkey(Frame& frame);
  void check_order(Frame& frame, Reference subkey);
  void check_class(std::uint32_t key);

  void check_values(std::uint32_t key);
  void check_value(Reference value);
  void check_data(Reference data, std::uint32_t size);
  void check_big_data(std::uint32_t cell, std::uint32_t size);

  void check_security(Reference security);
  bool check_security_cell(Reference security);

  // The payload of the allocated cell a reference names, when it names one that nobody has used yet.
  std::optional<ByteView> claim(Reference reference);
  bool is_cell(Reference reference);
  ByteView payload(std::uint32_t cell) const noexcept;
  static constexpr std::uint64_t place(std::uint32_t cell, std::uint32_t field = 0) noexcept {
    return std::uint64_t{base_block_size} + cell + 4 + field;
  }

  ByteView file_;
  std::size_t limit_;
  BaseBlock base_{};
  ByteView bins_{};
  OffsetSet allocated_{0};
  OffsetSet used_{0};
  OffsetSet securities_{0};
  HiveInfo info_{};
  std::vector<HiveFault> faults_{};
  bool left_open_ = false;
};

}  // namespace roamsync::hive
