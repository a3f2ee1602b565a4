#include <roamsync/hive_diff.hpp>

#include <algorithm>

#include "hive/matching.hpp"

namespace roamsync::hive {
namespace {

bool same_value(const ValueNode& left, const ValueNode& right) {
  return left.type == right.type && left.data == right.data && left.name.identical(right.name);
}

bool same_key(Key left, Key right, bool is_root) {
  return stored_flags(left.flags()) == stored_flags(right.flags()) && left.user_flags() == right.user_flags() &&
         left.predefined_handle() == right.predefined_handle() && left.class_name().identical(right.class_name()) &&
         std::ranges::equal(left.security(), right.security()) &&
         (is_root || left.name().identical(right.name()));  // a root is called what the hive was mounted as
}

class Differ {
 public:
  explicit Differ(const std::function<void(const Change&)>& tell) : tell_(tell) {}

  void compare(Key left, Key right, bool is_root) {
    if (!same_key(left, right, is_root)) {
      tell_({.kind = ChangeKind::key_changed, .path = path_, .old_key = left, .new_key = right});
    }
    compare_values(left, right);
    for_each_match<2>({left, right}, [&](const std::array<std::optional<Key>, 2>& sides) {
      const PathStep step(path_, (sides[0] ? *sides[0] : *sides[1]).name());
      if (sides[0] && sides[1]) return compare(*sides[0], *sides[1], false);
      tell_all(sides[0] ? *sides[0] : *sides[1], sides[1].has_value());
    });
  }

 private:
  void compare_values(Key left, Key right) {
    for_each_value_match<2>({left, right}, [&](const std::array<const ValueNode*, 2>& sides) {
      if (sides[0] != nullptr && sides[1] != nullptr && same_value(*sides[0], *sides[1])) return;
      Change change{.kind = ChangeKind::value_changed, .path = path_, .old_key = left, .new_key = right};
      if (sides[0] != nullptr) change.old_value = *sides[0];
      if (sides[1] != nullptr) change.new_value = *sides[1];
      if (!change.old_value) change.kind = ChangeKind::value_added;
      if (!change.new_value) change.kind = ChangeKind::value_removed;
      tell_(change);
    });
  }

  void tell_all(Key key, bool added) {
    Change change{.kind = added ? ChangeKind::key_added : ChangeKind::key_removed, .path = path_};
    (added ? change.new_key : change.old_key) = key;
    tell_(change);
    change.kind = added ? ChangeKind::value_added : ChangeKind::value_removed;
    for (const Value value : key.values()) {
      (added ? change.new_value : change.old_value) = node_of(value);
      tell_(change);
    }
    for (const Key subkey : key.subkeys()) {
      const PathStep step(path_, subkey.name());
      tell_all(subkey, added);
    }
  }

  const std::function<void(const Change&)>& tell_;
  std::string path_;
};

// Writes changes one behind the other, each key's heading once.
class TextWriter {
 public:
  TextWriter(const TextSink& sink, const TextOptions& options) : sink_(sink), options_(options) {}

  void tell(const Change& change) {
    text_.clear();
    switch (change.kind) {
      case ChangeKind::key_removed: text_ = "\n[-" + key_line(change.path, options_).substr(1) + '\n'; break;
      case ChangeKind::key_added: heading(change); break;
      case ChangeKind::key_changed: heading(change), key_changed(change); break;
      case ChangeKind::value_added: heading(change), text_ += line(*change.new_value, options_) + '\n'; break;
      case ChangeKind::value_changed:
        heading(change);
        text_ += "; was " + line(*change.old_value, unwrapped()) + '\n' + line(*change.new_value, options_) + '\n';
        break;
      case ChangeKind::value_removed:
        if (!change.new_key) return;  // goes with its key
        heading(change);
        text_ += "; was " + line(*change.old_value, unwrapped()) + '\n';
        text_ += name_text(change.old_value->name) + "=-\n";
        break;
    }
    if (!begun_) sink_("Windows Registry Editor Version 5.00\n");
    begun_ = true;
    sink_(text_);
  }

  bool begun() const noexcept { return begun_; }

 private:
  static std::string line(const ValueNode& value, const TextOptions& options) {
    return value_line(value.name, value.type, value.data, options);
  }
  static std::string quoted(Name name) { return '"' + printable(name.utf8()) + '"'; }
  TextOptions unwrapped() const { return {.prefix = options_.prefix, .wrap = false}; }  // a comment is one line

  void heading(const Change& change) {
    if (begun_ && heading_ == change.path && change.kind != ChangeKind::key_added) return;
    heading_ = change.path;
    text_ += '\n' + key_line(change.path, options_) + '\n';
  }

  void key_changed(const Change& change) {
    const Key before = *change.old_key;
    const Key after = *change.new_key;
    if (!before.class_name().identical(after.class_name())) {
      text_ += "; class " + quoted(after.class_name()) + ", was " + quoted(before.class_name()) + '\n';
    }
    if (!std::ranges::equal(before.security(), after.security())) {
      text_ += "; descriptor " + data_text(3, Data(after.security()), unwrapped()) + ", was " +
               data_text(3, Data(before.security()), unwrapped()) + '\n';
    }
    if (!before.name().identical(after.name())) text_ += "; was spelled " + quoted(before.name()) + '\n';
    if (stored_flags(before.flags()) != stored_flags(after.flags()) || before.user_flags() != after.user_flags() ||
        before.predefined_handle() != after.predefined_handle()) {
      text_ += "; other flags\n";
    }
  }

  const TextSink& sink_;
  const TextOptions& options_;
  std::string text_;
  std::string heading_;
  bool begun_ = false;
};

}  // namespace

std::string_view change_name(ChangeKind kind) noexcept {
  switch (kind) {
    case ChangeKind::key_added: return "key_added";
    case ChangeKind::key_removed: return "key_removed";
    case ChangeKind::key_changed: return "key_changed";
    case ChangeKind::value_added: return "value_added";
    case ChangeKind::value_removed: return "value_removed";
    case ChangeKind::value_changed: break;
  }
  return "value_changed";
}

void diff_hives(Key old_root, Key new_root, const std::function<void(const Change&)>& tell) {
  Differ(tell).compare(old_root, new_root, true);
}

bool diff_text(Key old_root, Key new_root, const TextSink& sink, const TextOptions& options) {
  TextWriter writer(sink, options);
  diff_hives(old_root, new_root, [&](const Change& change) { writer.tell(change); });
  return writer.begun();
}

bool same_content(Key left, Key right) {
  if (left.value_count() != right.value_count() || left.subkey_count() != right.subkey_count()) return false;
  bool same = true;
  diff_hives(left, right, [&](const Change&) { same = false; });
  return same;
}

}  // namespace roamsync::hive
