/// @file
/// Room for many bytes at the price of few page faults. Where a virtual machine's memory has two sets of page tables a fault costs
/// 15 us and even memory that is there is read at a fifth of its speed: a hive of 24 MiB took 250 ms to read and look
/// through in pages of 4 KiB, 5 ms in pages of 2 MiB.
#pragma once

#include <cstddef>
#include <memory>

namespace roamsync {

/// Not filled with anything. From 1 MiB on aligned to, and rounded up to, the system's large pages, if it gives any.
/// Throws std::bad_alloc.
std::shared_ptr<std::byte[]> large_memory(std::size_t size);

}  // namespace roamsync
