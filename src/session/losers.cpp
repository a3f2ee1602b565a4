#include "session/losers.hpp"

#include "copy/copy.hpp"

#include <set>

namespace roamsync {

std::vector<Entry> local_losers(const Plan& plan, const Tree& local) {
  // The local side is the source of a logoff and the target of a logon. What the server loses a transaction preserves by
  // itself, as everything it replaces.
  const bool local_is_replaced = plan.direction == Direction::logon;
  std::vector<Entry> losers;
  for (const Conflict& conflict : plan.conflicts) {
    if (conflict.loser != nullptr) {
      if (conflict.loser_replaced == local_is_replaced) losers.push_back(*conflict.loser);
    } else if (conflict.choice == Choice::keep_server) {
      for (const Entry& below : local.below(conflict.path)) {  // a folder that lost against a file
        if (below.is_file()) losers.push_back(below);
      }
    }
  }
  return losers;
}

Result<void> keep_losers(Workspace& work, Store& server, CarriedAccess* access, const Survey& survey,
                         std::span<const Entry> losers, const GenerationId& generation) {
  work.step("keep the losers");
  const ProfilePath folder = history_folder(generation.generation);
  CopyBuffer buffer;
  std::vector<ProfilePath> written;
  std::vector<Entry> kept;
  for (const Entry& lost : losers) {
    const ProfilePath path = folder.join(lost.path);
    BOOST_OUTCOME_TRY(make_directories(server, path.parent()));
    BOOST_OUTCOME_TRY(const auto source, work.local.open(lost.path));
    BOOST_OUTCOME_TRY(const auto target, server.create(path));
    BOOST_OUTCOME_TRY(const Copied copied, copy_file(*source, *target, buffer, {.stop = work.options.stop}));
    BOOST_OUTCOME_TRY(FileAttributes attributes, source->attributes());
    if (access != nullptr) {
      BOOST_OUTCOME_TRYV(access->fit(lost.path, false, attributes));
    }
    BOOST_OUTCOME_TRY(target->finish(attributes));
    written.push_back(path);
    kept.push_back(lost);
    kept.back().digest = copied.digest;
  }
  HeadRecord head{.id = generation,
                  .machine = work.host.machine_name(),
                  .user = work.host.user_name(),
                  .written = work.host.now(),
                  .tree = survey.server.tree};
  head.tree.edit(std::move(kept), {});
  // Nothing has this name yet, and should this call die here, nothing of the folder counts.
  const ProfilePath record = folder.child_unchecked(history_head_name);
  BOOST_OUTCOME_TRY(const auto writer, server.create(record));
  BOOST_OUTCOME_TRY(writer->write(0, write_head(head)));
  BOOST_OUTCOME_TRY(writer->finish({}));
  written.push_back(record);
  BOOST_OUTCOME_TRYV(server.flush(written));
  // A flush keeps the name of the file, not that of its folder, and who made a folder above may not have flushed it either.
  std::set<ProfilePath, PathOrder> folders{ProfilePath()};
  for (const ProfilePath& path : written) {
    for (ProfilePath above = path.parent(); !above.is_root(); above = above.parent()) folders.insert(above);
  }
  return server.flush_directories(std::vector<ProfilePath>(folders.begin(), folders.end()));
}

}  // namespace roamsync
