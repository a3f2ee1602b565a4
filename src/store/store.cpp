#include <roamsync/store.hpp>

#include "store/location.hpp"

namespace roamsync {
namespace {

Error at(const Store& store, const ProfilePath& path, std::errc code, std::string expected, std::string found) {
  return Error(std::make_error_code(code),
               {.path = store.location_of(path), .expected = std::move(expected), .found = std::move(found)});
}

bool is_absent(const Error& error) noexcept { return error.code() == std::errc::no_such_file_or_directory; }

Result<void> remove_below(Store& store, const ProfilePath& directory) {
  BOOST_OUTCOME_TRY(const Listing listing, store.list(directory));
  for (const Unusable& thing : listing.unusable) {
    // A name that Windows cannot have has no ProfilePath; the folder then stays, and remove_directory says so.
    const auto path = ProfilePath::parse(thing.path);
    if (!path) continue;
    if (auto removed = store.remove_file(path.value()); !removed && !is_absent(removed.error())) return removed;
  }
  for (const Entry& entry : listing.entries) {
    BOOST_OUTCOME_TRYV(remove_tree(store, entry.path));
  }
  return success();
}

}  // namespace

std::string join_location(std::string location, const ProfilePath& path) {
  if (path.is_root()) return location;
  if (!location.empty() && location.back() != '/' && location.back() != '\\') location += '/';
  return location += path.text();
}

std::string Store::location_of(const ProfilePath& path) const { return join_location(location(), path); }

std::optional<boost::filesystem::path> Store::system_path(const ProfilePath&) const { return std::nullopt; }

Result<void> Store::set_folder_attributes(const ProfilePath&, const std::vector<std::pair<std::string, std::string>>&) {
  return success();
}

Result<std::optional<std::vector<Entry>>> Store::stat_names(const ProfilePath&, std::span<const Entry* const> known) {
  std::vector<Entry> entries;
  entries.reserve(known.size());
  for (const Entry* one : known) {
    auto entry = stat(one->path);
    if (!entry && entry.error().code() != Errc::unsafe_path) return entry.error();
    if (!entry || !entry.value()) return std::optional<std::vector<Entry>>();
    entries.push_back(std::move(*entry.value()));
  }
  return std::optional(std::move(entries));
}

Result<std::unique_ptr<Reader>> Store::open_to_verify(const ProfilePath& path) { return open(path); }

Result<AccessFacts> Store::access_facts(const ProfilePath&) { return AccessFacts(); }

Result<void> Store::mark_access(const ProfilePath&, std::span<Entry>) { return success(); }

Result<std::vector<std::byte>> read_file(Store& store, const ProfilePath& path, std::uint64_t size_max) {
  BOOST_OUTCOME_TRY(const std::unique_ptr<Reader> reader, store.open(path));
  const std::uint64_t size = reader->entry().size;
  const auto too_large = [&](std::uint64_t found) {
    return at(store, path, std::errc::file_too_large, "at most " + std::to_string(size_max) + " bytes",
              std::to_string(found) + " bytes");
  };
  if (size > size_max) return too_large(size);
  // One byte more than expected: a file that grew since it was opened is read to the end that is found.
  std::vector<std::byte> bytes(static_cast<std::size_t>(size) + 1);
  for (std::size_t filled = 0;;) {
    BOOST_OUTCOME_TRY(const std::size_t count, reader->read(filled, std::span(bytes).subspan(filled)));
    filled += count;
    if (filled > size_max) return too_large(filled);
    if (filled < bytes.size()) {
      bytes.resize(filled);
      return bytes;
    }
    bytes.resize(bytes.size() * 2);
  }
}

Result<void> remove_tree(Store& store, const ProfilePath& path) {
  BOOST_OUTCOME_TRY(const std::optional<Entry> entry, store.stat(path));
  if (!entry) return success();
  if (entry->is_directory()) {
    if (auto emptied = remove_below(store, path); !emptied && !is_absent(emptied.error())) return emptied;
  }
  auto removed = entry->is_directory() ? store.remove_directory(path) : store.remove_file(path);
  if (!removed && !is_absent(removed.error())) return removed;
  return success();
}

Result<std::vector<ProfilePath>> make_directories(Store& store, const ProfilePath& path) {
  std::vector<ProfilePath> made;
  if (path.is_root()) return made;
  const auto taken = [&] { return at(store, path, std::errc::not_a_directory, "a folder", "a file in its place"); };
  BOOST_OUTCOME_TRY(const std::optional<Entry> entry, store.stat(path));
  if (entry) {
    if (!entry->is_directory()) return taken();
    return made;
  }
  BOOST_OUTCOME_TRY(made, make_directories(store, path.parent()));
  auto directory = store.make_directory(path, 0);
  if (directory) {
    made.push_back(path);
    return made;
  }
  // Somebody else may have made it between the look and the call.
  if (directory.error().code() == std::errc::file_exists) {
    BOOST_OUTCOME_TRY(const std::optional<Entry> found, store.stat(path));
    if (!found || !found->is_directory()) return taken();
    return made;
  }
  for (auto folder = made.rbegin(); folder != made.rend(); ++folder) {
    static_cast<void>(store.remove_directory(*folder));
  }
  return directory.error();
}

}  // namespace roamsync
