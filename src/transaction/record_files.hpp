/// @file
/// What a transaction keeps in the record folder while it works: the head and the intent under temporary names.
///
/// The intent's temporary name is taken before anything else is made, so a process that finds it knows that a publish got no
/// further than staging, and where to look (recover() need not walk the whole tree to see that there is nothing to do).
#pragma once

#include "transaction/intent.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace roamsync {

class RecordFiles {
 public:
  RecordFiles(RecordFolder records, std::string_view transaction);

  /// Makes the record folder if it is missing and takes the intent's temporary name. Errc::publish_running when an intent
  /// lies there that nobody has recovered.
  Result<void> open();
  /// Writes the head under its temporary name.
  Result<StagedRecord> stage_head(std::string_view name, std::span<const std::byte> bytes);
  Result<void> stage_intent(std::span<const std::byte> bytes);
  /// What was staged, to be flushed with the rest; the folders that were made.
  std::vector<ProfilePath> files() const;
  std::span<const ProfilePath> directories() const noexcept { return made_; }

  /// Forgets what was staged, for writing it anew.
  Result<void> start_over();
  /// From here on the publish is decided: the intent gets its name, durably. On failure it has lost it again where possible.
  Result<void> commit_intent();
  /// True when commit_intent() failed and could not be undone: nothing staged may be touched any more.
  bool in_doubt() const noexcept { return in_doubt_; }
  /// After a failed publish: removes what open() and the others made.
  void take_back();

 private:
  Result<std::unique_ptr<Writer>> create(const ProfilePath& path);

  RecordFolder records_;
  ProfilePath intent_;
  ProfilePath intent_temporary_;
  std::string transaction_;
  std::optional<ProfilePath> head_temporary_;
  std::unique_ptr<Writer> intent_writer_;
  std::vector<ProfilePath> made_;
  bool in_doubt_ = false;
};

}  // namespace roamsync
