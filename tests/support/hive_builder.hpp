/// @file
/// Makes sound registry hives in memory, of any size and shape, for tests and benchmarks. Written apart from the library's
/// own writer, so that each can be held against the other. Same spec, same bytes.
///
///     HiveSpec spec{.root = {.name = u"ROOT", .subkeys = {{.name = u"Software", .values = {text_value(u"Who", u"me")}}}}};
///     std::vector<std::byte> file = build_hive(spec);
///
/// For tests that break things, `HiveBuilder` also tells where each cell stands.
#pragma once

#include <roamsync/hive_name.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <random>
#include <span>
#include <string>
#include <vector>

namespace roamsync::testing {

using Bytes = std::vector<std::byte>;

struct ValueSpec {
  std::u16string name = {};
  std::uint32_t type = 3;  ///< REG_BINARY
  Bytes data = {};
};

struct KeySpec {
  std::u16string name = {};
  std::vector<ValueSpec> values = {};
  std::vector<KeySpec> subkeys = {};            ///< in any order; they are sorted
  std::int64_t time = 133'000'000'000'000'000;  ///< ticks since 1601
  std::u16string class_name = {};
  std::size_t security = 0;  ///< which of the hive's descriptors
  std::uint16_t flags = 0;   ///< besides those the builder knows: root, compressed name
};

enum class ListKind { by_version, li, lf, lh };  ///< by_version: lf in 1.3, lh from 1.5

/// Everyone may do everything: S-1-1-0, KEY_ALL_ACCESS; owner and group Administrators.
Bytes plain_descriptor(std::uint32_t mask = 0x000F003F);

struct HiveSpec {
  std::uint32_t minor = 5;
  KeySpec root = {.name = u"ROOT"};
  std::vector<Bytes> securities = {plain_descriptor()};
  std::uint32_t primary = 1, secondary = 1;
  ListKind lists = ListKind::by_version;
  std::size_t list_max = 507;      ///< longer lists are split under an `ri`
  bool utf16_names = false;        ///< also where Latin-1 would do
  std::size_t free_after_key = 0;  ///< bytes of free cells after each key, in cells of 16 to 1024 bytes
  std::size_t free_tail = 0;       ///< bytes of free bins at the end
  std::size_t slack = 0;           ///< bytes of garbage behind the bins
};

inline void put_at(Bytes& bytes, std::size_t at, std::uint64_t value, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) bytes[at + i] = static_cast<std::byte>(value >> (8 * i));
}
inline std::uint32_t get_at(const Bytes& bytes, std::size_t at, std::size_t size = 4) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < size; ++i) value |= std::to_integer<std::uint32_t>(bytes[at + i]) << (8 * i);
  return value;
}
/// Stores the right checksum in the first 512 bytes at `at`.
inline void seal(Bytes& file, std::size_t at = 0) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < 508; i += 4) sum ^= get_at(file, at + i);
  put_at(file, at + 508, sum == 0 ? 1 : sum == 0xFFFFFFFF ? 0xFFFFFFFE : sum, 4);
}

inline Bytes utf16_bytes(std::u16string_view text) {
  Bytes bytes(text.size() * 2);
  for (std::size_t i = 0; i < text.size(); ++i) put_at(bytes, 2 * i, text[i], 2);
  return bytes;
}
inline ValueSpec text_value(std::u16string name, std::u16string text) {
  text += u'\0';
  return {std::move(name), 1, utf16_bytes(text)};
}
inline ValueSpec number_value(std::u16string name, std::uint32_t number) {
  ValueSpec value{std::move(name), 4, Bytes(4)};
  put_at(value.data, 0, number, 4);
  return value;
}
inline ValueSpec binary_value(std::u16string name, std::size_t size, unsigned seed = 1) {
  ValueSpec value{std::move(name), 3, Bytes(size)};
  std::minstd_rand random(seed + 1);
  for (std::byte& byte : value.data) byte = static_cast<std::byte>(random() >> 8);
  return value;
}

inline Bytes plain_descriptor(std::uint32_t mask) {
  const auto sid = [](Bytes& to, std::uint8_t authority, std::vector<std::uint32_t> parts) {
    const std::size_t at = to.size();
    to.resize(at + 8 + 4 * parts.size());
    put_at(to, at, 1 | (parts.size() << 8), 2);
    to[at + 7] = std::byte{authority};
    for (std::size_t i = 0; i < parts.size(); ++i) put_at(to, at + 8 + 4 * i, parts[i], 4);
  };
  Bytes descriptor(20);
  put_at(descriptor, 0, 0x8004'0001, 4);  // revision 1, self-relative, DACL present
  put_at(descriptor, 16, 20, 4);
  descriptor.resize(36);
  put_at(descriptor, 20, 2 | (28ULL << 16), 4);  // ACL of revision 2, 28 bytes
  put_at(descriptor, 24, 1, 4);
  put_at(descriptor, 28, 20ULL << 16, 4);  // allowed, 20 bytes
  put_at(descriptor, 32, mask, 4);
  sid(descriptor, 1, {0});
  put_at(descriptor, 4, descriptor.size(), 4);
  sid(descriptor, 5, {32, 544});
  put_at(descriptor, 8, descriptor.size(), 4);
  sid(descriptor, 5, {32, 544});
  return descriptor;
}

class HiveBuilder {
 public:
  explicit HiveBuilder(const HiveSpec& spec) : spec_(spec), random_(7) {
    file_.resize(base_size);
    std::vector<std::uint32_t> securities;
    for (const Bytes& descriptor : spec.securities) securities.push_back(add_security(descriptor));
    for (std::size_t i = 0; i < securities.size(); ++i) {
      put32(securities[i], 4, securities[(i + 1) % securities.size()]);
      put32(securities[i], 8, securities[(i + securities.size() - 1) % securities.size()]);
    }
    securities_ = securities;
    const std::uint32_t root = add_key(spec.root, u"", 0, true);
    if (spec.free_tail > 0) open_bin(spec.free_tail), close_bin();
    close_bin();
    put_header(root);
    for (std::size_t i = 0; i < spec.slack; ++i) file_.push_back(static_cast<std::byte>(0xA5 + i));
  }

  const Bytes& file() const { return file_; }
  Bytes take() { return std::move(file_); }

  /// Cells as offsets into the bins. A key's path has `\` between names; the root's is empty. A value is `path:name`.
  std::uint32_t key(const std::u16string& path) const { return keys_.at(path); }
  std::uint32_t value(const std::u16string& path) const { return values_.at(path); }
  std::uint32_t security(std::size_t index) const { return securities_.at(index); }
  /// The place in the file of a field of a cell's payload.
  static std::size_t place(std::uint32_t cell, std::size_t field = 0) { return base_size + cell + 4 + field; }
  /// A field of a cell: four bytes unless told.
  std::uint32_t field(std::uint32_t cell, std::size_t field, std::size_t size = 4) const {
    return get_at(file_, place(cell, field), size);
  }

 private:
  static constexpr std::size_t base_size = 4096, bin_header = 32, segment = 16344;

  void put32(std::uint32_t cell, std::size_t field, std::uint64_t value) {
    put_at(file_, place(cell, field), value, 4);
  }
  void put16(std::uint32_t cell, std::size_t field, std::uint64_t value) {
    put_at(file_, place(cell, field), value, 2);
  }
  void put(std::uint32_t cell, std::size_t field, std::span<const std::byte> bytes) {
    if (!bytes.empty()) std::memcpy(file_.data() + place(cell, field), bytes.data(), bytes.size());
  }

  void open_bin(std::size_t need) {
    close_bin();
    const std::size_t size = (need + bin_header + 4095) / 4096 * 4096;
    bin_at_ = file_.size();
    file_.resize(bin_at_ + size);
    put_at(file_, bin_at_, 0x6E696268, 4);
    put_at(file_, bin_at_ + 4, bin_at_ - base_size, 4);
    put_at(file_, bin_at_ + 8, size, 4);
    free_at_ = bin_at_ + bin_header;
  }
  void close_bin() {
    if (free_at_ < file_.size() && bin_at_ != 0) put_at(file_, free_at_, file_.size() - free_at_, 4);
    free_at_ = file_.size();
  }
  std::uint32_t take_cell(std::size_t payload, bool in_use = true) {
    const std::size_t size = (payload + 4 + 7) / 8 * 8;
    if (bin_at_ == 0 || file_.size() - free_at_ < size) open_bin(size);
    const std::size_t at = free_at_;
    put_at(file_, at, in_use ? 0 - size : size, 4);
    free_at_ += size;
    return static_cast<std::uint32_t>(at - base_size);
  }

  std::uint32_t add_security(const Bytes& descriptor) {
    const std::uint32_t cell = take_cell(20 + descriptor.size());
    put16(cell, 0, 0x6B73);
    put32(cell, 16, descriptor.size());
    put(cell, 20, descriptor);
    return cell;
  }

  Bytes stored_name(const std::u16string& name, bool& compressed) const {
    compressed = !spec_.utf16_names && std::all_of(name.begin(), name.end(), [](char16_t unit) { return unit < 256; });
    if (!compressed) return utf16_bytes(name);
    Bytes bytes;
    for (const char16_t unit : name) bytes.push_back(static_cast<std::byte>(unit));
    return bytes;
  }

  std::uint32_t add_key(const KeySpec& key, const std::u16string& path, std::uint32_t parent, bool is_root) {
    bool compressed = false;
    const Bytes name = stored_name(key.name, compressed);
    const std::uint32_t cell = take_cell(76 + name.size());
    keys_[path] = cell;
    put16(cell, 0, 0x6B6E);
    put16(cell, 2, key.flags | (is_root ? 0x0CU : 0U) | (compressed ? 0x20U : 0U));
    put_at(file_, place(cell, 4), static_cast<std::uint64_t>(key.time), 8);
    put32(cell, 16, parent);
    put32(cell, 32, 0xFFFFFFFF);
    const std::uint32_t security = securities_.at(key.security);
    put32(cell, 44, security);
    put32(security, 12, field(security, 12) + 1);
    put16(cell, 72, name.size());
    put(cell, 76, name);
    put32(cell, 48, 0xFFFFFFFF);
    if (!key.class_name.empty()) {
      const Bytes text = utf16_bytes(key.class_name);
      const std::uint32_t class_cell = take_cell(text.size());
      put(class_cell, 0, text);
      put32(cell, 48, class_cell);
      put16(cell, 74, text.size());
    }
    add_free_cells();
    put32(cell, 36, key.values.size());
    put32(cell, 40, add_values(key, path, cell));
    put32(cell, 20, key.subkeys.size());
    put32(cell, 28, add_subkeys(key, path, cell));
    return cell;
  }

  void add_free_cells() {
    for (std::size_t left = spec_.free_after_key; left >= 16;) {
      const std::size_t size = std::min<std::size_t>(16 + random_() % 127 * 8, left / 8 * 8);
      take_cell(size - 4, false);
      left -= size;
    }
  }

  void raise(std::uint32_t cell, std::size_t field, std::size_t value) {
    put32(cell, field, std::max<std::size_t>(this->field(cell, field), value));
  }

  std::uint32_t add_values(const KeySpec& key, const std::u16string& path, std::uint32_t key_cell) {
    if (key.values.empty()) return 0xFFFFFFFF;
    const std::uint32_t list = take_cell(4 * key.values.size());
    std::size_t index = 0;
    for (const ValueSpec& value : key.values) {
      bool compressed = false;
      const Bytes name = stored_name(value.name, compressed);
      const std::uint32_t cell = take_cell(20 + name.size());
      values_[path + u":" + value.name] = cell;
      put32(list, 4 * index++, cell);
      put16(cell, 0, 0x6B76);
      put16(cell, 2, name.size());
      put32(cell, 12, value.type);
      put16(cell, 16, compressed ? 1 : 0);
      put(cell, 20, name);
      raise(key_cell, 60, value.name.size() * 2);
      raise(key_cell, 64, value.data.size());
      if (value.data.size() <= 4) {
        put32(cell, 4, 0x8000'0000U + value.data.size());
        put(cell, 8, value.data);
      } else {
        put32(cell, 4, value.data.size());
        const std::uint32_t data = add_data(value.data);
        put32(cell, 8, data);
      }
    }
    return list;
  }

  std::uint32_t add_data(std::span<const std::byte> data) {
    if (data.size() <= segment || spec_.minor <= 3) {
      const std::uint32_t cell = take_cell(data.size());
      put(cell, 0, data);
      return cell;
    }
    const std::size_t count = (data.size() + segment - 1) / segment;
    const std::uint32_t head = take_cell(8);
    const std::uint32_t list = take_cell(4 * count);
    put16(head, 0, 0x6264);
    put16(head, 2, count);
    put32(head, 4, list);
    for (std::size_t i = 0; i < count; ++i) {
      const auto part = data.subspan(i * segment, std::min(segment, data.size() - i * segment));
      const std::uint32_t cell = take_cell(part.size() + 4);  // Windows leaves four bytes behind each
      put(cell, 0, part);
      put32(list, 4 * i, cell);
    }
    return head;
  }

  std::uint32_t add_subkeys(const KeySpec& key, const std::u16string& path, std::uint32_t key_cell) {
    if (key.subkeys.empty()) return 0xFFFFFFFF;
    std::vector<const KeySpec*> sorted;
    for (const KeySpec& subkey : key.subkeys) sorted.push_back(&subkey);
    std::sort(sorted.begin(), sorted.end(), [](const KeySpec* left, const KeySpec* right) {
      const Bytes a = utf16_bytes(left->name);
      const Bytes b = utf16_bytes(right->name);
      return hive::Name(a, false).compare(hive::Name(b, false)) < 0;
    });
    std::vector<std::uint32_t> cells;
    for (const KeySpec* subkey : sorted) {
      cells.push_back(add_key(*subkey, path.empty() ? subkey->name : path + u'\\' + subkey->name, key_cell, false));
      raise(key_cell, 52, subkey->name.size() * 2);
      raise(key_cell, 56, subkey->class_name.size() * 2);
    }
    std::vector<std::uint32_t> lists;
    for (std::size_t from = 0; from < cells.size(); from += spec_.list_max) {
      lists.push_back(add_list(std::span(cells).subspan(from, std::min(spec_.list_max, cells.size() - from)),
                               std::span(sorted).subspan(from)));
    }
    if (lists.size() == 1) return lists.front();
    const std::uint32_t top = take_cell(4 + 4 * lists.size());
    put16(top, 0, 0x6972);
    put16(top, 2, lists.size());
    for (std::size_t i = 0; i < lists.size(); ++i) put32(top, 4 + 4 * i, lists[i]);
    return top;
  }

  std::uint32_t add_list(std::span<const std::uint32_t> cells, std::span<const KeySpec* const> keys) {
    const ListKind kind = spec_.lists != ListKind::by_version ? spec_.lists
                          : spec_.minor >= 5                  ? ListKind::lh
                                                              : ListKind::lf;
    const std::size_t stride = kind == ListKind::li ? 4 : 8;
    const std::uint32_t list = take_cell(4 + stride * cells.size());
    put16(list, 0, kind == ListKind::li ? 0x696C : kind == ListKind::lf ? 0x666C : 0x686C);
    put16(list, 2, cells.size());
    for (std::size_t i = 0; i < cells.size(); ++i) {
      put32(list, 4 + stride * i, cells[i]);
      if (kind == ListKind::li) continue;
      const std::u16string& name = keys[i]->name;
      std::uint32_t hint = 0;
      if (kind == ListKind::lh) {
        const Bytes bytes = utf16_bytes(name);
        hint = hive::Name(bytes, false).hash();
      } else if (std::all_of(name.begin(), name.end(), [](char16_t unit) { return unit < 256; })) {
        for (std::size_t c = 0; c < std::min<std::size_t>(4, name.size()); ++c)
          hint |= std::uint32_t{name[c]} << (8 * c);
      }
      put32(list, 8 + stride * i, hint);
    }
    return list;
  }

  void put_header(std::uint32_t root) {
    put_at(file_, 0, 0x66676572, 4);
    put_at(file_, 4, spec_.primary, 4);
    put_at(file_, 8, spec_.secondary, 4);
    put_at(file_, 12, static_cast<std::uint64_t>(spec_.root.time), 8);
    put_at(file_, 20, 1, 4);
    put_at(file_, 24, spec_.minor, 4);
    put_at(file_, 32, 1, 4);
    put_at(file_, 36, root, 4);
    put_at(file_, 40, file_.size() - base_size, 4);
    put_at(file_, 44, 1, 4);
    put_at(file_, base_size + 20, static_cast<std::uint64_t>(spec_.root.time), 8);  // the first bin's copy
    seal(file_);
  }

  const HiveSpec& spec_;
  std::minstd_rand random_;
  Bytes file_;
  std::size_t bin_at_ = 0, free_at_ = 0;
  std::vector<std::uint32_t> securities_;
  std::map<std::u16string, std::uint32_t> keys_, values_;
};

inline Bytes build_hive(const HiveSpec& spec) { return HiveBuilder(spec).take(); }

/// A user hive as profiles have it: `keys` keys in a tree of folders, `values` values in each, some long; `seed` changes the data.
inline HiveSpec profile_hive(std::size_t keys, std::size_t values, unsigned seed = 1, std::uint32_t minor = 3) {
  HiveSpec spec{.minor = minor, .root = {.name = u"CMI-CreateHive{D43B12B8-09B5-40DB-B4F6-F6DFEB78DAEC}"}};
  spec.securities.push_back(plain_descriptor(0x00020019));
  std::minstd_rand random(seed);
  const auto number = [](std::size_t n) {
    const std::string digits = std::to_string(n);
    return std::u16string(digits.begin(), digits.end());
  };
  const auto fill = [&](KeySpec& key, std::size_t index) {
    key.security = index % 7 == 0 ? 1 : 0;
    key.time += static_cast<std::int64_t>(random());
    for (std::size_t v = 0; v < values; ++v) {
      const auto kind = (index + v) % 4;
      const std::u16string name = u"Value" + number(v);
      if (kind == 0) key.values.push_back(number_value(name, static_cast<std::uint32_t>(random())));
      if (kind == 1) key.values.push_back(text_value(name, u"C:\\Users\\me\\AppData\\" + number(random() % 1000000)));
      if (kind == 2) key.values.push_back(binary_value(name, random() % 60, static_cast<unsigned>(random())));
      if (kind == 3) key.values.push_back(text_value(name, number(index)));
    }
  };
  constexpr std::size_t folder_size = 60;
  KeySpec software{.name = u"Software"};
  for (std::size_t index = 0; index < keys; index += folder_size) {
    KeySpec folder{.name = u"Vendor" + number(index / folder_size)};
    fill(folder, index);
    for (std::size_t below = 1; below < folder_size && index + below < keys; ++below) {
      KeySpec key{.name = u"Key" + number(below)};
      fill(key, index + below);
      folder.subkeys.push_back(std::move(key));
    }
    software.subkeys.push_back(std::move(folder));
  }
  KeySpec desktop{.name = u"Desktop", .values = {text_value(u"Wallpaper", u"C:\\Windows\\Web\\4K.jpg")}};
  spec.root.subkeys = {std::move(software), {.name = u"Control Panel", .subkeys = {std::move(desktop)}}};
  return spec;
}

}  // namespace roamsync::testing
