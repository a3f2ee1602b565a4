#include <algorithm>

#include "hive/checker.hpp"

namespace roamsync::hive {

void Checker::check_values(std::uint32_t cell) {
  const ByteView key = payload(cell);
  // A predefined handle stands where the count would be.
  if ((key.at<std::uint16_t>(key_field::flags) & key_flag::predefined) != 0) return;
  const auto count = key.at<std::uint32_t>(key_field::value_count);
  if (count == 0) return;
  const std::uint32_t list_cell = key.at<std::uint32_t>(key_field::value_list);
  const auto list = claim({list_cell, place(cell, key_field::value_list)});
  if (!list) return;
  if (!list->holds(0, std::uint64_t{count} * 4)) {
    fault(HiveRule::value_list_size, place(cell, key_field::value_count), "at most " + std::to_string(list->size() / 4),
          std::to_string(count));
    return;
  }
  for (std::uint32_t index = 0; index < count && !stopped(); ++index) {
    check_value({list->at<std::uint32_t>(std::uint64_t{index} * 4), place(list_cell, index * 4)});
  }
}

void Checker::check_value(Reference reference) {
  const auto value = claim(reference);
  if (!value) return;
  const std::uint32_t cell = reference.cell;
  if (const auto mark = value->get<std::uint16_t>(0); mark != value_mark) {
    fault(HiveRule::value_signature, place(cell), "\"vk\"", hex(mark.value_or(0)));
    return;
  }
  const auto name_size = value->get<std::uint16_t>(value_field::name_size).value_or(0);
  if (!value->holds(0, std::uint64_t{value_field::name} + name_size)) {
    fault(HiveRule::value_name, place(cell, value_field::name_size),
          "fields and name within " + std::to_string(value->size()) + " bytes", std::to_string(name_size));
    return;
  }
  const auto flags = value->at<std::uint16_t>(value_field::flags);
  if ((flags & value_name_compressed) == 0 && name_size % 2 != 0) {
    fault(HiveRule::value_name, place(cell, value_field::name_size), "an even size", std::to_string(name_size));
    return;
  }
  ++info_.values;
  const auto size = value->at<std::uint32_t>(value_field::data_size);
  if ((size & resident_bit) != 0) {
    if ((size & ~resident_bit) > 4) {
      fault(HiveRule::value_size, place(cell, value_field::data_size), "at most 4 bytes in the offset field",
            std::to_string(size & ~resident_bit));
    }
    return;
  }
  const Reference data{value->at<std::uint32_t>(value_field::data), place(cell, value_field::data)};
  if (size != 0) return check_data(data, size);
  // No data, but a cell for it: Windows takes such a value out of its list when it loads the hive.
  if (data.cell != nil) fault(HiveRule::value_size, data.at, hex(nil) + ", for the size is 0", hex(data.cell));
}

void Checker::check_data(Reference reference, std::uint32_t size) {
  const auto data = claim(reference);
  if (!data) return;
  // In 1.3 long data is one plain cell, even when it begins with "db".
  if (size > segment_size && base_.minor > 3) return check_big_data(reference.cell, size);
  if (data->size() < size) {
    fault(HiveRule::value_size, reference.at, "a cell of at least " + std::to_string(size) + " bytes",
          std::to_string(data->size()) + " bytes");
  }
}

void Checker::check_big_data(std::uint32_t cell, std::uint32_t size) {
  const ByteView head = payload(cell);
  const auto mark = head.get<std::uint16_t>(0).value_or(0);
  if (mark != big_data_mark || !head.holds(0, big_data_field::end)) {
    fault(HiveRule::big_data_signature, place(cell), "\"db\"", hex(mark));
    return;
  }
  const auto count = head.at<std::uint16_t>(big_data_field::count);
  const std::uint32_t needed = (size - 1) / segment_size + 1;
  if (count != needed) {
    fault(HiveRule::big_data_segments, place(cell, big_data_field::count), std::to_string(needed) + " segments",
          std::to_string(count));
    return;
  }
  const auto list_cell = head.at<std::uint32_t>(big_data_field::list);
  const auto list = claim({list_cell, place(cell, big_data_field::list)});
  if (!list) return;
  if (!list->holds(0, std::uint64_t{count} * 4)) {
    fault(HiveRule::big_data_segments, place(list_cell), "room for " + std::to_string(count) + " segments",
          std::to_string(list->size()) + " bytes");
    return;
  }
  std::uint32_t left = size;
  for (std::uint32_t index = 0; index < count && !stopped(); ++index) {
    const Reference reference{list->at<std::uint32_t>(std::uint64_t{index} * 4), place(list_cell, index * 4)};
    const auto segment = claim(reference);
    const std::uint32_t part = std::min(left, segment_size);
    left -= part;
    if (segment && segment->size() < part) {
      fault(HiveRule::big_data_segments, reference.at, "a segment of at least " + std::to_string(part) + " bytes",
            std::to_string(segment->size()) + " bytes");
    }
  }
}

}  // namespace roamsync::hive
