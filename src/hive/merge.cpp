#include <roamsync/hive_merge.hpp>

#include <algorithm>

#include <roamsync/hive_diff.hpp>

#include "hive/matching.hpp"

namespace roamsync::hive {
namespace {

// What one thing was on each side.
struct Keys {
  std::optional<Key> base;
  Key local, server;
};

// The spelling of a name is no content: it is merged for itself.
bool same_data(const ValueNode* left, const ValueNode* right) {
  if (left == nullptr || right == nullptr) return left == right;
  return left->type == right->type && left->data == right->data;
}

bool same_values(const std::vector<ValueNode>& left, const std::vector<ValueNode>& right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(), [](const ValueNode& a, const ValueNode& b) {
    return same_data(&a, &b) && a.name.identical(b.name);
  });
}

// No two changes of single bits can be at odds.
std::uint16_t merge_bits(std::uint16_t base, std::uint16_t local, std::uint16_t server) noexcept {
  return static_cast<std::uint16_t>(base ^ ((local ^ base) | (server ^ base)));
}

std::optional<ValueNode> copied(const ValueNode* value) {
  return value == nullptr ? std::nullopt : std::optional(*value);
}

// A value's whole content as an order, so that equally new sides are told apart the same way on both machines.
int compare_content(const ValueNode& left, const ValueNode& right) {
  if (left.type != right.type) return left.type < right.type ? -1 : 1;
  return left.data.compare(right.data);
}

FileTime newest_time(Key key) {
  FileTime newest = key.time();
  for (const Key subkey : key.subkeys()) newest = std::max(newest, newest_time(subkey));
  return newest;
}

class Merger {
 public:
  Merger(Prefer prefer, std::vector<Conflict>& conflicts) : prefer_(prefer), conflicts_(conflicts) {}

  KeyNode merge_key(const Keys& keys) {
    KeyNode node = merge_fields(keys);
    // A predefined handle stands where the values would be.
    if ((node.flags & key_flag::predefined) == 0) node.values = merge_values(keys);
    node.subkeys.reserve(std::max(keys.local.subkey_count(), keys.server.subkey_count()));
    for_each_match<3>({keys.base, keys.local, keys.server}, [&](const std::array<std::optional<Key>, 3>& sides) {
      const Key any = sides[1] ? *sides[1] : sides[2] ? *sides[2] : *sides[0];
      const PathStep step(path_, any.name());
      if (sides[1] && sides[2]) {
        node.subkeys.push_back(merge_key({sides[0], *sides[1], *sides[2]}));
      } else if (sides[1] || sides[2]) {
        if (keeps(keys, sides)) node.subkeys.push_back(read_tree(any));
      }
    });
    return node;
  }

 private:
  struct Choice {
    Side side;
    std::string reason;
  };

  // Three-way choice where no conflict is worth telling: the side that changed, and by policy when both did.
  template <class T>
  T pick(const Keys& keys, const std::optional<T>& base, const T& local, const T& server) const {
    if (local == server || (base && server == *base)) return local;
    if (base && local == *base) return server;
    if (prefer_ != Prefer::newest) return prefer_ == Prefer::local ? local : server;
    if (keys.local.time() != keys.server.time()) return keys.local.time() > keys.server.time() ? local : server;
    return std::max(local, server);
  }

  KeyNode merge_fields(const Keys& keys) {
    KeyNode node;
    const auto picked = [&](auto&& field) {
      using T = std::decay_t<decltype(field(keys.local))>;
      return pick<T>(keys, keys.base ? std::optional<T>(field(*keys.base)) : std::nullopt, field(keys.local),
                     field(keys.server));
    };
    if (keys.base) {
      node.flags = merge_bits(keys.base->flags(), keys.local.flags(), keys.server.flags());
      node.user_flags = merge_bits(keys.base->user_flags(), keys.local.user_flags(), keys.server.user_flags());
    } else {
      node.flags = picked([](Key key) { return key.flags(); });
      node.user_flags = picked([](Key key) { return key.user_flags(); });
    }
    node.access_bits = picked([](Key key) { return key.access_bits(); });
    if ((node.flags & key_flag::predefined) != 0) {
      node.predefined_handle = picked([](Key key) { return key.predefined_handle().value_or(0); });
    }
    const auto [older, newer] = std::minmax({keys.local.time(), keys.server.time()});
    node.time = keys.base && newer == keys.base->time() ? older : newer;
    const std::u16string spelling = picked([](Key key) { return key.name().utf16(); });
    node.name = Name(spelling).identical(keys.local.name()) ? keys.local.name() : keys.server.name();
    node.class_name = Name(merge_bytes(keys, ConflictKind::class_name), false);
    node.security = merge_bytes(keys, ConflictKind::security);
    return node;
  }

  // A class name or descriptor; a conflict is listed.
  std::span<const std::byte> merge_bytes(const Keys& keys, ConflictKind kind) {
    const auto of = [kind](Key key) {
      return kind == ConflictKind::security ? key.security() : key.class_name().bytes();
    };
    const auto local = of(keys.local);
    const auto server = of(keys.server);
    const auto base = keys.base ? of(*keys.base) : std::span<const std::byte>{};
    if (std::ranges::equal(local, server)) return local;
    if (keys.base && std::ranges::equal(server, base)) return local;
    if (keys.base && std::ranges::equal(local, base)) return server;
    const ValueNode was{.data = Data(base)};
    const ValueNode ours{.data = Data(local)};
    const ValueNode theirs{.data = Data(server)};
    const Choice choice = choose(keys.local.time(), keys.server.time(), &ours, &theirs);
    tell(kind, {}, keys.base ? &was : nullptr, &ours, &theirs, choice);
    return choice.side == Side::local ? local : server;
  }

  std::vector<ValueNode> merge_values(const Keys& keys) {
    std::array<std::vector<ValueNode>, 3> lists{values_of(keys.base), values_of(keys.local), values_of(keys.server)};
    if (same_values(lists[1], lists[2]) || (keys.base && same_values(lists[0], lists[2]))) return std::move(lists[1]);
    if (keys.base && same_values(lists[0], lists[1])) return std::move(lists[2]);
    std::vector<ValueNode> merged;
    for_each_match(lists, [&](const std::array<const ValueNode*, 3>& sides) {
      const ValueNode* value = merge_value(keys, sides[0], sides[1], sides[2]);
      if (value != nullptr)
        merged.push_back({.name = merge_spelling(keys, sides), .type = value->type, .data = value->data});
    });
    return merged;
  }

  const ValueNode* merge_value(const Keys& keys, const ValueNode* base, const ValueNode* local,
                               const ValueNode* server) {
    if (same_data(local, server) || same_data(base, server)) return local;
    if (same_data(base, local)) return server;
    const Choice choice = choose(keys.local.time(), keys.server.time(), local, server);
    tell(ConflictKind::value, (local != nullptr ? local : server)->name, base, local, server, choice);
    return choice.side == Side::local ? local : server;
  }

  Name merge_spelling(const Keys& keys, const std::array<const ValueNode*, 3>& sides) const {
    const auto& [base, local, server] = sides;
    if (local == nullptr || server == nullptr) return (local != nullptr ? local : server)->name;
    if (local->name.identical(server->name)) return local->name;
    const auto was = base != nullptr ? std::optional(base->name.utf16()) : std::nullopt;
    const auto picked = pick(keys, was, local->name.utf16(), server->name.utf16());
    return Name(picked).identical(local->name) ? local->name : server->name;
  }

  // Whether a subkey that only one side has stays: it is new, or it was changed and the change wins over the deletion.
  bool keeps(const Keys& parents, const std::array<std::optional<Key>, 3>& sides) {
    const auto& [base, local, server] = sides;
    const Key present = local ? *local : *server;
    if (!base) return true;
    if (same_content(*base, present)) return false;
    // The deletion's time is that of the key it was deleted from.
    const FileTime local_time = local ? newest_time(*local) : parents.local.time();
    const FileTime server_time = server ? newest_time(*server) : parents.server.time();
    const ValueNode key{};
    const Choice choice = choose(local_time, server_time, local ? &key : nullptr, server ? &key : nullptr);
    tell(ConflictKind::key, {}, &key, local ? &key : nullptr, server ? &key : nullptr, choice);
    return (choice.side == Side::local) == local.has_value();
  }

  Choice choose(FileTime local_time, FileTime server_time, const ValueNode* local, const ValueNode* server) const {
    if (prefer_ == Prefer::local) return {Side::local, "local is preferred"};
    if (prefer_ == Prefer::server) return {Side::server, "server is preferred"};
    if (local_time != server_time) {
      return {local_time > server_time ? Side::local : Side::server, "newer key time"};
    }
    if (local == nullptr || server == nullptr) {
      return {local != nullptr ? Side::local : Side::server, "same key time; the change is kept, not the deletion"};
    }
    return {compare_content(*local, *server) >= 0 ? Side::local : Side::server,
            "same key time; then the data that sorts last, as on every other machine"};
  }

  void tell(ConflictKind kind, Name name, const ValueNode* base, const ValueNode* local, const ValueNode* server,
            const Choice& choice) {
    conflicts_.push_back({.kind = kind,
                          .path = path_,
                          .value_name = name,
                          .base = copied(base),
                          .local = copied(local),
                          .server = copied(server),
                          .taken = choice.side,
                          .reason = choice.reason});
  }

  Prefer prefer_;
  std::vector<Conflict>& conflicts_;
  std::string path_;
};

// Says which of the three is not clean.
Result<Hive> open_as(std::span<const std::byte> file, const char* step) {
  auto hive = Hive::open(file);
  if (hive) return hive;
  const ErrorContext& context = hive.error().context();
  return Error(hive.error().code(), {.step = step, .expected = context.expected, .found = context.found});
}

Error not_as_meant(std::string found) {
  return {Errc::hive_corrupt,
          {.step = "merge", .expected = "the merged tree as it was meant", .found = std::move(found)}};
}

}  // namespace

std::string_view conflict_name(ConflictKind kind) noexcept {
  switch (kind) {
    case ConflictKind::value: return "value";
    case ConflictKind::key: return "key";
    case ConflictKind::class_name: return "class_name";
    case ConflictKind::security: break;
  }
  return "security";
}

std::string_view side_name(Side side) noexcept { return side == Side::local ? "local" : "server"; }

KeyNode merge_trees(Key base, Key local, Key server, Prefer prefer, std::vector<Conflict>& conflicts) {
  return Merger(prefer, conflicts).merge_key({base, local, server});
}

Result<Merged> merge_hives(std::span<const std::byte> base, std::span<const std::byte> local,
                           std::span<const std::byte> server, const MergeOptions& options) {
  BOOST_OUTCOME_TRY(const Hive base_hive, open_as(base, "merge base"));
  BOOST_OUTCOME_TRY(const Hive local_hive, open_as(local, "merge local"));
  BOOST_OUTCOME_TRY(const Hive server_hive, open_as(server, "merge server"));
  Merged merged;
  const KeyNode tree =
      merge_trees(base_hive.root(), local_hive.root(), server_hive.root(), options.prefer, merged.conflicts);
  const HiveInfo& ours = local_hive.info();
  const HiveInfo& theirs = server_hive.info();
  BOOST_OUTCOME_TRY(auto file, write_hive(tree, {.minor = std::max(ours.minor, theirs.minor),
                                                 .sequence = std::max(ours.sequence, theirs.sequence) + 1,
                                                 .time = std::max(ours.newest_key_time, theirs.newest_key_time)}));
  merged.file = std::move(file);
  const auto written = Hive::open(merged.file);
  if (!written) return not_as_meant(written.error().message());
  if (!same_tree(tree, written.value().root())) return not_as_meant("another tree");
  return merged;
}

}  // namespace roamsync::hive
