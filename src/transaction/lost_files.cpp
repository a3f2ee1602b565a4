#include "transaction/lost_files.hpp"

#include "copy/copy.hpp"
#include "transaction/names.hpp"

#include <optional>

namespace roamsync {
namespace {

constexpr int lost_copies_max = 3;  // of one that changes while it is read

class Copier {
 public:
  Copier(Store& store, const ProfilePath& copy, const ProfilePath& path, const FitAttributes& fit_attributes,
         std::stop_token stop, CopyBuffer& buffer)
      : store_(store),
        copy_(copy),
        path_(path),
        fit_attributes_(fit_attributes),
        stop_(std::move(stop)),
        buffer_(buffer) {}

  Result<Entry> operator()(const FromStore& lost) {
    for (int tries = 1; tries <= lost_copies_max; ++tries) {
      BOOST_OUTCOME_TRY(auto copied, copy_at_rest(lost));
      if (copied) return std::move(*copied);
    }
    return Error(Errc::source_changed, {.expected = "a file that rests while it is copied",
                                        .found = "it changed " + std::to_string(lost_copies_max) + " times"});
  }

  Result<Entry> operator()(const FromMemory& lost) {
    BOOST_OUTCOME_TRY(const auto writer, store_.create(copy_));
    BOOST_OUTCOME_TRYV(writer->write(0, lost.bytes.view()));
    return finish(*writer, lost.attributes, digest_of(lost.bytes.view()));
  }

 private:
  // Nothing when somebody wrote meanwhile: then a copy may be torn, and is gone again.
  Result<std::optional<Entry>> copy_at_rest(const FromStore& lost) {
    BOOST_OUTCOME_TRY(const auto reader, lost.store->open(lost.entry.path));
    BOOST_OUTCOME_TRY(auto writer, store_.create(copy_));
    BOOST_OUTCOME_TRY(const Copied copied, copy_file(*reader, *writer, buffer_, {.stop = stop_}));
    BOOST_OUTCOME_TRY(FileAttributes attributes, reader->attributes());
    BOOST_OUTCOME_TRY(const Entry now, reader->entry_now());
    if (!same_stamp(reader->entry(), now) || copied.size != now.size) {
      writer.reset();
      BOOST_OUTCOME_TRYV(store_.remove_file(copy_));
      return std::optional<Entry>();
    }
    BOOST_OUTCOME_TRY(Entry kept, finish(*writer, std::move(attributes), copied.digest));
    return std::optional(std::move(kept));
  }

  Result<Entry> finish(Writer& writer, FileAttributes attributes, const Digest& digest) {
    if (fit_attributes_) {
      BOOST_OUTCOME_TRYV(fit_attributes_(path_, false, attributes));
    }
    BOOST_OUTCOME_TRY(Entry kept, writer.finish(attributes));
    kept.digest = digest;
    return kept;
  }

  Store& store_;
  const ProfilePath& copy_;
  const ProfilePath& path_;
  const FitAttributes& fit_attributes_;
  const std::stop_token stop_;
  CopyBuffer& buffer_;
};

std::string place_of(const LostFile& lost) {
  const auto* there = std::get_if<FromStore>(&lost.source);
  return there != nullptr ? there->store->location_of(there->entry.path) : std::string(lost.path.text());
}

}  // namespace

Result<LostCopies> copy_lost_files(const PublishOptions& options, Store& store, const ProfilePath& folder,
                                   LaneSet& lanes) {
  const std::vector<LostFile>& files = options.lost.files;
  LostCopies done{.entries = std::vector<Entry>(files.size()), .copies = std::vector<ProfilePath>(files.size())};
  BOOST_OUTCOME_TRYV(lanes.run(files.size(), [&](std::size_t item, CopyBuffer& buffer) -> Result<void> {
    const LostFile& lost = files[item];
    BOOST_OUTCOME_TRY(const ProfilePath copy, free_name(store, folder.join(lost.path)));
    Copier copier(store, copy, lost.path, options.fit_attributes, lanes.stop(), buffer);
    auto copied = std::visit(copier, lost.source);
    if (!copied) return copied.error().within({.step = "history", .path = place_of(lost)});
    done.entries[item] = std::move(copied).value();
    done.entries[item].path = lost.path.parent().child_unchecked(copy.name());
    done.copies[item] = copy;
    return success();
  }));
  return done;
}

}  // namespace roamsync
