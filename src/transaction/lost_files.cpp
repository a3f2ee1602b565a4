#include "transaction/lost_files.hpp"

#include "copy/copy.hpp"
#include "transaction/history.hpp"
#include "transaction/names.hpp"

#include <optional>

namespace roamsync {
namespace {

constexpr int lost_copies_max = 3;  // of one that changes while it is read

// Nothing when somebody wrote meanwhile: then a copy may be torn, and is gone again.
Result<std::optional<Entry>> copy_at_rest(const FromStore& lost, Store& store, const ProfilePath& copy,
                                          const FitAttributes& fit_attributes, LaneSet& lanes, CopyBuffer& buffer) {
  BOOST_OUTCOME_TRY(const auto reader, lost.store->open(lost.entry.path));
  BOOST_OUTCOME_TRY(auto writer, store.create(copy));
  BOOST_OUTCOME_TRY(const Copied copied, copy_file(*reader, *writer, buffer, {.stop = lanes.stop()}));
  BOOST_OUTCOME_TRY(FileAttributes attributes, reader->attributes());
  BOOST_OUTCOME_TRY(Entry now, reader->entry_now());
  if (!same_stamp(reader->entry(), now) || copied.size != now.size) {
    writer.reset();
    BOOST_OUTCOME_TRYV(store.remove_file(copy));
    return std::optional<Entry>();
  }
  if (fit_attributes) {
    BOOST_OUTCOME_TRYV(fit_attributes(lost.entry.path, false, attributes));
  }
  BOOST_OUTCOME_TRYV(writer->finish(attributes));
  now.path = lost.entry.path;
  now.digest = copied.digest;
  return std::optional(std::move(now));
}

Result<Entry> copy_lost_file(const FromStore& lost, Store& store, const ProfilePath& copy,
                             const FitAttributes& fit_attributes, LaneSet& lanes, CopyBuffer& buffer) {
  for (int tries = 1; tries <= lost_copies_max; ++tries) {
    BOOST_OUTCOME_TRY(auto copied, copy_at_rest(lost, store, copy, fit_attributes, lanes, buffer));
    if (copied) return std::move(*copied);
  }
  return Error(Errc::source_changed, {.expected = "a file that rests while it is copied",
                                      .found = "it changed " + std::to_string(lost_copies_max) + " times"});
}

}  // namespace

Result<LostCopies> copy_lost_files(const PublishOptions& options, Store& store, const ProfilePath& folder,
                                   LaneSet& lanes) {
  const std::vector<FromStore>& files = options.lost.files;
  LostCopies done{.entries = std::vector<Entry>(files.size()), .copies = std::vector<ProfilePath>(files.size())};
  BOOST_OUTCOME_TRYV(lanes.run(files.size(), [&](std::size_t item, CopyBuffer& buffer) -> Result<void> {
    const FromStore& lost = files[item];
    BOOST_OUTCOME_TRY(done.copies[item], free_name(store, folder.join(path_in_history(lost.entry.path))));
    auto copied = copy_lost_file(lost, store, done.copies[item], options.fit_attributes, lanes, buffer);
    if (!copied) return copied.error().within({.step = "history", .path = lost.store->location_of(lost.entry.path)});
    done.entries[item] = std::move(copied).value();
    return success();
  }));
  return done;
}

}  // namespace roamsync
