/// @file
/// Change sets for tests, put together against what the target holds, and what a test sees of a store afterwards.
#pragma once

#include <roamsync/filter.hpp>
#include <roamsync/memory_store.hpp>
#include <roamsync/transaction.hpp>

#include "support/at.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace roamsync::testing {

inline std::vector<std::byte> bytes_of(std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}
inline std::string text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Notes what the target holds at each path, as a plan would.
class ChangeBuilder {
 public:
  explicit ChangeBuilder(Store& target) : target_(target) {}

  /// From memory; the hive is put last.
  ChangeBuilder& file(std::string_view path, std::string_view text, FileTime modified = FileTime{1'000'000'000}) {
    const FromMemory source{.bytes = SharedBytes(bytes_of(text)), .attributes = {.modified = modified}};
    changes_.files.push_back({.path = at(path), .source = source, .replaces = now_at(path), .last = is_hive(at(path))});
    return *this;
  }
  ChangeBuilder& file(std::string_view path, Store& store, std::string_view source) {
    changes_.files.push_back({.path = at(path),
                              .source = FromStore{.store = &store, .entry = *store.stat(at(source)).value()},
                              .replaces = now_at(path),
                              .last = is_hive(at(path))});
    return *this;
  }
  ChangeBuilder& directory(std::string_view path) {
    changes_.directories.push_back({.path = at(path), .replaces = now_at(path)});
    return *this;
  }
  ChangeBuilder& remove(std::string_view path) {
    changes_.removals.push_back({.expected = *now_at(path)});
    return *this;
  }
  ChangeBuilder& refit(std::string_view path) {
    changes_.refits.push_back(*now_at(path));
    return *this;
  }
  ChangeSet take() { return std::move(changes_); }

 private:
  std::optional<Entry> now_at(std::string_view path) { return target_.stat(at(path)).value(); }

  Store& target_;
  ChangeSet changes_;
};

/// The bytes of every file of a profile by path, folders with "/" behind; without roamsync's own names.
inline std::map<std::string, std::string> profile_of(const MemoryStore::Content& content) {
  std::map<std::string, std::string> seen;
  for (const auto& [path, node] : content) {
    if (is_own_name(path)) continue;
    if (node.kind == EntryKind::directory) {
      seen[std::string(path.text()) + '/'];
    } else {
      seen[std::string(path.text())] = text_of(node.bytes);
    }
  }
  return seen;
}

/// Every temporary name and every intent there is.
inline std::vector<std::string> leftovers_of(const MemoryStore::Content& content) {
  std::vector<std::string> found;
  for (const auto& [path, node] : content) {
    const std::string_view name = path.name();
    if (name.find(".tmp") != std::string_view::npos || path.text() == ".roamsync/intent")
      found.emplace_back(path.text());
  }
  return found;
}

inline std::string text_at(const MemoryStore& store, std::string_view path) {
  const auto content = store.content();
  const auto found = content.find(at(path));
  return found == content.end() ? "(nothing)" : text_of(found->second.bytes);
}

/// Publishes as a session does: a head that names the generation, `.roamsync` as the record folder.
inline PublishOptions options_of(std::string_view transaction, std::string_view head = "generation 2") {
  return {.transaction = std::string(transaction),
          .lanes = 1,
          .head_name = "head",
          .make_head = [text = std::string(head)](const Published&) -> Result<std::vector<std::byte>> {
            return bytes_of(text);
          }};
}

inline RecordFolder records_of(Store& store) { return {.store = store, .folder = at(record_folder_name)}; }

}  // namespace roamsync::testing
