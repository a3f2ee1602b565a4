/// @file
/// A server and two workstations in memory: what session tests play with.
#pragma once

#include <roamsync/memory_store.hpp>
#include <roamsync/session.hpp>

#include "support/hive_builder.hpp"
#include "support/result_matchers.hpp"
#include "support/sim_host.hpp"

#include <memory>
#include <string>
#include <vector>

namespace roamsync::testing {

inline std::string text_of_bytes(const std::vector<std::byte>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// A sound hive that says `who`; `padding` bytes of binary data make it large.
inline std::string sound_hive(const std::u16string& who, std::size_t padding = 0) {
  HiveSpec spec{.root = {.name = u"ROOT", .subkeys = {{.name = u"Software", .values = {text_value(u"Who", who)}}}}};
  for (std::size_t i = 0; i * 8192 < padding; ++i) {
    const std::string number = std::to_string(i);
    spec.root.subkeys.push_back({.name = u"Key" + std::u16string(number.begin(), number.end()),
                                 .values = {binary_value(u"Data", 8000, static_cast<unsigned>(i))}});
  }
  return text_of_bytes(build_hive(spec));
}

/// The same with sequence numbers that say: a write was begun and not ended.
inline std::string dirty_hive() {
  HiveSpec spec{.root = {.name = u"ROOT"}};
  spec.primary = 8;
  spec.secondary = 7;
  return text_of_bytes(build_hive(spec));
}

/// One workstation: a local profile, a state folder, a clock.
struct Machine {
  explicit Machine(std::string name) : local(make_memory_store({.location = name + ":"})), state(make_memory_store()) {
    host.machine = std::move(name);
    host.seed(std::hash<std::string>()(host.machine));
  }

  void put(const char* path, std::string_view bytes) {
    host.advance(std::chrono::seconds(10));
    local->put_file(ProfilePath::literal(path), bytes, host.now());
  }
  void remove(const char* path) { ASSERT_OK(local->remove_file(ProfilePath::literal(path))); }

  Result<Report> log_on(Store& server, const SessionOptions& options = {}) {
    host.advance(std::chrono::seconds(60));
    return Session(host, {*local, &server, *state}).log_on(options);
  }
  Result<Report> log_off(Store& server, const SessionOptions& options = {}) {
    host.advance(std::chrono::seconds(60));
    return Session(host, {*local, &server, *state}).log_off(options);
  }

  SimHost host;
  std::unique_ptr<MemoryStore> local;
  std::unique_ptr<MemoryStore> state;
};

/// The content of one file; "<none>" when there is none.
inline std::string read(MemoryStore& store, const std::string& path) {
  const auto content = store.content();
  const auto found = content.find(ProfilePath::literal(path));
  return found == content.end() ? "<none>" : text_of_bytes(found->second.bytes);
}

/// Everything on a disk but the lock file, which names whoever looked last.
inline MemoryStore::Content disk(MemoryStore& store) {
  auto content = store.content();
  content.erase(ProfilePath::literal(".roamsync/lock"));
  return content;
}

/// The profile's files and folders without records, one line each: `Desktop/a.txt=bytes`; large contents by size.
inline std::string profile(MemoryStore& store) {
  std::string text;
  for (const auto& [path, node] : store.content()) {
    if (path.is_root() || path.first() == record_folder_name) continue;
    text += path.text();
    if (node.kind == EntryKind::directory) {
      text += "/\n";
    } else {
      text += '=' +
              (node.bytes.size() < 40 ? text_of_bytes(node.bytes)
                                      : std::to_string(std::hash<std::string>()(text_of_bytes(node.bytes)))) +
              '\n';
    }
  }
  return text;
}

class SessionTest : public ::testing::Test {
 protected:
  SessionTest() : server(make_memory_store({.location = "server:"})), a("MACHINE-A"), b("MACHINE-B") {}

  /// Machine A has a profile and has published it; B has fetched it.
  void share_a_profile() {
    a.put("NTUSER.DAT", sound_hive(u"first"));
    a.put("Desktop/a.txt", "a1");
    a.put("Desktop/b.txt", "b1");
    ASSERT_OK(a.log_off(*server));
    ASSERT_OK(b.log_on(*server));
    ASSERT_EQ(profile(*b.local), profile(*server));
  }

  /// What a promise about clean stores means: nobody leaves a temporary name or an intent behind.
  void TearDown() override {
    for (MemoryStore* store : {server.get(), a.local.get(), b.local.get(), a.state.get(), b.state.get()}) {
      for (const auto& [path, node] : store->content()) {
        EXPECT_EQ(path.text().find(".tmp"), std::string::npos) << store->location() << ' ' << path;
        EXPECT_NE(path.name(), intent_name) << store->location() << ' ' << path;
      }
    }
  }

  std::unique_ptr<MemoryStore> server;
  Machine a;
  Machine b;
};

inline bool tells(const Report& report, int id) {
  for (const Notice& notice : report.notices) {
    if (notice.id == id) return true;
  }
  return false;
}

}  // namespace roamsync::testing
