#include "plan/compare.hpp"

namespace roamsync {

const Digest* known_digest(const Entry& entry, const Entry* base) noexcept {
  if (entry.digest) return &*entry.digest;
  return base != nullptr && base->digest && same_stamp(entry, *base) ? &*base->digest : nullptr;
}

Change change_since(const Entry* base, const Entry* now) noexcept {
  if (base == nullptr) return now == nullptr ? Change::none : Change::added;
  if (now == nullptr) return Change::removed;
  if (base->kind != now->kind) return Change::changed;
  if (base->is_file() && base->size == now->size && base->digest && now->digest) {
    return *base->digest == *now->digest ? Change::none : Change::changed;
  }
  return same_stamp(*base, *now) ? Change::none : Change::changed;
}

Sameness sameness(const Triple& triple) noexcept {
  if (triple.local == nullptr || triple.server == nullptr) {
    return triple.local == triple.server ? Sameness::equal : Sameness::different;
  }
  const Entry& local = *triple.local;
  const Entry& server = *triple.server;
  if (local.kind != server.kind) return Sameness::different;
  if (local.is_directory()) return Sameness::equal;
  if (local.size != server.size) return Sameness::different;
  if (local.size == 0) return Sameness::equal;
  const Digest* here = known_digest(local, triple.base_local);
  const Digest* there = known_digest(server, triple.base_server);
  if (here == nullptr || there == nullptr) return Sameness::unknown;
  return *here == *there ? Sameness::equal : Sameness::different;
}

bool taken_for_equal(const Triple& triple, std::chrono::nanoseconds time_resolution) noexcept {
  const Sameness same = sameness(triple);
  if (same != Sameness::unknown) return same == Sameness::equal;
  return same_time(triple.local->modified, triple.server->modified, time_resolution);
}

}  // namespace roamsync
