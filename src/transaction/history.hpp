/// @file
/// History: what a publish replaces or deletes gets a second name under history/<generation>/ first, so that it can be
/// brought back without roamsync; the head record of that generation lies there as `.head`.
///
/// Lost files (transaction.hpp) come with a generation of their own. Its folder has a temporary name until everything in it is
/// durable, for nothing else tells half of a copy from a whole one.
#pragma once

#include "transaction/intent.hpp"
#include "transaction/lane_set.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace roamsync {

class HistoryKeeper {
 public:
  /// `options` must outlive this.
  HistoryKeeper(Store& target, RecordFolder records, const PublishOptions& options, LaneSet& lanes);

  /// Preserves everything that `intent` replaces or deletes, the lost files, and the head record. A name that is taken by
  /// something else (a lost file) stays; the newcomer gets a number. A head record that is there already speaks for all.
  Result<void> preserve(const Intent& intent);
  /// Once all of it has been flushed: the generation gets its name, durably.
  Result<void> complete();
  /// What is to be flushed with the rest in the record store.
  std::span<const ProfilePath> files() const noexcept { return files_; }
  std::span<const ProfilePath> directories() const noexcept { return parents_; }
  /// After a failed publish: removes what preserve() made.
  void take_back();

 private:
  Result<void> make_parents(std::span<const ProfilePath> paths);
  Result<void> keep_lost_files();
  Result<void> preserve_one(Store& from, const ProfilePath& path, ProfilePath& kept, CopyBuffer& buffer);
  bool is_head(const ProfilePath& kept) const;

  Store& target_;
  RecordFolder records_;
  const PublishOptions& options_;
  LaneSet& lanes_;
  ProfilePath folder_;              ///< of the generation
  ProfilePath now_;                 ///< what it is called until complete()
  std::vector<ProfilePath> files_;  ///< what is kept; the root for what is not yet
  std::vector<ProfilePath>
      parents_;  ///< folders of `files_`, also those that were there: who made them may not have flushed
  std::vector<ProfilePath> directories_;  ///< those made
};

/// Where a file of the profile is kept below the folder of a generation: under its own path, unless that begins with the
/// name of the head record. And back.
ProfilePath path_in_history(const ProfilePath& path);
ProfilePath path_in_profile(const ProfilePath& kept);

/// The generations that the history keeps something of, oldest first.
Result<std::vector<std::uint64_t>> kept_generations(RecordFolder records);

/// Removes what a publish that died left of copies it was making, and folders that it did not complete. How many there were.
Result<std::size_t> sweep_history(RecordFolder records);

/// Removes the oldest generations until the bounds hold. The newest stays whatever its size. Folders that a publish which
/// died did not complete go first: a power cut may have taken the trace by which recover() would know of them.
Result<void> prune_history(RecordFolder records, const HistoryOptions& options);

}  // namespace roamsync
