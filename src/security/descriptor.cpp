#include <roamsync/security.hpp>

#include <algorithm>

#include "security/layout.hpp"

namespace roamsync {

Result<SecurityDescriptor> SecurityDescriptor::parse(std::span<const std::byte> bytes) {
  DescriptorLayout layout;
  if (const auto fault = read_layout(bytes, layout)) return error_of(*fault);

  SecurityDescriptor descriptor;
  descriptor.flags = layout.control;
  descriptor.resource_manager = layout.resource_manager;
  const auto part_bytes = [&](const DescriptorLayout::Part& part) { return bytes.subspan(part.offset, part.size); };
  if (layout.owner.size != 0) descriptor.owner = Sid::read(part_bytes(layout.owner));
  if (layout.group.size != 0) descriptor.group = Sid::read(part_bytes(layout.group));
  if (layout.sacl.size != 0) descriptor.sacl = Acl(part_bytes(layout.sacl));
  if (layout.dacl.size != 0) descriptor.dacl = Acl(part_bytes(layout.dacl));

  // Parts that are missing, or lie at the same place, keep the usual order.
  const std::array offsets{layout.sacl.offset, layout.dacl.offset, layout.owner.offset, layout.group.offset};
  std::stable_sort(descriptor.order.begin(), descriptor.order.end(), [&](Part left, Part right) {
    return offsets[static_cast<std::size_t>(left)] < offsets[static_cast<std::size_t>(right)];
  });
  return descriptor;
}

std::vector<std::byte> SecurityDescriptor::bytes() const {
  const auto part_bytes = [&](Part part) -> std::span<const std::byte> {
    switch (part) {
      case Part::sacl: return sacl ? sacl->bytes() : std::span<const std::byte>{};
      case Part::dacl: return dacl ? dacl->bytes() : std::span<const std::byte>{};
      case Part::owner: return owner ? owner->bytes() : std::span<const std::byte>{};
      case Part::group: return group ? group->bytes() : std::span<const std::byte>{};
    }
    return {};
  };
  std::array<std::uint32_t, 4> offsets{};
  std::size_t end = descriptor_header_size;
  for (const Part part : order) {
    const std::size_t size = part_bytes(part).size();
    if (size != 0) offsets[static_cast<std::size_t>(part)] = static_cast<std::uint32_t>(end);
    end += size;
  }

  ByteWriter writer;
  writer.put(std::uint8_t{1});
  writer.put(resource_manager);
  writer.put(static_cast<std::uint16_t>(flags | control::self_relative | (dacl ? control::dacl_present : 0) |
                                        (sacl ? control::sacl_present : 0)));
  for (const Part part : {Part::owner, Part::group, Part::sacl, Part::dacl}) {
    writer.put(offsets[static_cast<std::size_t>(part)]);
  }
  for (const Part part : order) writer.put_bytes(part_bytes(part));
  return writer.take();
}

}  // namespace roamsync
