#include <roamsync/digest.hpp>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cstdio>

namespace roamsync {
namespace {

Digest from(XXH128_hash_t hash) noexcept { return {.low = hash.low64, .high = hash.high64}; }

}  // namespace

// XXH3's state wants 64-byte alignment, which its own declaration asks for.
struct Digester::State {
  XXH3_state_t xxh3;
};

Digester::Digester() : state_(std::make_unique<State>()) { reset(); }
Digester::~Digester() = default;
Digester::Digester(Digester&&) noexcept = default;
Digester& Digester::operator=(Digester&&) noexcept = default;

void Digester::update(std::span<const std::byte> bytes) noexcept {
  XXH3_128bits_update(&state_->xxh3, bytes.data(), bytes.size());
}

Digest Digester::digest() const noexcept { return from(XXH3_128bits_digest(&state_->xxh3)); }

void Digester::reset() noexcept { XXH3_128bits_reset(&state_->xxh3); }

Digest digest_of(std::span<const std::byte> bytes) noexcept { return from(XXH3_128bits(bytes.data(), bytes.size())); }

std::string Digest::text() const {
  char buffer[33];
  std::snprintf(buffer, sizeof buffer, "%016llx%016llx", static_cast<unsigned long long>(high),
                static_cast<unsigned long long>(low));
  return buffer;
}

}  // namespace roamsync
