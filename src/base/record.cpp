#include "base/record.hpp"

#include <algorithm>
#include <cstring>

namespace roamsync {
namespace {

constexpr std::size_t header_size = 40;
constexpr std::size_t digest_offset = 24;

Digest digest_of_parts(std::span<const std::byte> first, std::span<const std::byte> second) {
  Digester digester;
  digester.update(first);
  digester.update(second);
  return digester.digest();
}

std::size_t common_prefix(std::string_view left, std::string_view right) {
  const std::size_t size = std::min(left.size(), right.size());
  return static_cast<std::size_t>(
      std::mismatch(left.begin(), left.begin() + static_cast<std::ptrdiff_t>(size), right.begin()).first -
      left.begin());
}

// What an entry carries, in its first byte.
constexpr std::uint8_t flag_directory = 1;
constexpr std::uint8_t flag_digest = 2;
constexpr std::uint8_t flag_access = 4;

}  // namespace

std::vector<std::byte> frame_record(const RecordKind& kind, std::vector<std::byte> payload) {
  ByteWriter head;
  head.put_bytes(std::as_bytes(std::span(kind.magic.data(), 8)));
  head.put(kind.version);
  head.put(std::uint32_t{0});
  head.put(std::uint64_t{payload.size()});
  std::vector<std::byte> header = head.take();
  const Digest digest = digest_of_parts(header, payload);
  ByteWriter rest;
  put_digest(rest, digest);
  const std::vector<std::byte> digest_bytes = rest.take();
  header.insert(header.end(), digest_bytes.begin(), digest_bytes.end());
  // A large record is not copied: what it has grown by leaves room for the header as a rule.
  payload.insert(payload.begin(), header.begin(), header.end());
  return payload;
}

Error damaged_record(const RecordKind& kind, std::string_view location, std::string_view found) {
  return Error(
      Errc::record_damaged,
      {.path = std::string(location), .expected = "a sound " + std::string(kind.name), .found = std::string(found)});
}

Result<std::span<const std::byte>> open_record(const RecordKind& kind, std::span<const std::byte> bytes,
                                               std::string_view location) {
  const auto damaged = [&](std::string_view found) { return damaged_record(kind, location, found); };
  if (bytes.size() < header_size) return damaged(std::to_string(bytes.size()) + " bytes, less than a header");
  if (std::memcmp(bytes.data(), kind.magic.data(), 8) != 0) return damaged("another magic");
  ByteReader reader(bytes.subspan(8));
  const auto version = reader.take<std::uint32_t>();
  reader.take<std::uint32_t>();
  const auto size = reader.take<std::uint64_t>();
  const Digest digest = take_digest(reader);
  const auto payload = bytes.subspan(header_size);
  if (size != payload.size()) {
    return damaged("a payload of " + std::to_string(payload.size()) + " bytes where " + std::to_string(size) +
                   " are announced");
  }
  if (digest_of_parts(bytes.first(digest_offset), payload) != digest) return damaged("another checksum");
  if (version == 0 || version > kind.version) {
    return Error(Errc::record_too_new,
                 {.path = std::string(location),
                  .expected = std::string(kind.name) + " of version " + std::to_string(kind.version) + " or earlier",
                  .found = "version " + std::to_string(version),
                  .cure = "use the version of roamsync that wrote it, or a later one"});
  }
  return payload;
}

void put_time(ByteWriter& out, FileTime time) { out.put(static_cast<std::uint64_t>(time.ticks)); }

FileTime take_time(ByteReader& in) { return {static_cast<std::int64_t>(in.take<std::uint64_t>())}; }

void put_digest(ByteWriter& out, const Digest& digest) {
  out.put(digest.low);
  out.put(digest.high);
}

Digest take_digest(ByteReader& in) {
  Digest digest;
  digest.low = in.take<std::uint64_t>();
  digest.high = in.take<std::uint64_t>();
  return digest;
}

void put_entry(ByteWriter& out, const Entry& entry, std::string_view path_before) {
  const std::string_view path = entry.path.text();
  const std::size_t shared = common_prefix(path_before, path);
  out.put(static_cast<std::uint8_t>((entry.is_directory() ? flag_directory : 0) | (entry.digest ? flag_digest : 0) |
                                    (entry.access_mark != access_mark_unknown ? flag_access : 0)));
  out.put_varint(shared);
  out.put_text(path.substr(shared));
  out.put_varint(entry.mode);
  out.put_varint(entry.size);
  put_time(out, entry.modified);
  out.put_varint(entry.id);
  if (entry.digest) put_digest(out, *entry.digest);
  if (entry.access_mark != access_mark_unknown) out.put(entry.access_mark);
}

std::optional<Entry> take_entry(ByteReader& in, std::string_view path_before) {
  const auto flags = in.take<std::uint8_t>();
  const std::uint64_t shared = in.take_varint();
  const std::string_view rest = in.take_text();
  if (!in.ok() || flags > (flag_directory | flag_digest | flag_access) || shared > path_before.size())
    return std::nullopt;
  auto path = ProfilePath::adopt(SharedText({path_before.substr(0, static_cast<std::size_t>(shared)), rest}));
  if (!path || path.value().is_root()) return std::nullopt;
  Entry entry{.path = std::move(path).value(),
              .kind = (flags & flag_directory) != 0 ? EntryKind::directory : EntryKind::file};
  const std::uint64_t mode = in.take_varint();
  entry.size = in.take_varint();
  entry.modified = take_time(in);
  entry.id = in.take_varint();
  if ((flags & flag_digest) != 0) entry.digest = take_digest(in);
  if ((flags & flag_access) != 0) entry.access_mark = in.take<std::uint64_t>();
  if (!in.ok() || mode > UINT32_MAX) return std::nullopt;
  entry.mode = static_cast<std::uint32_t>(mode);
  return entry;
}

void put_tree(ByteWriter& out, const Tree& tree) {
  out.reserve(tree.size() * usual_entry_size);
  out.put_varint(tree.size());
  std::string_view before;
  for (const Entry& entry : tree.entries()) {
    put_entry(out, entry, before);
    before = entry.path.text();
  }
}

std::optional<Tree> take_tree(ByteReader& in) {
  constexpr std::size_t entry_size_min = 14;
  const std::uint64_t count = in.take_varint();
  if (!in.ok() || count > in.left() / entry_size_min) return std::nullopt;
  std::vector<Entry> entries;
  entries.reserve(static_cast<std::size_t>(count));
  for (std::uint64_t i = 0; i < count; ++i) {
    auto entry = take_entry(in, entries.empty() ? std::string_view() : entries.back().path.text());
    if (!entry) return std::nullopt;
    if (!entries.empty() && PathOrder::compare(entries.back().path, entry->path) >= 0) return std::nullopt;
    entries.push_back(std::move(*entry));
  }
  return Tree::from_sorted(std::move(entries));
}

}  // namespace roamsync
