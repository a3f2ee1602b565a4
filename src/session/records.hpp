/// @file
/// The records a session keeps: the head on the server; the base, the session and the page digests in the state folder.
#pragma once

#include <roamsync/plan.hpp>
#include <roamsync/store.hpp>
#include <roamsync/transaction.hpp>

#include "session/lineage.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace roamsync {

/// `.roamsync/head`: the profile as the last publish left it.
struct HeadRecord {
  GenerationId id;
  Lineage lineage = {};
  std::string machine;
  std::string user;
  FileTime written = {};
  Tree tree;  ///< with digests
};
std::vector<std::byte> write_head(const HeadRecord& head);
/// Without `with_tree` the tree stays empty: a session whose base is of this very generation knows it already.
Result<HeadRecord> read_head(std::span<const std::byte> bytes, std::string_view location, bool with_tree);

/// `base` in the state folder: what both sides agreed on last.
struct BaseRecord {
  GenerationId id;
  Lineage lineage = {};  ///< of that generation
  Base base = {};
};
std::vector<std::byte> write_base(const BaseRecord& base);
Result<BaseRecord> read_base(std::span<const std::byte> bytes, std::string_view location);

/// `session` in the state folder: what logon decided for this session, and how the last call ended.
struct SessionRecord {
  std::string upload_forbidden;  ///< why this session may not upload; empty: it may
  bool read_only = false;
  bool mandatory = false;
  bool temporary = false;              ///< what lies here is left of a session that had neither server nor cached copy
  std::optional<FileTime> loaded;      ///< profile load time T
  std::optional<FileTime> logged_off;  ///< end of the session before
  std::string last_operation;
  std::string last_outcome;
  FileTime last_time = {};
  /// The same was decided about what this session may do; only how its calls ended may differ.
  bool decides_as(const SessionRecord& other) const noexcept {
    return upload_forbidden == other.upload_forbidden && read_only == other.read_only && mandatory == other.mandatory &&
           temporary == other.temporary;
  }
  friend bool operator==(const SessionRecord&, const SessionRecord&) = default;
};
std::vector<std::byte> write_session(const SessionRecord& session);
Result<SessionRecord> read_session(std::span<const std::byte> bytes, std::string_view location);

/// `pages` in the state folder: page digests of large files by their content, so that a changed one moves only its changed
/// pages whichever side has to take them.
struct PageRecord {
  struct File {
    ProfilePath path;
    Digest content;
    std::shared_ptr<const PageDigests> pages;
  };
  std::vector<File> files;
  /// The pages of the file of that content, or null.
  std::shared_ptr<const PageDigests> find(const Digest& content) const;
};
std::vector<std::byte> write_pages(const PageRecord& pages);
Result<PageRecord> read_pages(std::span<const std::byte> bytes, std::string_view location);

inline constexpr std::string_view head_name = "head";
inline constexpr std::string_view lock_name = "lock";
inline constexpr std::string_view base_name = "base";
inline constexpr std::string_view session_name = "session";
inline constexpr std::string_view pages_name = "pages";

/// Reads a record file. Nothing when there is none; a damaged or too new one is the error.
Result<std::optional<std::vector<std::byte>>> read_record_file(Store& store, const ProfilePath& path);

/// Puts a small file in place in one step. `durable`: it survives a power cut once this returns.
Result<void> replace_record_file(Store& store, const ProfilePath& path, std::span<const std::byte> bytes, bool durable);

}  // namespace roamsync
