#include <algorithm>
#include <cstring>

#include "hive/base_block.hpp"
#include "hive/cell_map.hpp"
#include "hive/checker.hpp"
#include "hive/descriptor_check.hpp"
#include "hive/sorting.hpp"

namespace roamsync::hive {
namespace {

constexpr std::size_t warnings_max = 1000;

// Reads a tree from bytes that may be anything. Unlike the strict check it takes cells by their own word: free ones too, and
// inside bins whose headers are broken. Each cell is used once and all names and data together are bounded by the file, so
// time and memory are as well, whatever the references say.
class Rescuer {
 public:
  explicit Rescuer(ByteView file) : file_(file) {}

  Rescue run() {
    if (file_.size() <= base_block_size) {
      warn(HiveRule::file_size, 0, "a base block and bins", std::to_string(file_.size()) + " bytes");
      return finish();
    }
    const BaseBlock base = *BaseBlock::read(file_);
    const auto whole = static_cast<std::uint32_t>(std::min<std::uint64_t>(file_.size() - base_block_size, 0xFFFFFFF8));
    const bool size_is_known = base.signature == regf_signature && base.bins_size != 0;
    if (size_is_known && base.bins_size > whole) {
      warn(HiveRule::file_size, base_field::bins_size, std::to_string(base.file_size()) + " bytes",
           std::to_string(file_.size()) + " bytes");
    }
    bins_ = {.data = file_.bytes().data() + base_block_size,
             .size = (size_is_known ? std::min(base.bins_size, whole) : whole) / 8 * 8,
             .minor = base.signature == regf_signature && base.minor <= 6 ? base.minor : 5};
    used_ = OffsetSet(bins_.size);
    sound_securities_ = used_;
    budget_ = file_.size();
    std::uint32_t root = base.root;
    if (base.signature != regf_signature || !is_key(root)) {
      warn(HiveRule::key_signature, base_field::root, "the root key", hex(root));
      const auto found = find_root();
      if (!found) return finish();
      root = *found;
    }
    used_.insert(root);
    read_key(root, rescue_.tree.root, 1);
    return finish();
  }

 private:
  Rescue finish() {
    rescue_.complete = rescue_.warnings.empty();
    return std::move(rescue_);
  }

  void warn(HiveRule rule, std::uint64_t at, std::string expected, std::string found) {
    if (rescue_.warnings.size() < warnings_max)
      rescue_.warnings.push_back({rule, at, std::move(expected), std::move(found)});
  }

  static std::uint64_t place(std::uint32_t cell, std::uint32_t field = 0) noexcept {
    return std::uint64_t{base_block_size} + cell + 4 + field;
  }

  // Cells lie where references say; in strict order they would have to be allocated.
  ByteView cell(std::uint32_t offset) const noexcept { return bins_.cell(offset); }

  bool is_key(std::uint32_t offset) const noexcept {
    const ByteView key = cell(offset);
    return key.holds(0, key_field::name) && key.at<std::uint16_t>(0) == key_mark;
  }

  // A key that says it is a root; the first in the bins, for roots are written first.
  std::optional<std::uint32_t> find_root() const noexcept {
    for (std::uint32_t at = 0; at + 8 <= bins_.size; at += 8) {
      if (is_key(at) && (cell(at).at<std::uint16_t>(key_field::flags) & key_flag::hive_entry) != 0) return at;
    }
    return std::nullopt;
  }

  std::optional<ByteView> claim(std::uint32_t offset, std::uint64_t at, std::string_view what) {
    const ByteView bytes = cell(offset);
    if (bytes.size() == 0) {
      warn(HiveRule::cell_reference, at, "a cell with " + std::string(what), hex(offset));
      return std::nullopt;
    }
    if (used_.contains(offset)) {
      warn(HiveRule::cell_shared, at, "a cell of its own with " + std::string(what), hex(offset));
      return std::nullopt;
    }
    if ((ByteView(std::span(bins_.data, bins_.size)).at<std::uint32_t>(offset) & 0x80000000) == 0) {
      warn(HiveRule::cell_reference, at, "an allocated cell with " + std::string(what),
           hex(offset) + ", which is free");
    }
    used_.insert(offset);
    return bytes;
  }

  bool spend(std::uint64_t size) noexcept {
    if (size > budget_) return false;
    budget_ -= size;
    return true;
  }

  std::span<const std::byte> clipped(ByteView from, std::uint64_t at, std::uint64_t size, HiveRule rule,
                                     std::uint64_t told_at) {
    const std::uint64_t there = from.size() > at ? from.size() - at : 0;
    const std::uint64_t taken = std::min(size, there);
    if (taken < size) warn(rule, told_at, "at most " + std::to_string(there), std::to_string(size));
    if (!spend(taken)) {
      warn(rule, told_at, "no more than the file holds", "bytes used twice");
      return {};
    }
    return from.part(at, taken).value_or(ByteView{}).bytes();
  }

  void read_key(std::uint32_t offset, KeyNode& node, std::uint32_t depth) {
    const ByteView key = cell(offset);
    const Key view(bins_, offset);
    node = {.time = view.time(),
            .flags = static_cast<std::uint16_t>(view.flags() & ~key_flag::predefined),
            .user_flags = view.user_flags(),
            .access_bits = view.access_bits()};
    node.name = Name(clipped(key, key_field::name, key.at<std::uint16_t>(key_field::name_size), HiveRule::key_name,
                             place(offset, key_field::name_size)),
                     (view.flags() & key_flag::compressed_name) != 0);
    read_class(offset, node);
    read_security(offset, node);
    if ((view.flags() & key_flag::predefined) != 0) {
      node.flags |= key_flag::predefined;
      node.predefined_handle = *view.predefined_handle();
    } else {
      read_values(offset, node);
    }
    read_subkeys(offset, node, depth);
  }

  void read_class(std::uint32_t offset, KeyNode& node) {
    const ByteView key = cell(offset);
    const auto size = key.at<std::uint16_t>(key_field::class_size);
    if (size == 0) return;
    const auto text =
        claim(key.at<std::uint32_t>(key_field::class_name), place(offset, key_field::class_name), "a class name");
    if (text)
      node.class_name =
          Name(clipped(*text, 0, size, HiveRule::class_name, place(offset, key_field::class_size)), false);
  }

  // A key without a usable descriptor gets the last sound one above or beside it.
  void read_security(std::uint32_t offset, KeyNode& node) {
    const auto security = cell(offset).at<std::uint32_t>(key_field::security);
    if (is_sound_security(security)) {
      security_ = Key(bins_, offset).security();
    } else {
      warn(HiveRule::descriptor, place(offset, key_field::security), "a security cell with a sound descriptor",
           hex(security));
      if (security_.empty()) security_ = plain_security();
    }
    node.security = security_;
  }

  bool is_sound_security(std::uint32_t offset) {
    if (sound_securities_.contains(offset)) return true;
    const ByteView security = cell(offset);
    if (used_.contains(offset) || !security.holds(0, security_field::descriptor)) return false;
    used_.insert(offset);
    const auto descriptor = security.part(security_field::descriptor, security.at<std::uint32_t>(security_field::size));
    if (security.at<std::uint16_t>(0) != security_mark || !descriptor || !spend(descriptor->size())) return false;
    if (check_descriptor(*descriptor)) return false;
    sound_securities_.insert(offset);
    return true;
  }

  // Administrators and SYSTEM, full control: better than a key that nobody can repair.
  static std::span<const std::byte> plain_security() noexcept {
    static constexpr unsigned char descriptor[] = {
        1, 0, 4,  0x80, 72,   0, 0,    0, 88, 0, 0, 0, 0,    0, 0, 0, 20, 0, 0, 0,                 // header
        2, 0, 52, 0,    2,    0, 0,    0,                                                          // list
        0, 2, 24, 0,    0x3F, 0, 0x0F, 0, 1,  2, 0, 0, 0,    0, 0, 5, 32, 0, 0, 0, 0x20, 2, 0, 0,  // Administrators
        0, 2, 20, 0,    0x3F, 0, 0x0F, 0, 1,  1, 0, 0, 0,    0, 0, 5, 18, 0, 0, 0,                 // SYSTEM
        1, 2, 0,  0,    0,    0, 0,    5, 32, 0, 0, 0, 0x20, 2, 0, 0,                              // owner
        1, 2, 0,  0,    0,    0, 0,    5, 32, 0, 0, 0, 0x20, 2, 0, 0,                              // group
    };
    return std::as_bytes(std::span(descriptor));
  }

  void read_values(std::uint32_t offset, KeyNode& node) {
    const ByteView key = cell(offset);
    const auto count = key.at<std::uint32_t>(key_field::value_count);
    if (count == 0) return;
    const auto list_cell = key.at<std::uint32_t>(key_field::value_list);
    const auto list = claim(list_cell, place(offset, key_field::value_list), "a value list");
    if (!list) return;
    const auto held = static_cast<std::uint32_t>(list->size() / 4);
    if (count > held) {
      warn(HiveRule::value_list_size, place(offset, key_field::value_count), "at most " + std::to_string(held),
           std::to_string(count));
    }
    for (std::uint32_t index = 0; index < std::min(count, held); ++index) {
      read_value(list->at<std::uint32_t>(std::uint64_t{index} * 4), place(list_cell, index * 4), node);
    }
  }

  void read_value(std::uint32_t offset, std::uint64_t at, KeyNode& node) {
    const auto value = claim(offset, at, "a value");
    if (!value) return;
    if (!value->holds(0, value_field::name) || value->at<std::uint16_t>(0) != value_mark) {
      return warn(HiveRule::value_signature, at, "a value", hex(offset));
    }
    ValueNode read{.type = value->at<std::uint32_t>(value_field::type)};
    const bool compressed = (value->at<std::uint16_t>(value_field::flags) & value_name_compressed) != 0;
    read.name = Name(clipped(*value, value_field::name, value->at<std::uint16_t>(value_field::name_size),
                             HiveRule::value_name, place(offset, value_field::name_size)),
                     compressed);
    read_data(offset, *value, read);
    node.values.push_back(read);
  }

  void read_data(std::uint32_t offset, ByteView value, ValueNode& read) {
    const auto size = value.at<std::uint32_t>(value_field::data_size);
    const std::uint64_t at = place(offset, value_field::data);
    if ((size & resident_bit) != 0) {
      if ((size & ~resident_bit) > 4)
        warn(HiveRule::value_size, at, "at most 4 bytes", std::to_string(size & ~resident_bit));
      read.data = Data(value.part(value_field::data, std::min(size & ~resident_bit, 4U))->bytes());
      return;
    }
    if (size == 0) return;
    const auto data_cell = value.at<std::uint32_t>(value_field::data);
    const auto data = claim(data_cell, at, "data");
    if (!data) return;
    const bool is_big = size > segment_size && data->size() < size && data->get<std::uint16_t>(0) == big_data_mark;
    if (!is_big) {
      read.data = Data(clipped(*data, 0, size, HiveRule::value_size, at));
      return;
    }
    read.data = read_big_data(data_cell, *data, size, at);
  }

  // Segments are put together in one place, as far as they can be had.
  Data read_big_data(std::uint32_t offset, ByteView head, std::uint32_t size, std::uint64_t at) {
    if (!head.holds(0, big_data_field::end)) return {};
    const auto list_cell = head.at<std::uint32_t>(big_data_field::list);
    const auto list = claim(list_cell, place(offset, big_data_field::list), "segments");
    if (!list) return {};
    const std::uint64_t held = std::min<std::uint64_t>(head.at<std::uint16_t>(big_data_field::count), list->size() / 4);
    std::vector<std::byte> bytes;
    for (std::uint32_t index = 0; index < held && bytes.size() < size; ++index) {
      const std::uint64_t told_at = place(list_cell, index * 4);
      const auto segment = claim(list->at<std::uint32_t>(std::uint64_t{index} * 4), told_at, "a segment");
      if (!segment) break;
      const auto part = clipped(*segment, 0, std::min<std::uint64_t>(segment_size, size - bytes.size()),
                                HiveRule::big_data_segments, told_at);
      bytes.insert(bytes.end(), part.begin(), part.end());
      if (part.size() < segment_size) break;
    }
    if (bytes.size() < size) {
      warn(HiveRule::big_data_segments, at, std::to_string(size) + " bytes", std::to_string(bytes.size()));
    }
    return Data(rescue_.tree.keep(std::move(bytes)));
  }

  void read_subkeys(std::uint32_t offset, KeyNode& node, std::uint32_t depth) {
    const ByteView key = cell(offset);
    const auto count = key.at<std::uint32_t>(key_field::subkey_count);
    if (count == 0) return;
    if (depth >= depth_max) {
      return warn(HiveRule::key_depth, place(offset, key_field::subkey_list), "at most 512 levels", "one more");
    }
    std::vector<std::uint32_t> subkeys;
    read_list(key.at<std::uint32_t>(key_field::subkey_list), place(offset, key_field::subkey_list), true, subkeys);
    if (subkeys.size() != count) {
      warn(HiveRule::subkey_count, place(offset, key_field::subkey_count), std::to_string(subkeys.size()),
           std::to_string(count));
    }
    node.subkeys.reserve(subkeys.size());
    for (const std::uint32_t subkey : subkeys) {
      KeyNode& read = node.subkeys.emplace_back();
      read_key(subkey, read, depth + 1);
      if (read.name.empty()) {
        warn(HiveRule::key_name, place(subkey, key_field::name_size), "a name", "none");
        node.subkeys.pop_back();
      }
    }
    drop_duplicates(offset, node);
  }

  void read_list(std::uint32_t offset, std::uint64_t at, bool top, std::vector<std::uint32_t>& subkeys) {
    const auto list = claim(offset, at, "a subkey list");
    if (!list) return;
    const auto mark = list->get<std::uint16_t>(0).value_or(0);
    const bool is_lists = mark == list_of_lists_mark && top;
    const std::uint32_t stride = is_lists ? 4 : element_size(mark);
    if (stride == 0) return warn(HiveRule::list_signature, place(offset), "lf, lh, li or ri", hex(mark));
    const std::uint64_t count = list->get<std::uint16_t>(list_field::count).value_or(0);
    const std::uint64_t held = (std::max<std::uint64_t>(list->size(), 4) - 4) / stride;
    if (count > held) {
      warn(HiveRule::list_size, place(offset, list_field::count), "at most " + std::to_string(held),
           std::to_string(count));
    }
    for (std::uint32_t index = 0; index < std::min(count, held); ++index) {
      const std::uint32_t field = list_field::elements + index * stride;
      const auto element = list->at<std::uint32_t>(field);
      if (is_lists) {
        read_list(element, place(offset, field), false, subkeys);
      } else if (!is_key(element)) {
        warn(HiveRule::key_signature, place(offset, field), "a key", hex(element));
      } else if (claim(element, place(offset, field), "a key")) {
        subkeys.push_back(element);
      }
    }
  }

  void drop_duplicates(std::uint32_t offset, KeyNode& node) {
    const auto out_of_order = [](const KeyNode& left, const KeyNode& right) {
      return left.name.compare(right.name) >= 0;
    };
    if (std::adjacent_find(node.subkeys.begin(), node.subkeys.end(), out_of_order) == node.subkeys.end()) return;
    warn(HiveRule::list_order, place(offset, key_field::subkey_list), "sorted subkeys", "unsorted or doubled ones");
    sort_by_name(node.subkeys);
    const auto same = [](const KeyNode& left, const KeyNode& right) { return left.name.same(right.name); };
    node.subkeys.erase(std::unique(node.subkeys.begin(), node.subkeys.end(), same), node.subkeys.end());
  }

  ByteView file_;
  Bins bins_{};
  OffsetSet used_{0};
  OffsetSet sound_securities_{0};
  std::uint64_t budget_ = 0;
  std::span<const std::byte> security_{};
  Rescue rescue_{};
};

}  // namespace

Rescue rescue_hive(std::span<const std::byte> file) { return Rescuer(file).run(); }

}  // namespace roamsync::hive
