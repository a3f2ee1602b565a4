#include "hive/base_block.hpp"

namespace roamsync::hive {

std::optional<BaseBlock> BaseBlock::read(ByteView file) noexcept {
  if (!file.holds(0, header_size)) return std::nullopt;
  const auto dword = [&](std::uint32_t at) { return file.at<std::uint32_t>(at); };
  return BaseBlock{.signature = dword(0),
                   .primary = dword(base_field::primary),
                   .secondary = dword(base_field::secondary),
                   .time = file.at<std::uint64_t>(base_field::time),
                   .major = dword(base_field::major),
                   .minor = dword(base_field::minor),
                   .type = dword(base_field::type),
                   .format = dword(base_field::format),
                   .root = dword(base_field::root),
                   .bins_size = dword(base_field::bins_size),
                   .clustering = dword(base_field::clustering),
                   .checksum = dword(base_field::checksum)};
}

std::uint32_t header_checksum(ByteView header) noexcept {
  std::uint32_t sum = 0;
  for (std::uint32_t at = 0; at < base_field::checksum; at += 4) sum ^= header.at<std::uint32_t>(at);
  // Windows never stores these two.
  if (sum == 0) return 1;
  if (sum == 0xFFFFFFFF) return 0xFFFFFFFE;
  return sum;
}

}  // namespace roamsync::hive
