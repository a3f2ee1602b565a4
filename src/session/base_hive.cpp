#include "session/base_hive.hpp"

#include "base/record.hpp"
#include "session/hive_gate.hpp"
#include "session/server_side.hpp"
#include "session/survey.hpp"

#include <zlib.h>

namespace roamsync {
namespace {

constexpr RecordKind kind{.magic = "RSHIVE\r\n", .version = 1, .name = "base hive record"};
const ProfilePath record_path = ProfilePath::literal("base-hive");

struct BaseHive {
  Digest digest;
  std::vector<std::byte> bytes;
};

// A hive is mostly free cells and UTF-16: the fastest level takes most of what the best would.
Result<std::vector<std::byte>> write_base_hive(const Digest& digest, std::span<const std::byte> bytes) {
  uLongf size = compressBound(static_cast<uLong>(bytes.size()));
  std::vector<std::byte> packed(size);
  if (compress2(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(bytes.data()),
                static_cast<uLong>(bytes.size()), Z_BEST_SPEED) != Z_OK) {
    return Error(Errc::not_supported, {.step = "compress the base hive"});
  }
  ByteWriter out;
  put_digest(out, digest);
  out.put(std::uint64_t{bytes.size()});
  out.put_bytes(std::span(packed).first(size));
  return frame_record(kind, out.take());
}

Result<BaseHive> read_base_hive(std::span<const std::byte> record, std::string_view location, bool with_bytes) {
  BOOST_OUTCOME_TRY(const auto payload, open_record(kind, record, location));
  ByteReader in(payload);
  BaseHive hive{.digest = take_digest(in)};
  const auto size = in.take<std::uint64_t>();
  // zlib packs at most 1032 to 1: a size beyond that is no size.
  if (!in.ok() || size > hive_size_max || size / 1032 > in.left())
    return damaged_record(kind, location, "a wrong size");
  if (!with_bytes) return hive;
  const auto packed = in.take_bytes(in.left());
  hive.bytes.resize(static_cast<std::size_t>(size));
  uLongf unpacked = static_cast<uLongf>(size);
  if (uncompress(reinterpret_cast<Bytef*>(hive.bytes.data()), &unpacked, reinterpret_cast<const Bytef*>(packed.data()),
                 static_cast<uLong>(packed.size())) != Z_OK ||
      unpacked != size || digest_of(hive.bytes) != hive.digest) {
    return damaged_record(kind, location, "bytes that are no such hive");
  }
  return hive;
}

Result<std::optional<BaseHive>> load(Workspace& work, bool with_bytes) {
  BOOST_OUTCOME_TRY(const auto record, read_record_file(work.state, record_path));
  if (!record) return std::optional<BaseHive>();
  auto hive = read_base_hive(*record, work.state.location_of(record_path), with_bytes);
  if (hive) return std::optional(std::move(hive).value());
  work.notice(event_id::none, Level::warning, hive.error().message());
  return std::optional<BaseHive>();
}

Result<void> keep(Workspace& work, const Entry& hive, const std::optional<SharedBytes>& merged_from) {
  BOOST_OUTCOME_TRY(const auto kept, load(work, false));
  if (kept && kept->digest == *hive.digest) return success();
  std::vector<std::byte> lying;
  if (!merged_from) {
    BOOST_OUTCOME_TRY(lying, read_file(work.local, hive.path, hive_size_max));
  }
  const std::span<const std::byte> bytes = merged_from ? merged_from->view() : std::span<const std::byte>(lying);
  if (digest_of(bytes) != *hive.digest) return success();  // recovered from its logs on the way; not what lies there
  BOOST_OUTCOME_TRY(const auto record, write_base_hive(*hive.digest, bytes));
  return replace_record_file(work.state, record_path, record, false);
}

}  // namespace

bool keeps_base_hive(const SessionOptions& options) { return options.policy == &merges(); }

void keep_base_hive(Workspace& work, const Base& base, const std::optional<SharedBytes>& merged_from) {
  const Entry* hive = find_hive(base.local);
  if (!keeps_base_hive(work.options) || hive == nullptr || !hive->digest) return;
  if (const auto kept = keep(work, *hive, merged_from); !kept) {
    work.notice(event_id::none, Level::warning,
                "the base hive is not kept for the next merge: " + kept.error().message());
  }
}

Result<std::optional<std::vector<std::byte>>> find_base_hive(Workspace& work, Store& server, const Base& base) {
  const Entry* hive = find_hive(base.local);
  if (hive == nullptr || !hive->digest) return std::optional<std::vector<std::byte>>();
  BOOST_OUTCOME_TRY(auto kept, load(work, true));
  if (kept && kept->digest == *hive->digest) return std::optional(std::move(kept->bytes));
  // Another machine replaced it on the server: then it lies in the history.
  BOOST_OUTCOME_TRY(const auto history, list_history(server));
  for (const HistoryGeneration& generation : history) {
    for (const Entry& file : generation.files) {
      if (!is_hive(file.path) || file.size != hive->size) continue;
      const ProfilePath path = history_folder(generation.generation).join(file.path);
      BOOST_OUTCOME_TRY(auto bytes, read_file(server, path, hive_size_max));
      if (digest_of(bytes) == *hive->digest) return std::optional(std::move(bytes));
    }
  }
  return std::optional<std::vector<std::byte>>();
}

}  // namespace roamsync
