/// @file
/// The structure of a self-relative security descriptor ([MS-DTYP] 2.4.6): revision, offsets, sizes of SIDs, lists and
/// entries. What the entries mean is the business of the security module.
#pragma once

#include <optional>
#include <string>

#include "base/bytes.hpp"

namespace roamsync::hive {

struct DescriptorFault {
  std::uint32_t offset;  ///< in the descriptor
  std::string expected, found;
};

/// The first thing wrong with a descriptor; nothing when it is sound.
std::optional<DescriptorFault> check_descriptor(ByteView descriptor);

}  // namespace roamsync::hive
