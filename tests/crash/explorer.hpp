/// @file
/// Explorer: cuts the power after every operation of a publish, looks at every disk that may be left, recovers it, and cuts
/// the power again after every operation of each recovery, until no new disk turns up.
#pragma once

#include "support/crash_store.hpp"

#include <roamsync/transaction.hpp>

#include <functional>
#include <map>
#include <string>
#include <unordered_set>
#include <vector>

namespace roamsync::testing {

/// Publishes, one after the other, that are to be cut, on a disk that holds target and records.
struct CrashScenario {
  MemoryStore::Content before = {};
  /// Where the profile and the records lie on the disk; the root and `.roamsync` on a server.
  ProfilePath profile = {};
  ProfilePath records = {};
  using Publish = std::function<Result<void>(Store& target, RecordFolder records)>;
  std::vector<Publish> publishes = {};
};

class Explorer {
 public:
  Explorer(CrashScenario scenario, CrashOptions options)
      : scenario_(std::move(scenario)), options_(std::move(options)) {}

  /// What broke the promise, in words; stops after the first few.
  std::vector<std::string> explore();
  std::size_t disks_seen() const noexcept { return seen_.size(); }
  std::size_t cuts_made() const noexcept { return cuts_; }

 private:
  /// What a user finds: the profile, and which head stands beside it.
  struct View {
    std::map<std::string, std::string> profile;
    std::string head;
    friend bool operator==(const View&, const View&) = default;
  };
  View view_of(const MemoryStore::Content& content) const;
  void check_unrecovered(const MemoryStore::Content& content, const std::string& where);
  void check_recovered(const MemoryStore::Content& content, const std::string& where, std::size_t reached);
  bool recover_all(CrashStore& disk, const std::string& where);
  void add(MemoryStore::Content content, const std::string& where, std::size_t reached);
  void settle_all();
  void violation(const std::string& where, const std::string& what);
  bool enough() const noexcept { return violations_.size() >= 5; }

  struct Waiting {
    MemoryStore::Content content;
    std::string where;
    std::size_t reached;  // so many publishes had returned
  };
  CrashScenario scenario_;
  CrashOptions options_;
  std::vector<View> views_;  // before the first publish, and after each
  std::vector<Waiting> waiting_;
  std::unordered_set<std::string> seen_;
  std::vector<std::string> violations_;
  std::size_t cuts_ = 0;
};

}  // namespace roamsync::testing
