#include <roamsync/transaction.hpp>

#include "transaction/apply.hpp"
#include "transaction/check.hpp"
#include "transaction/history.hpp"
#include "transaction/names.hpp"
#include "transaction/record_files.hpp"
#include "transaction/stage.hpp"
#include "transaction/verify.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <thread>

namespace roamsync {
namespace {

std::uint64_t bytes_to_copy(const ChangeSet& changes) {
  std::uint64_t bytes = 0;
  for (const PutFile& file : changes.files) {
    if (const auto* memory = std::get_if<FromMemory>(&file.source)) {
      bytes += memory->bytes.size();
    } else {
      bytes += std::get<FromStore>(file.source).entry.size;
    }
  }
  return bytes;
}

class Publication {
 public:
  Publication(Store& target, RecordFolder records, const ChangeSet& changes, const PublishOptions& options)
      : target_(target),
        records_(records),
        options_(options),
        lanes_(options.lanes, options.stop),
        layout_(lay_out(changes, options.transaction, target.traits().case_sensitive)),
        progress_(options.on_event, options.monotonic, changes.files.size(), bytes_to_copy(changes)),
        record_files_(records, options.transaction),
        history_(target, records, options, lanes_) {}

  Result<Published> run() {
    if (auto prepared = prepare(); !prepared) {
      if (record_files_.in_doubt()) return behind_the_intent(prepared.error());
      take_back();
      return prepared.error().within({.step = std::string(step_)});
    }
    auto applied = apply_intent(target_, records_, layout_.intent, lanes_, {});
    if (!applied) return behind_the_intent(applied.error());
    published_.removed_files = applied.value().removed;
    published_.kept_directories = std::move(applied.value().kept_directories);
    for (std::string& text : applied.value().warnings) {
      progress_.notice({.level = Level::warning, .text = std::move(text)});
    }
    prune();
    return std::move(published_);
  }

 private:
  // Everything up to the point of no return. The live files are not touched.
  Result<void> prepare() {
    tell("stage");
    BOOST_OUTCOME_TRYV(record_files_.open());
    const Staging staging{target_, options_.transaction, layout_, lanes_, progress_, options_.fit_attributes};
    BOOST_OUTCOME_TRYV(stage_all(staging));
    progress_.finish();
    BOOST_OUTCOME_TRY(const auto mismatched, record_and_verify([this]() -> Result<void> {
                        if (options_.history.generation > 0) {
                          BOOST_OUTCOME_TRYV(history_.preserve(layout_.intent));
                        }
                        return stage_records();
                      }));
    if (!mismatched.empty()) {
      BOOST_OUTCOME_TRYV(repair(staging, mismatched));
    }
    BOOST_OUTCOME_TRYV(check_targets(target_, layout_.intent, lanes_));
    published_.bytes.verified = bytes_verified_;
    if (options_.stop.stop_requested()) return Errc::cancelled;
    BOOST_OUTCOME_TRYV(history_.complete());
    if (options_.before_intent) {
      BOOST_OUTCOME_TRYV(options_.before_intent());
      BOOST_OUTCOME_TRYV(check_targets(target_, layout_.intent, lanes_));  // that may have taken its time
    }
    tell("publish");
    return record_files_.commit_intent();
  }

  Result<void> stage_records() {
    describe();
    if (!options_.head_name.empty()) {
      BOOST_OUTCOME_TRY(const auto head, options_.make_head(published_));
      BOOST_OUTCOME_TRY(layout_.intent.head, record_files_.stage_head(options_.head_name, head));
    }
    return record_files_.stage_intent(encode_intent(layout_.intent));
  }

  // Entries move over: with a hundred thousand files they should not lie around twice.
  void describe() {
    published_ = {};
    published_.files = std::move(layout_.staged);
    published_.sources = std::move(layout_.sources);
    for (const DirectoryToStage& directory : layout_.directories) {
      published_.folder_marks.emplace_back(directory.put->path, directory.access_mark);
    }
    for (const FolderToRefit& folder : layout_.refits) {
      published_.folder_marks.emplace_back(folder.path, folder.access_mark);
    }
    for (const FileToStage& file : layout_.files) {
      if (file.copied.pages) published_.pages.emplace_back(file.put->path, file.copied.pages);
      published_.bytes.read += file.copied.read;
      published_.bytes.written += file.copied.written;
    }
  }

  // What was staged goes to the disk while the records are written and the lanes read it back: what they read are the bytes
  // that the system writes. From another machine it is read back when all of it is there. The records, small, follow with a
  // flush of their own.
  Result<std::vector<std::size_t>> record_and_verify(const std::function<Result<void>()>& write_records) {
    const auto write_and_verify = [&]() -> Result<std::vector<std::size_t>> {
      BOOST_OUTCOME_TRYV(write_records());
      tell("verify");
      return verify_staged(target_, layout_, options_.verify, lanes_, bytes_verified_);
    };
    const ToFlush staged = staged_to_flush();
    Result<void> flushed = success();
    Result<std::vector<std::size_t>> mismatched = std::vector<std::size_t>();
    if (lanes_.lanes() == 1 || target_.traits().is_remote) {
      flushed = flush(target_, staged);
      if (flushed) mismatched = write_and_verify();
    } else {
      const std::jthread flushing([&] { flushed = flush(target_, staged); });
      mismatched = write_and_verify();
    }
    if (!flushed) return flushed.error();
    if (!mismatched) return mismatched.error();
    BOOST_OUTCOME_TRYV(flush(records_.store, records_to_flush()));
    return mismatched;
  }

  struct ToFlush {
    std::vector<ProfilePath> files;
    std::set<ProfilePath, PathOrder> directories;
  };

  ToFlush staged_to_flush() const {
    ToFlush staged;
    staged.files.reserve(layout_.files.size());
    for (const FileToStage& file : layout_.files) staged.files.push_back(file.temporary);
    // Flushing a file takes the folder it stands in along, but none above.
    for (const DirectoryToStage& directory : layout_.directories) {
      staged.directories.insert(directory.temporary);
      staged.directories.insert(directory.temporary.parent());
    }
    for (const FileToStage& file : layout_.files) staged.directories.erase(file.temporary.parent());
    return staged;
  }

  ToFlush records_to_flush() const {
    // Who made the record folder may not have flushed its name.
    ToFlush records{.files = record_files_.files(), .directories = {records_.folder.parent()}};
    records.files.insert(records.files.end(), history_.files().begin(), history_.files().end());
    for (const auto made : {record_files_.directories(), history_.directories()}) {
      for (const ProfilePath& path : made) {
        records.directories.insert(path);
        records.directories.insert(path.parent());
      }
    }
    return records;
  }

  static Result<void> flush(Store& store, const ToFlush& what) {
    auto flushed = what.files.empty() ? Result<void>(success()) : store.flush(what.files);
    if (flushed && !what.directories.empty()) {
      flushed = store.flush_directories(std::vector<ProfilePath>(what.directories.begin(), what.directories.end()));
    }
    if (!flushed) return flushed.error().within({.step = "flush", .path = store.location()});
    return success();
  }

  // A duplicate holds what the old file held; when that was not what its page digests say (rot on the server's disk), the
  // new file is written whole. A file that was written whole and reads back otherwise is a broken disk.
  Result<void> repair(const Staging& staging, const std::vector<std::size_t>& mismatched) {
    layout_.staged = std::move(published_.files);
    layout_.sources = std::move(published_.sources);
    for (const std::size_t i : mismatched) {
      FileToStage& file = layout_.files[i];
      if (!file.duplicated) return mismatch_of(target_, file);
      progress_.notice({.level = Level::warning,
                        .text = target_.location_of(file.put->path) +
                                " does not hold what it held when it was written; it is written whole"});
      BOOST_OUTCOME_TRYV(stage_whole(staging, file));
    }
    BOOST_OUTCOME_TRYV(record_files_.start_over());
    BOOST_OUTCOME_TRY(const auto still, record_and_verify([this] { return stage_records(); }));
    if (!still.empty()) return mismatch_of(target_, layout_.files[still.front()]);
    return success();
  }

  void take_back() {
    clear_staged(target_, layout_);
    history_.take_back();
    record_files_.take_back();
  }

  static Error behind_the_intent(const Error& error) {
    return error.within(
        {.step = "publish", .cure = "nothing is lost: the next logon, logoff or recover finishes this publish"});
  }

  void prune() {
    if (options_.history.generation == 0) return;
    if (auto pruned = prune_history(records_, options_.history); !pruned) {
      progress_.notice(
          {.level = Level::warning, .text = "the history could not be shortened: " + pruned.error().message()});
    }
  }

  void tell(std::string_view step) {
    step_ = step;
    if (options_.on_event) options_.on_event(Step{step});
  }

  Store& target_;
  RecordFolder records_;
  const PublishOptions& options_;
  LaneSet lanes_;
  Layout layout_;
  ProgressMeter progress_;
  RecordFiles record_files_;
  HistoryKeeper history_;
  Published published_;
  std::string_view step_ = "stage";
  std::atomic<std::uint64_t> bytes_verified_ = 0;
};

}  // namespace

Result<Published> publish(Store& target, RecordFolder records, const ChangeSet& changes,
                          const PublishOptions& options) {
  BOOST_OUTCOME_TRYV(check_transaction_name(options.transaction));
  const auto hive = std::ranges::find_if(changes.files, &PutFile::last);
  if (hive != changes.files.end() && !target.traits().atomic_replace) {
    return Error(Errc::not_supported, {.step = "publish",
                                       .path = target.location_of(hive->path),
                                       .expected = "a store that replaces a file in one step",
                                       .found = "one that does not"});
  }
  return Publication(target, records, changes, options).run();
}

}  // namespace roamsync
