/// @file
/// Staging: the new files and folders are made under their temporary names. Nothing of this touches a live file.
#pragma once

#include "transaction/lane_set.hpp"
#include "transaction/layout.hpp"
#include "transaction/progress.hpp"

#include <span>
#include <string_view>

namespace roamsync {

struct Staging {
  Store& target;
  std::string_view transaction;
  Layout& layout;
  LaneSet& lanes;
  ProgressMeter& progress;
  const FitAttributes& fit_attributes;
};

/// Folders first, then the files in lanes, the last (the largest, as a rule) before the others so that no lane waits for it.
/// What a dead process left under one of the names is removed.
Result<void> stage_all(const Staging& staging);
/// Stages a file again, whole: for one whose duplicate turned out not to hold what it should.
Result<void> stage_whole(const Staging& staging, FileToStage& file);
/// Removes whatever of it is there, as far as that is possible.
void clear_staged(Store& target, const Layout& layout);

}  // namespace roamsync
