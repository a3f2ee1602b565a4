#include "hive/checker.hpp"

namespace roamsync::hive {
namespace {

// A name can take 64 KiB, and there can be many faults.
std::string shown(Name name) {
  constexpr std::size_t shown_max = 80;
  std::u16string text = name.utf16();
  if (text.size() > shown_max) text.replace(shown_max, text.size(), u"\u2026");
  return '"' + to_utf8(text) + '"';
}

}  // namespace

void Checker::check_tree() {
  const Reference root{base_.root, base_field::root};
  if (!check_key(root, nil)) return;
  info_.root_name = key_name(payload(root.cell)).utf8();
  std::vector<Frame> path;
  path.reserve(depth_max);
  enter_key(root.cell, path);
  while (!path.empty() && !stopped()) {
    Frame& frame = path.back();
    const auto subkey = next_subkey(frame);
    if (!subkey) {
      if (frame.counted != frame.expected) {
        fault(HiveRule::subkey_count, place(frame.key, key_field::subkey_count),
              std::to_string(frame.counted) + ", as many as the lists hold", std::to_string(frame.expected));
      }
      path.pop_back();
      continue;
    }
    if (!check_key(*subkey, frame.key)) continue;
    check_order(frame, *subkey);
    if (path.size() >= depth_max) {
      fault(HiveRule::key_depth, subkey->at, "at most " + std::to_string(depth_max) + " levels", "one more");
      continue;
    }
    enter_key(subkey->cell, path);
  }
}

// The key itself, without what hangs on it.
bool Checker::check_key(Reference reference, std::uint32_t parent) {
  const auto key = claim(reference);
  if (!key) return false;
  const std::uint32_t cell = reference.cell;
  if (const auto mark = key->get<std::uint16_t>(0); mark != key_mark) {
    return fault(HiveRule::key_signature, place(cell), "\"nk\"", hex(mark.value_or(0)));
  }
  if (!key->holds(0, key_field::name)) {
    return fault(HiveRule::key_size, place(cell), std::to_string(key_field::name) + " bytes",
                 std::to_string(key->size()) + " bytes");
  }
  const auto flags = key->at<std::uint16_t>(key_field::flags);
  const auto name_size = key->at<std::uint16_t>(key_field::name_size);
  const bool is_root = parent == nil;
  const bool is_odd = (flags & key_flag::compressed_name) == 0 && name_size % 2 != 0;
  if (!key->holds(key_field::name, name_size) || is_odd || (name_size == 0 && !is_root)) {
    return fault(HiveRule::key_name, place(cell, key_field::name_size),
                 is_odd ? "an even size"
                        : std::string(is_root ? "0" : "1") + " to " + std::to_string(key->size() - key_field::name),
                 std::to_string(name_size));
  }
  // The root's parent is what an earlier owner left there. A wrong one keeps nobody from looking further: cells are used once.
  if (const auto stored = key->at<std::uint32_t>(key_field::parent); !is_root && stored != parent) {
    fault(HiveRule::key_parent, place(cell, key_field::parent), hex(parent), hex(stored));
  }
  ++info_.keys;
  const FileTime time{static_cast<std::int64_t>(key->at<std::uint64_t>(key_field::time))};
  info_.newest_key_time = std::max(info_.newest_key_time, time);
  return true;
}

// What hangs on a sound key: class, security and values now, its subkeys by a frame on the path.
void Checker::enter_key(std::uint32_t cell, std::vector<Frame>& path) {
  check_class(cell);
  const ByteView key = payload(cell);
  check_security({key.at<std::uint32_t>(key_field::security), place(cell, key_field::security)});
  if (!stopped()) check_values(cell);
  if (stopped()) return;
  Frame frame{.key = cell, .expected = key.at<std::uint32_t>(key_field::subkey_count)};
  if (frame.expected == 0) return;
  const Reference list{key.at<std::uint32_t>(key_field::subkey_list), place(cell, key_field::subkey_list)};
  if (open_list(frame, list, true)) path.push_back(frame);
}

void Checker::check_class(std::uint32_t cell) {
  const ByteView key = payload(cell);
  const auto size = key.at<std::uint16_t>(key_field::class_size);
  if (size == 0) return;
  const auto text = claim({key.at<std::uint32_t>(key_field::class_name), place(cell, key_field::class_name)});
  if (text && (!text->holds(0, size) || size % 2 != 0)) {
    fault(HiveRule::class_name, place(cell, key_field::class_size),
          "an even size of at most " + std::to_string(text->size()), std::to_string(size));
  }
}

bool Checker::open_list(Frame& frame, Reference reference, bool top) {
  const auto list = claim(reference);
  if (!list) return false;
  const auto mark = list->get<std::uint16_t>(0).value_or(0);
  const bool is_lists = mark == list_of_lists_mark;
  const std::uint32_t stride = is_lists ? 4 : element_size(mark);
  if (stride == 0 || (is_lists && !top)) {
    return fault(HiveRule::list_signature, place(reference.cell), top ? "lf, lh, li or ri" : "lf, lh or li", hex(mark));
  }
  const auto count = list->get<std::uint16_t>(list_field::count).value_or(0);
  const auto elements = list->part(list_field::elements, std::uint64_t{count} * stride);
  if (!elements) {
    return fault(HiveRule::list_size, place(reference.cell, list_field::count),
                 "at most " + std::to_string((list->size() - std::min<std::size_t>(list->size(), 4)) / stride),
                 std::to_string(count));
  }
  const std::uint64_t at = place(reference.cell, list_field::elements);
  if (is_lists) {
    frame.lists = *elements;
    frame.lists_at = at;
  } else {
    frame.elements = *elements;
    frame.elements_at = at;
    frame.stride = stride;
  }
  return true;
}

std::optional<Checker::Reference> Checker::next_subkey(Frame& frame) {
  while (frame.elements.size() == 0) {
    if (frame.lists.size() == 0) return std::nullopt;
    const Reference list{frame.lists.at<std::uint32_t>(0), frame.lists_at};
    frame.lists = *frame.lists.part(4, frame.lists.size() - 4);
    frame.lists_at += 4;
    open_list(frame, list, false);
    if (stopped()) return std::nullopt;
  }
  const Reference subkey{frame.elements.at<std::uint32_t>(0), frame.elements_at};
  frame.elements = *frame.elements.part(frame.stride, frame.elements.size() - frame.stride);
  frame.elements_at += frame.stride;
  ++frame.counted;
  return subkey;
}

void Checker::check_order(Frame& frame, Reference subkey) {
  const Name name = key_name(payload(subkey.cell));
  if (frame.previous != nil) {
    const Name before = key_name(payload(frame.previous));
    if (before.compare(name) >= 0) {
      fault(HiveRule::list_order, subkey.at, "a name after " + shown(before), shown(name));
    }
  }
  frame.previous = subkey.cell;
}

}  // namespace roamsync::hive
