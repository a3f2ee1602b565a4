/// @file
/// Random small trees and random changes to them. Names come from a short list, so that changes meet.
#pragma once

#include <random>

#include "support/hive_builder.hpp"

namespace roamsync::testing {

class RandomTrees {
 public:
  explicit RandomTrees(unsigned seed) : random_(seed) {}

  KeySpec tree() {
    KeySpec root{.name = u"ROOT"};
    fill(root, 0);
    return root;
  }

  /// The tree with `count` changes, each with a later key time.
  KeySpec changed(KeySpec root, std::size_t count) {
    for (; count > 0; --count) change(root);
    return root;
  }

 private:
  std::size_t below(std::size_t end) { return random_() % end; }
  std::u16string name() {
    static const std::u16string names[] = {u"alpha", u"Beta", u"GAMMA", u"d\u00E9lta", u"\u0394", u"zeta zeta"};
    return names[below(std::size(names))];
  }

  ValueSpec value() {
    if (below(40) == 0) return binary_value(u"", 16300 + below(100), 5);
    switch (below(4)) {
      case 0: return number_value(name(), static_cast<std::uint32_t>(below(4)));
      case 1: return text_value(name(), name());
      case 2: return binary_value(name(), below(40), static_cast<unsigned>(below(3)));
      default: return {name(), static_cast<std::uint32_t>(below(13)), {}};
    }
  }

  void fill(KeySpec& key, int depth) {
    key.time += static_cast<std::int64_t>(below(1000));
    for (std::size_t count = below(4); count > 0; --count) set(key, value());
    if (depth == 3) return;
    for (std::size_t count = below(4); count > 0; --count) {
      KeySpec subkey{.name = name()};
      fill(subkey, depth + 1);
      if (!find(key, subkey.name)) key.subkeys.push_back(std::move(subkey));
    }
  }

  static KeySpec* find(KeySpec& key, const std::u16string& name) {
    for (KeySpec& subkey : key.subkeys) {
      if (subkey.name == name) return &subkey;
    }
    return nullptr;
  }
  static void set(KeySpec& key, ValueSpec value) {
    for (ValueSpec& present : key.values) {
      if (present.name == value.name) return void(present = std::move(value));
    }
    key.values.push_back(std::move(value));
  }

  void change(KeySpec& root) {
    KeySpec* key = &root;
    while (!key->subkeys.empty() && below(3) != 0) key = &key->subkeys[below(key->subkeys.size())];
    key->time += 1 + static_cast<std::int64_t>(below(5000));
    switch (below(7)) {
      case 0:
      case 1: return set(*key, value());
      case 2:
        if (!key->values.empty())
          key->values.erase(key->values.begin() + static_cast<std::ptrdiff_t>(below(key->values.size())));
        return;
      case 3:
        if (!key->subkeys.empty()) {
          key->subkeys.erase(key->subkeys.begin() + static_cast<std::ptrdiff_t>(below(key->subkeys.size())));
        }
        return;
      case 4: return void(key->class_name = name());
      case 5: return void(key->security = below(3));
      default: {
        KeySpec subkey{.name = name()};
        fill(subkey, 2);
        if (!find(*key, subkey.name)) key->subkeys.push_back(std::move(subkey));
      }
    }
  }

  std::mt19937 random_;
};

inline Bytes build_random(const KeySpec& root, std::uint32_t minor = 5) {
  return build_hive({.minor = minor,
                     .root = root,
                     .securities = {plain_descriptor(), plain_descriptor(0x20019), plain_descriptor(0x0001)},
                     .list_max = 3});
}

}  // namespace roamsync::testing
