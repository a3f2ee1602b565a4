/// @file
/// The intent record: what a publish is about to rename and delete, written before the first of it happens. Whoever finds it
/// can finish the work, or see that it cannot be finished.
///
/// Payload (base/record.hpp frames it): the transaction's name; the head, if one is published; the units; the removals; the refits. Of
/// temporary names only the last component is stored, so a record cannot name anything outside the folder of its target.
#pragma once

#include <roamsync/transaction.hpp>

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace roamsync {

/// A file or folder under a temporary name beside its place: one rename puts it there.
struct Unit {
  Entry entry = {};            ///< as it is staged, under the path it will have; a file with its digest
  ProfilePath temporary = {};  ///< where it is staged
  ProfilePath aside = {};  ///< where what is there now makes room, when one is a file and the other a folder; else root
  std::optional<Entry> replaces = {};
  bool last = false;  ///< the hive, or a folder with the hive in it: renamed after everything else
  std::vector<Entry> members =
      {};  ///< of a folder: all that is staged in it, under the paths they will have; PathOrder

  /// Where the member that will be at `path` is staged.
  ProfilePath staged_path(const ProfilePath& path) const;
  friend bool operator==(const Unit&, const Unit&) = default;
};

/// A folder that stays and gets these attributes.
struct Refit {
  ProfilePath path = {};
  std::vector<std::pair<std::string, std::string>> extended = {};
  friend bool operator==(const Refit&, const Refit&) = default;
};

/// A record that is published with the files.
struct StagedRecord {
  std::string name = {};
  std::string temporary = {};
  std::uint64_t size = 0;
  Digest digest = {};
  friend bool operator==(const StagedRecord&, const StagedRecord&) = default;
};

struct Intent {
  std::string transaction = {};
  std::optional<StagedRecord> head = {};
  std::vector<Unit> units = {};
  std::vector<Entry> removals = {};  ///< innermost first
  std::vector<Refit> refits = {};
  friend bool operator==(const Intent&, const Intent&) = default;
};

std::vector<std::byte> encode_intent(const Intent& intent);
/// Errc::record_damaged or Errc::record_too_new; `location` names the file in the error.
Result<Intent> decode_intent(std::span<const std::byte> bytes, std::string_view location);

}  // namespace roamsync
