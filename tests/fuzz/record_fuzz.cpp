// Any bytes as one of the records. The first byte of the input says which record, and whether the rest is a whole record
// or a payload that is framed here: the checksum would keep a fuzzer out of the payloads for ever.
#include "base/record.hpp"
#include "fuzz/require.hpp"
#include "session/records.hpp"
#include "transaction/intent.hpp"

using namespace roamsync;
using fuzz::require;

namespace {

using Bytes = std::vector<std::byte>;

// The frame of a kind of record, taken from an empty one.
Bytes frame_as(const Bytes& sample, std::span<const std::byte> payload) {
  ByteReader reader(sample);
  const auto magic = fuzz::text_of(reader.take_bytes(8));
  const auto version = reader.take<std::uint32_t>();
  return frame_record({.magic = magic, .version = version, .name = "record"}, Bytes(payload.begin(), payload.end()));
}

template <class Read, class Write>
void check(std::span<const std::byte> input, bool is_payload, const Bytes& sample, Read read, Write write) {
  const Bytes bytes = is_payload ? frame_as(sample, input) : Bytes(input.begin(), input.end());
  const auto record = read(bytes);
  if (!record) return;
  const Bytes written = write(record.value());
  const auto again = read(written);
  require(again.has_value(), "what was read can be written and read again");
  require(write(again.value()) == written, "a record keeps its contents");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const bool is_payload = (data[0] & 0x80) != 0;
  const auto input = fuzz::bytes_of(data, size).subspan(1);
  switch (data[0] & 0x7F) {
    case 'h':
      check(
          input, is_payload, write_head({}), [](const Bytes& bytes) { return read_head(bytes, "head", true); },
          write_head);
      break;
    case 'b':
      check(
          input, is_payload, write_base({}), [](const Bytes& bytes) { return read_base(bytes, "base"); }, write_base);
      break;
    case 'i':
      check(
          input, is_payload, encode_intent({}), [](const Bytes& bytes) { return decode_intent(bytes, "intent"); },
          encode_intent);
      break;
    case 's':
      check(
          input, is_payload, write_session({}), [](const Bytes& bytes) { return read_session(bytes, "session"); },
          write_session);
      break;
    case 'p':
      check(
          input, is_payload, write_pages({}), [](const Bytes& bytes) { return read_pages(bytes, "pages"); },
          write_pages);
      break;
    default: break;
  }
  return 0;
}
