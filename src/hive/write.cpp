#include <algorithm>
#include <cstring>
#include <map>
#include <string_view>

#include "hive/base_block.hpp"
#include "hive/sorting.hpp"

namespace roamsync::hive {
namespace {

constexpr std::uint32_t bin_header_size = 32;
constexpr std::uint32_t hint_list_max = 507;  // what fits in one page
constexpr std::uint32_t plain_list_max = 1012;
constexpr std::uint32_t split_size = 506;  // Windows splits a full list in halves of this size
constexpr std::uint64_t file_size_max = 0x7FFF0000;

Error cannot_hold(std::string expected, std::string found) {
  return {Errc::not_supported, {.step = "write hive", .expected = std::move(expected), .found = std::move(found)}};
}

std::string_view text_of(std::span<const std::byte> bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Hands out cells one behind the other; a bin ends where the next cell does not fit.
class CellSpace {
 public:
  CellSpace() { file_.resize(base_block_size); }

  void reserve(std::size_t size) { file_.reserve(size); }
  std::uint64_t size() const noexcept { return file_.size(); }

  std::uint32_t take(std::uint64_t payload) {
    const std::uint64_t size = (payload + 4 + 7) / 8 * 8;
    if (file_.size() - free_at_ < size || free_at_ == 0) open_bin(size);
    const std::size_t at = free_at_;
    put_at_file(at, static_cast<std::uint32_t>(0 - size));
    free_at_ += static_cast<std::size_t>(size);
    return static_cast<std::uint32_t>(at - base_block_size);
  }

  template <std::unsigned_integral T>
  void put(std::uint32_t cell, std::uint32_t field, T value) {
    put_at_file(base_block_size + std::size_t{cell} + 4 + field, value);
  }
  void put(std::uint32_t cell, std::uint32_t field, std::span<const std::byte> bytes) {
    if (!bytes.empty())
      std::memcpy(&file_[base_block_size + std::size_t{cell} + 4 + field], bytes.data(), bytes.size());
  }
  void put_name(std::uint32_t cell, std::uint32_t field, Name name, bool as_latin1) {
    for (std::uint32_t at = 0; at < name.size(); ++at) {
      if (as_latin1) {
        put(cell, field + at, static_cast<std::uint8_t>(name[at]));
      } else {
        put(cell, field + 2 * at, static_cast<std::uint16_t>(name[at]));
      }
    }
  }

  std::vector<std::byte> finish(std::uint32_t root, const WriteOptions& options) {
    close_bin();
    const auto time = static_cast<std::uint64_t>(options.time.ticks);
    put_at_file(0, regf_signature);
    put_at_file(base_field::primary, options.sequence);
    put_at_file(base_field::secondary, options.sequence);
    put_at_file(base_field::time, time);
    put_at_file(base_field::major, 1U);
    put_at_file(base_field::minor, options.minor);
    put_at_file(base_field::format, 1U);
    put_at_file(base_field::root, root);
    put_at_file(base_field::bins_size, static_cast<std::uint32_t>(file_.size() - base_block_size));
    put_at_file(base_field::clustering, 1U);
    put_at_file(base_block_size + 20, time);  // the first bin keeps a copy, for headers that break
    put_at_file(base_field::checksum, header_checksum(ByteView(file_)));
    return std::move(file_);
  }

 private:
  template <std::unsigned_integral T>
  void put_at_file(std::size_t at, T value) {
    value = from_little(value);
    std::memcpy(&file_[at], &value, sizeof value);
  }
  void open_bin(std::uint64_t need) {
    close_bin();
    const std::size_t at = file_.size();
    const auto size = static_cast<std::uint32_t>((need + bin_header_size + page_size - 1) / page_size * page_size);
    file_.resize(at + size);
    put_at_file(at, hbin_signature);
    put_at_file(at + 4, static_cast<std::uint32_t>(at - base_block_size));
    put_at_file(at + 8, size);
    free_at_ = at + bin_header_size;
  }
  void close_bin() {
    if (free_at_ != 0 && free_at_ < file_.size())
      put_at_file(free_at_, static_cast<std::uint32_t>(file_.size() - free_at_));
    free_at_ = file_.size();
  }

  std::vector<std::byte> file_;
  std::size_t free_at_ = 0;  // in the present bin; 0 before the first
};

class Writer {
 public:
  explicit Writer(const WriteOptions& options) : options_(options) {}

  Result<std::vector<std::byte>> run(const KeyNode& root) {
    if (options_.minor < 3 || options_.minor > 6)
      return cannot_hold("version 1.3 to 1.6", std::to_string(options_.minor));
    const std::uint64_t estimate = size_of(root);
    if (estimate > file_size_max) return cannot_hold("at most 2 GiB", std::to_string(estimate) + " bytes");
    cells_.reserve(static_cast<std::size_t>(estimate + estimate / 32 + 2 * page_size));
    BOOST_OUTCOME_TRY(const std::uint32_t cell, take_key(root, nil));
    BOOST_OUTCOME_TRY(fill_key(root, cell, 1));
    if (cells_.size() > file_size_max) return cannot_hold("at most 2 GiB", std::to_string(cells_.size()) + " bytes");
    link_securities();
    return cells_.finish(cell, options_);
  }

 private:
  struct Security {
    std::uint32_t cell;
    std::uint32_t references;
  };

  // A little more than the cells will take; so the file is allocated once.
  static std::uint64_t size_of(const KeyNode& key) {
    std::uint64_t size = 96 + 2 * key.name.size() + 2 * key.class_name.size() + 8;
    for (const ValueNode& value : key.values) {
      size += 40 + (value.name.fits_latin1() ? 1 : 2) * value.name.size() + value.data.size();
      if (value.data.size() > segment_size) size += 32 + value.data.size() / segment_size * 16;
    }
    for (const KeyNode& subkey : key.subkeys) size += 8 + size_of(subkey);
    return size;
  }

  // The key's cell with all that does not depend on what hangs on it.
  Result<std::uint32_t> take_key(const KeyNode& key, std::uint32_t parent) {
    const bool is_root = parent == nil;
    const bool compressed = key.name.fits_latin1();
    const std::size_t name_size = key.name.size() * (compressed ? 1 : 2);
    if (name_size > 0xFFFF || key.class_name.size() > 0x7FFF)
      return cannot_hold("a name of at most 65535 bytes", key.name.utf8());
    if (key.name.empty() && !is_root) return cannot_hold("a key with a name", "an empty name");
    const std::uint32_t cell = cells_.take(key_field::name + name_size);
    std::uint16_t flags = stored_flags(key.flags);
    if (compressed) flags |= key_flag::compressed_name;
    if (is_root) flags |= key_flag::hive_entry | key_flag::no_delete;
    cells_.put(cell, 0, key_mark);
    cells_.put(cell, key_field::flags, flags);
    cells_.put(cell, key_field::time, static_cast<std::uint64_t>(key.time.ticks));
    cells_.put(cell, key_field::access, key.access_bits);
    cells_.put(cell, key_field::parent, is_root ? 0 : parent);
    for (const std::uint32_t field :
         {key_field::subkey_list, key_field::subkey_list + 4, key_field::value_list, key_field::class_name}) {
      cells_.put(cell, field, nil);
    }
    cells_.put(cell, key_field::name_max + 2, key.user_flags);
    cells_.put(cell, key_field::name_size, static_cast<std::uint16_t>(name_size));
    cells_.put_name(cell, key_field::name, key.name, compressed);
    BOOST_OUTCOME_TRY(const std::uint32_t security, share_security(key));
    cells_.put(cell, key_field::security, security);
    return cell;
  }

  Result<std::uint32_t> share_security(const KeyNode& key) {
    if (key.security.empty()) return cannot_hold("a key with a descriptor", '"' + key.name.utf8() + "\" has none");
    const auto [at, is_new] = securities_.try_emplace(text_of(key.security), Security{});
    if (is_new) {
      at->second.cell = cells_.take(security_field::descriptor + key.security.size());
      cells_.put(at->second.cell, 0, security_mark);
      cells_.put(at->second.cell, security_field::size, static_cast<std::uint32_t>(key.security.size()));
      cells_.put(at->second.cell, security_field::descriptor, key.security);
      ring_.push_back(&at->second);
    }
    ++at->second.references;
    return at->second.cell;
  }

  void link_securities() {
    for (std::size_t index = 0; index < ring_.size(); ++index) {
      const std::uint32_t cell = ring_[index]->cell;
      cells_.put(cell, security_field::next, ring_[(index + 1) % ring_.size()]->cell);
      cells_.put(cell, security_field::previous, ring_[(index + ring_.size() - 1) % ring_.size()]->cell);
      cells_.put(cell, security_field::references, ring_[index]->references);
    }
  }

  Result<void> fill_key(const KeyNode& key, std::uint32_t cell, std::uint32_t depth) {
    if (depth > depth_max) return cannot_hold("at most 512 levels", "one more");
    if (!key.class_name.empty()) {
      const std::uint32_t text = cells_.take(key.class_name.size() * 2);
      cells_.put_name(text, 0, key.class_name, false);
      cells_.put(cell, key_field::class_name, text);
      cells_.put(cell, key_field::class_size, static_cast<std::uint16_t>(key.class_name.size() * 2));
    }
    if ((key.flags & key_flag::predefined) != 0) {
      cells_.put(cell, key_field::value_count, key.predefined_handle);
    } else {
      BOOST_OUTCOME_TRY(write_values(key, cell));
    }
    return write_subkeys(key, cell, depth);
  }

  Result<void> write_values(const KeyNode& key, std::uint32_t cell) {
    std::uint32_t name_max = 0;
    std::uint32_t data_max = 0;
    if (!key.values.empty()) {
      const std::uint32_t list = cells_.take(key.values.size() * 4);
      cells_.put(cell, key_field::value_list, list);
      cells_.put(cell, key_field::value_count, static_cast<std::uint32_t>(key.values.size()));
      std::uint32_t at = 0;
      for (const ValueNode& value : key.values) {
        BOOST_OUTCOME_TRY(const std::uint32_t value_cell, write_value(value));
        cells_.put(list, at, value_cell);
        at += 4;
        name_max = std::max(name_max, static_cast<std::uint32_t>(value.name.size() * 2));
        data_max = std::max(data_max, value.data.size());
      }
    }
    cells_.put(cell, key_field::value_name_max, name_max);
    cells_.put(cell, key_field::value_data_max, data_max);
    return success();
  }

  Result<std::uint32_t> write_value(const ValueNode& value) {
    const bool compressed = value.name.fits_latin1();
    const std::size_t name_size = value.name.size() * (compressed ? 1 : 2);
    if (name_size > 0xFFFF) return cannot_hold("a name of at most 65535 bytes", value.name.utf8());
    const std::uint32_t cell = cells_.take(value_field::name + name_size);
    cells_.put(cell, 0, value_mark);
    cells_.put(cell, value_field::name_size, static_cast<std::uint16_t>(name_size));
    cells_.put(cell, value_field::type, value.type);
    cells_.put(cell, value_field::flags, compressed ? value_name_compressed : std::uint16_t{0});
    cells_.put_name(cell, value_field::name, value.name, compressed);
    const std::uint32_t size = value.data.size();
    if (size <= 4) {
      cells_.put(cell, value_field::data_size, resident_bit | size);
      cells_.put(cell, value_field::data, value.data.piece(0));
      return cell;
    }
    cells_.put(cell, value_field::data_size, size);
    BOOST_OUTCOME_TRY(const std::uint32_t data, write_data(value.data));
    cells_.put(cell, value_field::data, data);
    return cell;
  }

  void copy_data(const Data& data, std::uint32_t from, std::uint32_t size, std::uint32_t cell) {
    for (std::uint32_t at = 0; at < size;) {
      auto piece = data.piece(from + at);
      if (piece.empty()) return;
      piece = piece.first(std::min<std::size_t>(piece.size(), size - at));
      cells_.put(cell, at, piece);
      at += static_cast<std::uint32_t>(piece.size());
    }
  }

  Result<std::uint32_t> write_data(const Data& data) {
    if (data.size() <= segment_size || options_.minor <= 3) {
      const std::uint32_t cell = cells_.take(data.size());
      copy_data(data, 0, data.size(), cell);
      return cell;
    }
    const std::uint32_t count = (data.size() - 1) / segment_size + 1;
    if (count > 0xFFFF) return cannot_hold("a value of at most 65535 segments", std::to_string(count));
    const std::uint32_t head = cells_.take(big_data_field::end);
    const std::uint32_t list = cells_.take(std::uint64_t{count} * 4);
    cells_.put(head, 0, big_data_mark);
    cells_.put(head, big_data_field::count, static_cast<std::uint16_t>(count));
    cells_.put(head, big_data_field::list, list);
    for (std::uint32_t index = 0; index < count; ++index) {
      const std::uint32_t from = index * segment_size;
      const std::uint32_t size = std::min(segment_size, data.size() - from);
      const std::uint32_t segment = cells_.take(size + 4);  // Windows leaves four bytes behind each
      copy_data(data, from, size, segment);
      cells_.put(list, index * 4, segment);
    }
    return head;
  }

  Result<void> write_subkeys(const KeyNode& key, std::uint32_t cell, std::uint32_t depth) {
    if (key.subkeys.empty()) return success();
    const auto sorted = sorted_by_name(key.subkeys);
    std::vector<std::uint32_t> subkeys;
    subkeys.reserve(sorted.size());
    std::uint32_t name_max = 0;
    std::uint32_t class_max = 0;
    for (std::size_t index = 0; index < sorted.size(); ++index) {
      const KeyNode& subkey = *sorted[index];
      if (index > 0 && sorted[index - 1]->name.same(subkey.name)) {
        return cannot_hold("subkeys of different names", '"' + subkey.name.utf8() + "\" twice");
      }
      BOOST_OUTCOME_TRY(const std::uint32_t subkey_cell, take_key(subkey, cell));
      subkeys.push_back(subkey_cell);
      name_max = std::max(name_max, static_cast<std::uint32_t>(subkey.name.size() * 2));
      class_max = std::max(class_max, static_cast<std::uint32_t>(subkey.class_name.size() * 2));
    }
    cells_.put(cell, key_field::subkey_count, static_cast<std::uint32_t>(subkeys.size()));
    BOOST_OUTCOME_TRY(const std::uint32_t list, write_lists(sorted, subkeys));
    cells_.put(cell, key_field::subkey_list, list);
    cells_.put(cell, key_field::name_max, static_cast<std::uint16_t>(std::min(name_max, 0xFFFFU)));
    cells_.put(cell, key_field::class_max, class_max);
    for (std::size_t index = 0; index < sorted.size(); ++index) {
      BOOST_OUTCOME_TRY(fill_key(*sorted[index], subkeys[index], depth + 1));
    }
    return success();
  }

  Result<std::uint32_t> write_lists(const std::vector<const KeyNode*>& keys, const std::vector<std::uint32_t>& cells) {
    const bool hashed = options_.minor >= 5;
    const std::size_t count = cells.size();
    if (count <= hint_list_max) return write_leaf(hashed ? hash_list_mark : hint_list_mark, keys, cells, 0, count);
    // 1.3 gives up the hints when a list outgrows a page; from 1.5 on the hashes stay.
    const std::uint16_t mark = hashed ? hash_list_mark : plain_list_mark;
    if (!hashed && count <= plain_list_max) return write_leaf(mark, keys, cells, 0, count);
    const std::size_t leaves = (count + split_size - 1) / split_size;
    if (leaves > 0xFFFF) return cannot_hold("fewer subkeys", std::to_string(count));
    const std::uint32_t top = cells_.take(list_field::elements + leaves * 4);
    cells_.put(top, 0, list_of_lists_mark);
    cells_.put(top, list_field::count, static_cast<std::uint16_t>(leaves));
    for (std::uint32_t leaf = 0; leaf < leaves; ++leaf) {
      const std::size_t from = std::size_t{leaf} * split_size;
      const std::uint32_t list = write_leaf(mark, keys, cells, from, std::min<std::size_t>(count, from + split_size));
      cells_.put(top, list_field::elements + leaf * 4, list);
    }
    return top;
  }

  std::uint32_t write_leaf(std::uint16_t mark, const std::vector<const KeyNode*>& keys,
                           const std::vector<std::uint32_t>& cells, std::size_t from, std::size_t to) {
    const std::uint32_t stride = element_size(mark);
    const std::uint32_t list = cells_.take(list_field::elements + stride * (to - from));
    cells_.put(list, 0, mark);
    cells_.put(list, list_field::count, static_cast<std::uint16_t>(to - from));
    std::uint32_t at = list_field::elements;
    for (std::size_t index = from; index < to; ++index, at += stride) {
      cells_.put(list, at, cells[index]);
      if (mark == hash_list_mark) cells_.put(list, at + 4, keys[index]->name.hash());
      if (mark == hint_list_mark) cells_.put(list, at + 4, hint_of(keys[index]->name));
    }
    return list;
  }

  // The first four letters, when they are Latin-1.
  static std::uint32_t hint_of(Name name) noexcept {
    std::uint32_t hint = 0;
    for (std::size_t at = 0; at < std::min<std::size_t>(4, name.size()); ++at) {
      if (name[at] > 0xFF) return 0;
      hint |= std::uint32_t{name[at]} << (8 * at);
    }
    return hint;
  }

  const WriteOptions& options_;
  CellSpace cells_;
  std::map<std::string_view, Security> securities_;
  std::vector<Security*> ring_;  // in the order of first use; map nodes do not move
};

}  // namespace

Result<std::vector<std::byte>> write_hive(const KeyNode& root, const WriteOptions& options) {
  return Writer(options).run(root);
}

}  // namespace roamsync::hive
