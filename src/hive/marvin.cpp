#include "hive/marvin.hpp"

#include <bit>

#include "base/bytes.hpp"

namespace roamsync::hive {
namespace {

struct State {
  std::uint32_t low, high;

  void mix(std::uint32_t word) noexcept {
    low += word;
    high ^= low;
    low = std::rotl(low, 20) + high;
    high = std::rotl(high, 9) ^ low;
    low = std::rotl(low, 27) + high;
    high = std::rotl(high, 19);
  }
};

}  // namespace

std::uint64_t marvin32(std::span<const std::byte> bytes, std::uint64_t seed) noexcept {
  State state{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)};
  const ByteView view(bytes);
  const std::size_t whole = bytes.size() / 4 * 4;
  for (std::size_t at = 0; at < whole; at += 4) state.mix(view.at<std::uint32_t>(at));
  std::uint32_t last = 0x80;
  for (std::size_t at = bytes.size(); at > whole; --at) last = (last << 8) | view.at<std::uint8_t>(at - 1);
  state.mix(last);
  state.mix(0);
  return (std::uint64_t{state.high} << 32) | state.low;
}

}  // namespace roamsync::hive
