#include "session/records.hpp"

#include <roamsync/filter.hpp>

#include "base/record.hpp"

#include <utility>

namespace roamsync {
namespace {

constexpr RecordKind head_kind{.magic = "RSHEAD\r\n", .version = 1, .name = "head record"};
constexpr RecordKind base_kind{.magic = "RSBASE\r\n", .version = 1, .name = "base record"};
constexpr RecordKind session_kind{.magic = "RSSESS\r\n", .version = 1, .name = "session record"};
constexpr RecordKind pages_kind{.magic = "RSPAGE\r\n", .version = 1, .name = "page digest record"};

void put_id(ByteWriter& out, const GenerationId& id) {
  out.put_varint(id.generation);
  out.put_text(id.transaction);
}

GenerationId take_id(ByteReader& in) {
  GenerationId id;
  id.generation = in.take_varint();
  id.transaction = in.take_text();
  return id;
}

void put_lineage(ByteWriter& out, const Lineage& lineage) {
  out.put_text(lineage.profile);
  out.put_varint(lineage.ancestors.size());
  for (const GenerationId& id : lineage.ancestors) put_id(out, id);
}

std::optional<Lineage> take_lineage(ByteReader& in) {
  Lineage lineage;
  lineage.profile = in.take_text();
  const std::uint64_t count = in.take_varint();
  if (!in.ok() || count > ancestors_max) return std::nullopt;
  lineage.ancestors.reserve(static_cast<std::size_t>(count));
  for (std::uint64_t i = 0; i < count; ++i) lineage.ancestors.push_back(take_id(in));
  return in.ok() ? std::optional(std::move(lineage)) : std::nullopt;
}

void put_optional_time(ByteWriter& out, const std::optional<FileTime>& time) {
  out.put(static_cast<std::uint8_t>(time ? 1 : 0));
  put_time(out, time.value_or(FileTime{}));
}

std::optional<FileTime> take_optional_time(ByteReader& in) {
  const auto present = in.take<std::uint8_t>();
  const FileTime time = take_time(in);
  return present != 0 ? std::optional(time) : std::nullopt;
}

// How the server's entry of a base differs from the local one; most do not differ but in their id.
constexpr std::uint8_t server_same_path = 1;
constexpr std::uint8_t server_same_stamp = 2;

void put_server_side(ByteWriter& out, const Entry& local, const Entry& server) {
  const bool same_path = local.path == server.path;
  const bool same = local.kind == server.kind && local.size == server.size &&
                    (local.modified == server.modified || local.is_directory()) && local.mode == server.mode &&
                    local.digest == server.digest;
  out.put(static_cast<std::uint8_t>((same_path ? server_same_path : 0) | (same ? server_same_stamp : 0)));
  if (same_path && same) {
    out.put_varint(server.id);
  } else {
    put_entry(out, server, local.path.text());
  }
}

std::optional<Entry> take_server_side(ByteReader& in, const Entry& local) {
  const auto flags = in.take<std::uint8_t>();
  if (flags == (server_same_path | server_same_stamp)) {
    Entry server = local;
    server.id = in.take_varint();
    if (server.is_directory()) server.modified = {};  // of a server folder nobody asks
    if (!in.ok()) return std::nullopt;
    return server;
  }
  auto server = take_entry(in, local.path.text());
  if (!server || !server->path.same_file(local.path)) return std::nullopt;
  return server;
}

}  // namespace

std::vector<std::byte> write_head(const HeadRecord& head) {
  ByteWriter out;
  put_id(out, head.id);
  out.put_text(head.machine);
  out.put_text(head.user);
  put_time(out, head.written);
  put_lineage(out, head.lineage);
  put_tree(out, head.tree);
  return frame_record(head_kind, out.take());
}

Result<HeadRecord> read_head(std::span<const std::byte> bytes, std::string_view location, bool with_tree) {
  BOOST_OUTCOME_TRY(const auto payload, open_record(head_kind, bytes, location));
  ByteReader in(payload);
  HeadRecord head;
  head.id = take_id(in);
  head.machine = in.take_text();
  head.user = in.take_text();
  head.written = take_time(in);
  auto lineage = take_lineage(in);
  if (!lineage) return damaged_record(head_kind, location, "no lineage where one should be");
  head.lineage = std::move(*lineage);
  if (with_tree) {
    auto tree = take_tree(in);
    if (!tree || in.left() != 0) return damaged_record(head_kind, location, "no tree where one should be");
    head.tree = std::move(*tree);
  }
  return head;
}

std::vector<std::byte> write_base(const BaseRecord& record) {
  ByteWriter out;
  put_id(out, record.id);
  put_lineage(out, record.lineage);
  const auto local = record.base.local.entries();
  const auto server = record.base.server.entries();
  out.put_varint(local.size());
  out.reserve(local.size() * usual_entry_size);
  std::string_view before;
  for (std::size_t i = 0; i < local.size(); ++i) {
    put_entry(out, local[i], before);
    put_server_side(out, local[i], server[i]);
    before = local[i].path.text();
  }
  return frame_record(base_kind, out.take());
}

Result<BaseRecord> read_base(std::span<const std::byte> bytes, std::string_view location) {
  BOOST_OUTCOME_TRY(const auto payload, open_record(base_kind, bytes, location));
  ByteReader in(payload);
  BaseRecord record;
  record.id = take_id(in);
  auto lineage = take_lineage(in);
  if (!lineage) return damaged_record(base_kind, location, "no lineage where one should be");
  record.lineage = std::move(*lineage);
  constexpr std::size_t pair_size_min = 16;
  const std::uint64_t count = in.take_varint();
  if (!in.ok() || count > in.left() / pair_size_min) return damaged_record(base_kind, location, "a wrong count");
  std::vector<Entry> local;
  std::vector<Entry> server;
  local.reserve(static_cast<std::size_t>(count));
  server.reserve(static_cast<std::size_t>(count));
  for (std::uint64_t i = 0; i < count; ++i) {
    auto here = take_entry(in, local.empty() ? std::string_view() : local.back().path.text());
    if (!here || (!local.empty() && PathOrder::compare(local.back().path, here->path) >= 0)) {
      return damaged_record(base_kind, location, "a bad entry after " + std::to_string(i) + " good ones");
    }
    auto there = take_server_side(in, *here);
    if (!there) return damaged_record(base_kind, location, "a bad entry after " + std::to_string(i) + " good ones");
    local.push_back(std::move(*here));
    server.push_back(std::move(*there));
  }
  if (in.left() != 0) return damaged_record(base_kind, location, "bytes behind the last entry");
  record.base.local = Tree::from_sorted(std::move(local));
  record.base.server = Tree::from_sorted(std::move(server));
  return record;
}

std::vector<std::byte> write_session(const SessionRecord& session) {
  ByteWriter out;
  out.put_text(session.upload_forbidden);
  out.put(static_cast<std::uint8_t>(session.read_only ? 1 : 0));
  out.put(static_cast<std::uint8_t>(session.mandatory ? 1 : 0));
  out.put(static_cast<std::uint8_t>(session.temporary ? 1 : 0));
  put_optional_time(out, session.loaded);
  put_optional_time(out, session.logged_off);
  out.put_text(session.last_operation);
  out.put_text(session.last_outcome);
  put_time(out, session.last_time);
  return frame_record(session_kind, out.take());
}

Result<SessionRecord> read_session(std::span<const std::byte> bytes, std::string_view location) {
  BOOST_OUTCOME_TRY(const auto payload, open_record(session_kind, bytes, location));
  ByteReader in(payload);
  SessionRecord session;
  session.upload_forbidden = in.take_text();
  session.read_only = in.take<std::uint8_t>() != 0;
  session.mandatory = in.take<std::uint8_t>() != 0;
  session.temporary = in.take<std::uint8_t>() != 0;
  session.loaded = take_optional_time(in);
  session.logged_off = take_optional_time(in);
  session.last_operation = in.take_text();
  session.last_outcome = in.take_text();
  session.last_time = take_time(in);
  if (!in.ok() || in.left() != 0) return damaged_record(session_kind, location, "another length");
  return session;
}

std::shared_ptr<const PageDigests> PageRecord::find(const Digest& content) const {
  for (const File& file : files) {
    if (file.content == content) return file.pages;
  }
  return nullptr;
}

std::vector<std::byte> write_pages(const PageRecord& pages) {
  ByteWriter out;
  out.put_varint(pages.files.size());
  for (const PageRecord::File& file : pages.files) {
    out.put_text(file.path.text());
    put_digest(out, file.content);
    out.put_varint(file.pages->file_size);
    out.put_varint(file.pages->pages.size());
    for (const std::uint64_t page : file.pages->pages) out.put(page);
  }
  return frame_record(pages_kind, out.take());
}

Result<PageRecord> read_pages(std::span<const std::byte> bytes, std::string_view location) {
  BOOST_OUTCOME_TRY(const auto payload, open_record(pages_kind, bytes, location));
  ByteReader in(payload);
  PageRecord record;
  const auto damaged = [&] { return damaged_record(pages_kind, location, "a bad list of pages"); };
  const std::uint64_t count = in.take_varint();
  if (!in.ok() || count > in.left()) return damaged();
  for (std::uint64_t i = 0; i < count; ++i) {
    auto path = ProfilePath::parse(in.take_text());
    const Digest content = take_digest(in);
    PageDigests digests;
    digests.file_size = in.take_varint();
    const std::uint64_t page_count = in.take_varint();
    const std::uint64_t pages_wanted =
        digests.file_size / PageDigests::page_size + (digests.file_size % PageDigests::page_size != 0 ? 1 : 0);
    if (!path || !in.ok() || page_count != pages_wanted || page_count > in.left() / sizeof(std::uint64_t)) {
      return damaged();
    }
    digests.pages.reserve(static_cast<std::size_t>(page_count));
    for (std::uint64_t page = 0; page < page_count; ++page) digests.pages.push_back(in.take<std::uint64_t>());
    record.files.push_back({.path = std::move(path).value(),
                            .content = content,
                            .pages = std::make_shared<const PageDigests>(std::move(digests))});
  }
  if (!in.ok() || in.left() != 0) return damaged();
  return record;
}

Result<std::optional<std::vector<std::byte>>> read_record_file(Store& store, const ProfilePath& path) {
  auto bytes = read_file(store, path, record_size_max);
  if (bytes) return std::optional(std::move(bytes).value());
  if (bytes.error().code() == std::errc::no_such_file_or_directory) return std::optional<std::vector<std::byte>>();
  return bytes.error().within({.step = "read a record", .expected = "a file that roamsync wrote"});
}

Result<void> replace_record_file(Store& store, const ProfilePath& path, std::span<const std::byte> bytes,
                                 bool durable) {
  const ProfilePath temporary = path.parent().child_unchecked(std::string(path.name()) + std::string(temporary_suffix));
  auto writer = store.create(temporary);
  if (!writer && writer.error().code() == std::errc::file_exists) {  // of a call that died here
    BOOST_OUTCOME_TRY(store.remove_file(temporary));
    writer = store.create(temporary);
  }
  BOOST_OUTCOME_TRY(auto out, std::move(writer));
  BOOST_OUTCOME_TRY(out->write(0, bytes));
  BOOST_OUTCOME_TRY(out->finish({}));
  const ProfilePath folder = path.parent();
  if (durable) {
    BOOST_OUTCOME_TRY(store.flush(std::span(&temporary, 1)));
  }
  BOOST_OUTCOME_TRY(store.replace(temporary, path));
  if (durable) {
    BOOST_OUTCOME_TRY(store.flush_directories(std::span(&folder, 1)));
  }
  return success();
}

}  // namespace roamsync
