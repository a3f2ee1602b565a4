/// @file
/// Layout: which temporary name each file and folder of a change set is prepared under, and which of them move together.
#pragma once

#include <roamsync/transaction.hpp>

#include "copy/copy.hpp"
#include "transaction/intent.hpp"

#include <vector>

namespace roamsync {

struct FileToStage {
  const PutFile* put = nullptr;
  ProfilePath temporary = {};
  std::size_t unit = 0;

  // Known once it is staged:
  Copied copied = {};
  bool duplicated = false;  ///< only changed pages were written
};

struct DirectoryToStage {
  const PutDirectory* put = nullptr;
  ProfilePath temporary = {};
  std::size_t unit = 0;
  std::uint64_t access_mark = access_mark_unknown;  ///< known once it is staged
};

struct FolderToRefit {
  ProfilePath path = {};
  std::uint64_t access_mark = access_mark_unknown;  ///< known once everything is staged
};

struct Layout {
  Intent intent;  ///< units: folders, then files; their `entry` and `members` are known once staged
  std::vector<DirectoryToStage> directories;  ///< outermost first
  std::vector<FileToStage> files;             ///< in PathOrder
  /// By the index in `files`, known once all are staged: what lies there now, under its final path and with its digest, and
  /// its source as it was read (of bytes from memory the same).
  std::vector<Entry> staged;
  std::vector<Entry> sources;
  std::vector<FolderToRefit> refits;  ///< outermost first

  Entry& staged_of(const FileToStage& file) { return staged[static_cast<std::size_t>(&file - files.data())]; }
  Entry& source_of(const FileToStage& file) { return sources[static_cast<std::size_t>(&file - files.data())]; }
};

/// Pure. A new folder in a folder that exists is one unit with everything new below it; a file in a folder that exists is one
/// by itself. On a store that tells "a" from "A", what is replaced under another spelling is removed.
Layout lay_out(const ChangeSet& changes, std::string_view transaction, bool case_sensitive);

/// Fills in the units' entries and members from what was staged.
void complete_units(Layout& layout);

}  // namespace roamsync
