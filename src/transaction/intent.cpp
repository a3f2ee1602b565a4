#include "transaction/intent.hpp"

#include "base/record.hpp"

namespace roamsync {
namespace {

constexpr RecordKind intent_kind{.magic = "RSINTENT", .version = 1, .name = "intent record"};

constexpr std::uint8_t flag_last = 1;
constexpr std::uint8_t flag_aside = 2;
constexpr std::uint8_t flag_replaces = 4;

// Fewer bytes than the smallest entry takes: bounds what a count may claim.
constexpr std::size_t entry_size_min = 12;
constexpr std::size_t refit_size_min = 3;
constexpr std::size_t attribute_size_min = 2;

void put_unit(ByteWriter& out, const Unit& unit, std::string_view path_before) {
  out.put(static_cast<std::uint8_t>((unit.last ? flag_last : 0) | (unit.aside.is_root() ? 0 : flag_aside) |
                                    (unit.replaces ? flag_replaces : 0)));
  put_entry(out, unit.entry, path_before);
  out.put_text(unit.temporary.name());
  if (!unit.aside.is_root()) out.put_text(unit.aside.name());
  if (unit.replaces) put_entry(out, *unit.replaces, unit.entry.path.text());
  out.put_varint(unit.members.size());
  std::string_view before = unit.entry.path.text();
  for (const Entry& member : unit.members) {
    put_entry(out, member, before);
    before = member.path.text();
  }
}

// A valid component that makes a sibling of `path` and is not `path` itself.
std::optional<ProfilePath> take_sibling(ByteReader& in, const ProfilePath& path) {
  const std::string_view name = in.take_text();
  if (!in.ok()) return std::nullopt;
  auto sibling = path.parent().child(name);
  if (!sibling || sibling.value().same_file(path)) return std::nullopt;
  return std::move(sibling).value();
}

bool take_members(ByteReader& in, Unit& unit) {
  const std::uint64_t count = in.take_varint();
  if (!in.ok() || count > in.left() / entry_size_min || (count > 0 && !unit.entry.is_directory())) return false;
  unit.members.reserve(static_cast<std::size_t>(count));
  for (std::uint64_t i = 0; i < count; ++i) {
    const Entry& before = unit.members.empty() ? unit.entry : unit.members.back();
    auto member = take_entry(in, before.path.text());
    if (!member || (member->is_file() && !member->digest)) return false;
    if (!unit.entry.path.contains(member->path) || PathOrder::compare(before.path, member->path) >= 0) return false;
    unit.members.push_back(std::move(*member));
  }
  return true;
}

std::optional<Unit> take_unit(ByteReader& in, std::string_view path_before) {
  const auto flags = in.take<std::uint8_t>();
  if (!in.ok() || flags > (flag_last | flag_aside | flag_replaces)) return std::nullopt;
  Unit unit;
  unit.last = (flags & flag_last) != 0;
  auto entry = take_entry(in, path_before);
  if (!entry || (entry->is_file() && !entry->digest)) return std::nullopt;
  unit.entry = std::move(*entry);
  auto temporary = take_sibling(in, unit.entry.path);
  if (!temporary) return std::nullopt;
  unit.temporary = std::move(*temporary);
  if ((flags & flag_aside) != 0) {
    auto aside = take_sibling(in, unit.entry.path);
    if (!aside || aside->same_file(unit.temporary)) return std::nullopt;
    unit.aside = std::move(*aside);
  }
  if ((flags & flag_replaces) != 0) {
    unit.replaces = take_entry(in, unit.entry.path.text());
    if (!unit.replaces) return std::nullopt;
  }
  if (!take_members(in, unit)) return std::nullopt;
  return unit;
}

std::optional<StagedRecord> take_head(ByteReader& in) {
  StagedRecord head;
  head.name = in.take_text();
  head.temporary = in.take_text();
  head.size = in.take_varint();
  head.digest = take_digest(in);
  if (!in.ok() || !ProfilePath::fault_of_name(head.name).empty() ||
      !ProfilePath::fault_of_name(head.temporary).empty()) {
    return std::nullopt;
  }
  if (head.name == head.temporary || head.name == intent_name) return std::nullopt;
  return head;
}

void put_refit(ByteWriter& out, const Refit& refit) {
  out.put_text(refit.path.text());
  out.put_varint(refit.extended.size());
  for (const auto& [name, value] : refit.extended) {
    out.put_text(name);
    out.put_text(value);
  }
}

std::optional<Refit> take_refit(ByteReader& in) {
  auto path = ProfilePath::parse(in.take_text());
  const std::uint64_t count = in.take_varint();
  if (!in.ok() || !path || path.value().is_root() || count > in.left() / attribute_size_min) return std::nullopt;
  Refit refit{.path = std::move(path).value()};
  for (std::uint64_t i = 0; i < count; ++i) {
    std::string name(in.take_text());
    refit.extended.emplace_back(std::move(name), in.take_text());
  }
  return in.ok() ? std::optional(std::move(refit)) : std::nullopt;
}

// What is wrong with the payload, in words; empty when it was taken whole.
std::string_view take_intent(ByteReader& in, Intent& intent) {
  intent.transaction = in.take_text();
  const auto has_head = in.take<std::uint8_t>();
  if (!in.ok() || has_head > 1) return "no name of a transaction";
  if (has_head == 1) {
    intent.head = take_head(in);
    if (!intent.head) return "a head record that cannot be";
  }
  const std::uint64_t units = in.take_varint();
  if (!in.ok() || units > in.left() / entry_size_min) return "a number of files that its length cannot hold";
  intent.units.reserve(static_cast<std::size_t>(units));
  for (std::uint64_t i = 0; i < units; ++i) {
    auto unit = take_unit(in, intent.units.empty() ? std::string_view() : intent.units.back().entry.path.text());
    if (!unit) return "a file that cannot be";
    intent.units.push_back(std::move(*unit));
  }
  const std::uint64_t removals = in.take_varint();
  if (!in.ok() || removals > in.left() / entry_size_min) return "a number of deletions that its length cannot hold";
  intent.removals.reserve(static_cast<std::size_t>(removals));
  for (std::uint64_t i = 0; i < removals; ++i) {
    auto entry = take_entry(in, intent.removals.empty() ? std::string_view() : intent.removals.back().path.text());
    if (!entry) return "a deletion that cannot be";
    intent.removals.push_back(std::move(*entry));
  }
  const std::uint64_t refits = in.take_varint();
  if (!in.ok() || refits > in.left() / refit_size_min) return "a number of folders that its length cannot hold";
  intent.refits.reserve(static_cast<std::size_t>(refits));
  for (std::uint64_t i = 0; i < refits; ++i) {
    auto refit = take_refit(in);
    if (!refit) return "a folder that cannot be";
    intent.refits.push_back(std::move(*refit));
  }
  return in.left() == 0 ? std::string_view() : std::string_view("bytes after its end");
}

}  // namespace

ProfilePath Unit::staged_path(const ProfilePath& path) const {
  if (path.text().size() == entry.path.text().size()) return temporary;
  return temporary.join(ProfilePath::literal(path.text().substr(entry.path.text().size() + 1)));
}

std::vector<std::byte> encode_intent(const Intent& intent) {
  ByteWriter out;
  std::size_t entries = intent.units.size() + intent.removals.size();
  for (const Unit& unit : intent.units) entries += unit.members.size();
  out.reserve(entries * usual_entry_size);
  out.put_text(intent.transaction);
  out.put(static_cast<std::uint8_t>(intent.head ? 1 : 0));
  if (intent.head) {
    out.put_text(intent.head->name);
    out.put_text(intent.head->temporary);
    out.put_varint(intent.head->size);
    put_digest(out, intent.head->digest);
  }
  out.put_varint(intent.units.size());
  std::string_view before;
  for (const Unit& unit : intent.units) {
    put_unit(out, unit, before);
    before = unit.entry.path.text();
  }
  out.put_varint(intent.removals.size());
  before = {};
  for (const Entry& entry : intent.removals) {
    put_entry(out, entry, before);
    before = entry.path.text();
  }
  out.put_varint(intent.refits.size());
  for (const Refit& refit : intent.refits) put_refit(out, refit);
  return frame_record(intent_kind, out.take());
}

Result<Intent> decode_intent(std::span<const std::byte> bytes, std::string_view location) {
  BOOST_OUTCOME_TRY(const auto payload, open_record(intent_kind, bytes, location));
  ByteReader in(payload);
  Intent intent;
  if (const std::string_view fault = take_intent(in, intent); !fault.empty()) {
    return damaged_record(intent_kind, location, fault);
  }
  return intent;
}

}  // namespace roamsync
