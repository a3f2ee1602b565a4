#include "transaction/record_files.hpp"

#include "transaction/names.hpp"

namespace roamsync {

RecordFiles::RecordFiles(RecordFolder records, std::string_view transaction)
    : records_(records),
      intent_(records.folder.child_unchecked(intent_name)),
      intent_temporary_(unique_temporary(intent_, transaction)),
      transaction_(transaction) {}

Result<void> RecordFiles::open() {
  BOOST_OUTCOME_TRY(made_, make_directories(records_.store, records_.folder));
  BOOST_OUTCOME_TRY(const auto intent, records_.store.stat(intent_));
  if (intent) {
    return Error(Errc::publish_running, {.step = "stage",
                                         .path = records_.store.location_of(intent_),
                                         .expected = "no publish under way",
                                         .found = "the intent of one that was interrupted",
                                         .cure = "recover first"});
  }
  BOOST_OUTCOME_TRY(intent_writer_, create(intent_temporary_));
  return success();
}

// Under the lock only a dead process can have left a file of that name.
Result<std::unique_ptr<Writer>> RecordFiles::create(const ProfilePath& path) {
  auto writer = records_.store.create(path);
  if (!writer && writer.error().code() == std::errc::file_exists) {
    BOOST_OUTCOME_TRYV(records_.store.remove_file(path));
    writer = records_.store.create(path);
  }
  if (!writer) return writer.error().within({.step = "stage", .path = records_.store.location_of(path)});
  return writer;
}

namespace {

Result<void> write_all(Writer& writer, std::span<const std::byte> bytes, const std::string& location) {
  const auto write = [&]() -> Result<void> {
    BOOST_OUTCOME_TRYV(writer.reserve(bytes.size()));
    BOOST_OUTCOME_TRYV(writer.write(0, bytes));
    BOOST_OUTCOME_TRYV(writer.finish({}));
    return success();
  };
  if (auto written = write(); !written) return written.error().within({.step = "stage", .path = location});
  return success();
}

}  // namespace

Result<StagedRecord> RecordFiles::stage_head(std::string_view name, std::span<const std::byte> bytes) {
  const ProfilePath temporary = unique_temporary(records_.folder.child_unchecked(name), transaction_);
  head_temporary_ = temporary;
  BOOST_OUTCOME_TRY(const auto writer, create(temporary));
  BOOST_OUTCOME_TRYV(write_all(*writer, bytes, records_.store.location_of(temporary)));
  return StagedRecord{.name = std::string(name),
                      .temporary = std::string(temporary.name()),
                      .size = bytes.size(),
                      .digest = digest_of(bytes)};
}

Result<void> RecordFiles::stage_intent(std::span<const std::byte> bytes) {
  BOOST_OUTCOME_TRYV(write_all(*intent_writer_, bytes, records_.store.location_of(intent_temporary_)));
  intent_writer_.reset();
  return success();
}

std::vector<ProfilePath> RecordFiles::files() const {
  std::vector<ProfilePath> files{intent_temporary_};
  if (head_temporary_) files.push_back(*head_temporary_);
  return files;
}

Result<void> RecordFiles::start_over() {
  if (head_temporary_) {
    BOOST_OUTCOME_TRYV(records_.store.remove_file(*head_temporary_));
  }
  head_temporary_.reset();
  BOOST_OUTCOME_TRY(intent_writer_, create(intent_temporary_));
  return success();
}

Result<void> RecordFiles::commit_intent() {
  const std::span<const ProfilePath> folder(&records_.folder, 1);
  auto renamed = records_.store.replace(intent_temporary_, intent_);
  if (renamed) renamed = records_.store.flush_directories(folder);
  if (renamed) return success();
  // Whether the name is durable, or there at all, nobody knows now; without it what was staged may be cleared.
  if (auto removed = remove_tree(records_.store, intent_); !removed) {
    in_doubt_ = true;
  } else {
    static_cast<void>(records_.store.flush_directories(folder));
  }
  return renamed.error().within({.step = "publish", .path = records_.store.location_of(intent_)});
}

void RecordFiles::take_back() {
  intent_writer_.reset();
  if (head_temporary_) static_cast<void>(remove_tree(records_.store, *head_temporary_));
  static_cast<void>(remove_tree(records_.store, intent_temporary_));
  for (auto at = made_.rbegin(); at != made_.rend(); ++at) static_cast<void>(records_.store.remove_directory(*at));
}

}  // namespace roamsync
