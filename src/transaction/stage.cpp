#include "transaction/stage.hpp"

#include "transaction/names.hpp"

#include <functional>
#include <numeric>

namespace roamsync {
namespace {

constexpr int copies_max = 3;  // of a source that changes while it is read

Error staging_error(const Store& target, const ProfilePath& path, const Error& error) {
  return error.within({.step = "stage", .path = target.location_of(path)});
}

using MakeWriter = std::function<Result<std::unique_ptr<Writer>>(const ProfilePath&)>;

// Under the exclusive lock a file that has the name already is a dead process's. Where a dead client's handle still keeps it
// (SMB.md 8), or a folder has it, the hive takes a name of its own.
Result<std::unique_ptr<Writer>> make_temporary(const Staging& staging, FileToStage& file, const MakeWriter& make) {
  auto writer = make(file.temporary);
  if (writer || writer.error().code() != std::errc::file_exists) return writer;
  const ProfilePath own_name = unique_temporary(file.put->path, staging.transaction);
  const bool has_fixed_name =
      file.temporary == temporary_of(file.put->path, staging.transaction) && file.temporary != own_name;
  if (auto removed = staging.target.remove_file(file.temporary); removed) {
    writer = make(file.temporary);
    if (writer || !has_fixed_name) return writer;
  } else if (!has_fixed_name) {
    return removed.error();
  }
  file.temporary = own_name;
  return make(file.temporary);
}

bool can_duplicate(const Staging& staging, const PutFile& put, std::uint64_t size, bool may_duplicate) {
  return may_duplicate && put.pages_of_replaced && put.replaces && put.replaces->is_file() && size >= paged_size_min &&
         staging.target.traits().duplicates_cheaply;
}

struct Opened {
  std::unique_ptr<Writer> writer;
  bool duplicated = false;
};

Result<Opened> open_writer(const Staging& staging, FileToStage& file, bool duplicates) {
  if (duplicates) {
    auto writer = make_temporary(staging, file, [&](const ProfilePath& temporary) {
      return staging.target.duplicate(file.put->replaces->path, temporary, staging.lanes.stop());
    });
    if (writer) return Opened{.writer = std::move(writer).value(), .duplicated = true};
    if (writer.error().code() == Errc::cancelled) return writer.error();
    // Without the old file there is still the whole new one; whether the target is the expected one is checked later. A
    // duplicate that failed half way (no room, as a rule) leaves its name taken, like that of a dead process.
  }
  BOOST_OUTCOME_TRY(auto writer, make_temporary(staging, file, [&](const ProfilePath& temporary) {
                      return staging.target.create(temporary);
                    }));
  return Opened{.writer = std::move(writer)};
}

// Sets what a staged file is known by, once all its bytes are written.
Result<void> finish(const Staging& staging, FileToStage& file, Opened& opened, Copied copied,
                    FileAttributes attributes) {
  std::uint64_t access_mark = access_mark_unknown;
  if (staging.fit_attributes) {
    BOOST_OUTCOME_TRY(access_mark, staging.fit_attributes(file.put->path, false, attributes));
  }
  Entry& staged = staging.layout.staged_of(file);
  BOOST_OUTCOME_TRY(staged, opened.writer->finish(attributes));
  staged.access_mark = access_mark;
  if (staged.size != copied.size) {
    return Error(Errc::copy_mismatch,
                 {.expected = std::to_string(copied.size) + " bytes", .found = std::to_string(staged.size) + " bytes"});
  }
  staged.path = file.put->path;
  staged.digest = copied.digest;
  file.duplicated = opened.duplicated;
  file.copied = std::move(copied);
  return success();
}

Result<void> stage_from(const FromMemory& source, const Staging& staging, FileToStage& file, CopyBuffer& buffer,
                        bool may_duplicate) {
  const std::span<const std::byte> bytes = source.bytes.view();
  CopyOptions options{.on_block = [&staging](std::uint64_t passed) { staging.progress.add_bytes(passed); },
                      .stop = staging.lanes.stop()};
  Opened opened;
  Copied copied;
  const bool duplicates = can_duplicate(staging, *file.put, bytes.size(), may_duplicate);
  if (duplicates) {
    // The store copies the old file, which keeps its disk busy, while the processor digests the new one.
    options.pages_of_target = file.put->pages_of_replaced.get();
    const auto do_item = [&](std::size_t item, unsigned) -> Result<void> {
      if (item == 0) {
        BOOST_OUTCOME_TRY(opened, open_writer(staging, file, duplicates));
      } else {
        BOOST_OUTCOME_TRY(copied, digest_bytes(bytes, buffer, options));
      }
      return success();
    };
    BOOST_OUTCOME_TRYV(run_in_lanes(2, std::min(2U, staging.lanes.lanes()), staging.lanes.stop(), do_item));
  } else {
    BOOST_OUTCOME_TRY(opened, open_writer(staging, file, duplicates));
  }
  if (opened.duplicated) {
    BOOST_OUTCOME_TRY(copied, write_changed_pages(bytes, std::move(copied), *opened.writer, options));
  } else {
    staging.progress.take_back(copied.read);
    options.pages_of_target = nullptr;
    BOOST_OUTCOME_TRY(copied, copy_bytes(bytes, *opened.writer, buffer, options));
  }
  BOOST_OUTCOME_TRYV(finish(staging, file, opened, std::move(copied), source.attributes));
  staging.layout.source_of(file) = staging.layout.staged_of(file);
  return success();
}

// What the file became while it was read; nothing when it is still what it was, and is staged.
Result<std::optional<Entry>> copy_once(Reader& reader, const Staging& staging, FileToStage& file, CopyBuffer& buffer,
                                       bool may_duplicate) {
  const bool duplicates = can_duplicate(staging, *file.put, reader.entry().size, may_duplicate);
  BOOST_OUTCOME_TRY(auto opened, open_writer(staging, file, duplicates));
  std::uint64_t passed = 0;
  struct Sink {
    ProgressMeter& progress;
    std::uint64_t& passed;
  } sink{staging.progress, passed};
  BOOST_OUTCOME_TRY(auto copied,
                    copy_file(reader, *opened.writer, buffer,
                              {.pages_of_target = opened.duplicated ? file.put->pages_of_replaced.get() : nullptr,
                               .on_block =
                                   [&sink](std::uint64_t bytes) {
                                     sink.passed += bytes;
                                     sink.progress.add_bytes(bytes);
                                   },
                               .stop = staging.lanes.stop()}));
  BOOST_OUTCOME_TRY(const FileAttributes attributes, reader.attributes());
  BOOST_OUTCOME_TRY(const Entry now, reader.entry_now());
  if (!same_stamp(reader.entry(), now) || copied.size != now.size || attributes.modified != now.modified) {
    opened.writer.reset();
    BOOST_OUTCOME_TRYV(staging.target.remove_file(file.temporary));
    staging.progress.take_back(passed);
    return std::optional(now);
  }
  BOOST_OUTCOME_TRYV(finish(staging, file, opened, std::move(copied), attributes));
  Entry& source = staging.layout.source_of(file);
  source = now;
  source.path = std::get<FromStore>(file.put->source).entry.path;
  source.digest = file.copied.digest;
  return std::optional<Entry>();
}

Result<void> stage_from(const FromStore& source, const Staging& staging, FileToStage& file, CopyBuffer& buffer,
                        bool may_duplicate) {
  const std::string location = source.store->location_of(source.entry.path);
  for (int copy = 1;; ++copy) {
    auto opened = source.store->open(source.entry.path);
    if (!opened) {
      const Error& error = opened.error();
      if (error.code() != std::errc::no_such_file_or_directory) return error;
      return Error(
          Errc::source_changed,
          {.path = location, .expected = "the file that was listed", .found = "nothing", .cause = error.code()});
    }
    Reader& reader = *opened.value();
    BOOST_OUTCOME_TRY(const auto changed, copy_once(reader, staging, file, buffer, may_duplicate));
    if (!changed) {
      if (!same_stamp(staging.layout.source_of(file), source.entry)) {
        staging.progress.notice({.level = Level::information,
                                 .text = location + " changed after it was listed; it is copied as it is now"});
      }
      return success();
    }
    if (copy == copies_max) {
      return Error(Errc::source_changed, {.path = location,
                                          .expected = "a file that rests while it is copied",
                                          .found = "it changed " + std::to_string(copy) + " times"});
    }
  }
}

Result<void> stage_file(const Staging& staging, FileToStage& file, CopyBuffer& buffer, bool may_duplicate) {
  auto staged = std::visit([&](const auto& source) { return stage_from(source, staging, file, buffer, may_duplicate); },
                           file.put->source);
  if (staged) {
    staging.progress.add_file();
    return success();
  }
  const Error& error = staged.error();
  const ProfilePath folder = file.temporary.parent();
  if (error.code() == std::errc::no_such_file_or_directory && !folder.is_root()) {
    if (const auto there = staging.target.stat(folder); there && !there.value()) {
      return Error(Errc::target_changed, {.step = "stage",
                                          .path = staging.target.location_of(folder),
                                          .expected = "a folder",
                                          .found = "nothing",
                                          .cause = error.code()});
    }
  }
  return staging_error(staging.target, file.put->path, error);
}

Result<void> stage_directories(const Staging& staging) {
  Store& target = staging.target;
  for (DirectoryToStage& directory : staging.layout.directories) {
    const auto make = [&] { return target.make_directory(directory.temporary, directory.put->mode); };
    auto made = make();
    if (!made && made.error().code() == std::errc::file_exists) {
      made = remove_tree(target, directory.temporary);
      if (made) made = make();
    }
    if (!made) return staging_error(target, directory.put->path, made.error());
    if (staging.fit_attributes) {
      FileAttributes attributes;
      BOOST_OUTCOME_TRY(directory.access_mark, staging.fit_attributes(directory.put->path, true, attributes));
      BOOST_OUTCOME_TRYV(target.set_folder_attributes(directory.temporary, attributes.extended));
    }
    Unit& unit = staging.layout.intent.units[directory.unit];
    if (unit.temporary != directory.temporary) continue;
    BOOST_OUTCOME_TRY(const auto entry, target.stat(directory.temporary));
    if (!entry) return staging_error(target, directory.put->path, Errc::target_changed);
    unit.entry.mode = entry->mode;
    unit.entry.id = entry->id;
  }
  return success();
}

// They are live: what they get is written into the intent, and done behind it.
Result<void> prepare_refits(const Staging& staging) {
  if (!staging.fit_attributes) return success();
  for (FolderToRefit& folder : staging.layout.refits) {
    FileAttributes attributes;
    BOOST_OUTCOME_TRY(folder.access_mark, staging.fit_attributes(folder.path, true, attributes));
    staging.layout.intent.refits.push_back({.path = folder.path, .extended = std::move(attributes.extended)});
  }
  return success();
}

}  // namespace

Result<void> stage_all(const Staging& staging) {
  BOOST_OUTCOME_TRYV(prepare_refits(staging));
  BOOST_OUTCOME_TRYV(stage_directories(staging));
  std::vector<FileToStage>& files = staging.layout.files;
  std::vector<std::size_t> order(files.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_partition(order.begin(), order.end(), [&](std::size_t i) { return files[i].put->last; });
  BOOST_OUTCOME_TRYV(staging.lanes.run(order.size(), [&](std::size_t item, CopyBuffer& buffer) {
    return stage_file(staging, files[order[item]], buffer, true);
  }));
  complete_units(staging.layout);
  return success();
}

Result<void> stage_whole(const Staging& staging, FileToStage& file) {
  staging.progress.take_back(file.copied.read);
  BOOST_OUTCOME_TRYV(staging.target.remove_file(file.temporary));
  BOOST_OUTCOME_TRYV(stage_file(staging, file, staging.lanes.buffer(), false));
  complete_units(staging.layout);
  return success();
}

void clear_staged(Store& target, const Layout& layout) {
  // Files may have changed their names since the units were made.
  for (const FileToStage& file : layout.files) {
    if (layout.intent.units[file.unit].entry.is_file()) static_cast<void>(target.remove_file(file.temporary));
  }
  for (const Unit& unit : layout.intent.units) {
    if (unit.entry.is_directory()) static_cast<void>(remove_tree(target, unit.temporary));
  }
}

}  // namespace roamsync
