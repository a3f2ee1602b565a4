/// @file
/// History: what a publish replaces or deletes gets a second name under history/<generation>/ first, so that it can be
/// brought back without roamsync; the head record of that generation lies there as `.head`.
#pragma once

#include "transaction/intent.hpp"
#include "transaction/lane_set.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace roamsync {

class HistoryKeeper {
 public:
  HistoryKeeper(Store& target, RecordFolder records, std::uint64_t generation, LaneSet& lanes);

  /// Preserves everything that `intent` replaces or deletes, and the record `head_name`. A name that is taken by something
  /// else (the loser of a conflict) stays; the newcomer gets a number. A head record that is there already speaks for all.
  Result<void> preserve(const Intent& intent, std::string_view head_name);
  /// What is to be flushed with the rest in the record store.
  std::span<const ProfilePath> files() const noexcept { return files_; }
  std::span<const ProfilePath> directories() const noexcept { return parents_; }
  /// After a failed publish: removes what preserve() made.
  void take_back();

 private:
  Result<void> make_parents(std::span<const ProfilePath> paths);
  Result<void> preserve_one(Store& from, const ProfilePath& path, ProfilePath& kept, CopyBuffer& buffer);
  bool is_head(const ProfilePath& kept) const;

  Store& target_;
  RecordFolder records_;
  LaneSet& lanes_;
  ProfilePath folder_;
  std::vector<ProfilePath> sources_;
  std::vector<ProfilePath> files_;  ///< where each of `sources_` is kept; the root while it is not
  std::vector<ProfilePath>
      parents_;  ///< folders of `files_`, also those that were there: who made them may not have flushed
  std::vector<ProfilePath> directories_;  ///< those made
};

/// The generations that the history keeps something of, oldest first.
Result<std::vector<std::uint64_t>> kept_generations(RecordFolder records);

/// Removes what a publish that died left of copies it was making. How many there were.
Result<std::size_t> sweep_history(RecordFolder records);

/// Removes the oldest generations until the bounds hold. The newest stays whatever its size.
Result<void> prune_history(RecordFolder records, const HistoryOptions& options);

}  // namespace roamsync
