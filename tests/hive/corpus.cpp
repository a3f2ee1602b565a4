#include "support/corpus.hpp"

#include <lzma.h>

#include <iterator>
#include <stdexcept>

namespace roamsync::testing {
namespace {

std::vector<std::byte> unpack_xz(const std::vector<std::byte>& packed) {
  lzma_stream stream = LZMA_STREAM_INIT;
  if (lzma_stream_decoder(&stream, UINT64_MAX, 0) != LZMA_OK) throw std::runtime_error("liblzma");
  stream.next_in = reinterpret_cast<const std::uint8_t*>(packed.data());
  stream.avail_in = packed.size();
  std::vector<std::byte> bytes;
  std::vector<std::byte> block(1 << 20);
  for (lzma_ret code = LZMA_OK; code == LZMA_OK;) {
    stream.next_out = reinterpret_cast<std::uint8_t*>(block.data());
    stream.avail_out = block.size();
    code = lzma_code(&stream, LZMA_FINISH);
    if (code != LZMA_OK && code != LZMA_STREAM_END) throw std::runtime_error("damaged xz file");
    bytes.insert(bytes.end(), block.begin(), block.end() - static_cast<std::ptrdiff_t>(stream.avail_out));
  }
  lzma_end(&stream);
  return bytes;
}

}  // namespace

std::vector<std::byte> corpus_file(const boost::filesystem::path& name) {
  boost::filesystem::path path = corpus_folder() / name;
  if (!boost::filesystem::exists(path)) path += ".xz";
  std::ifstream file(path.string(), std::ios::binary);
  if (!file) throw std::runtime_error("no such corpus file: " + path.string());
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto* first = reinterpret_cast<const std::byte*>(text.data());
  std::vector<std::byte> bytes(first, first + text.size());
  return path.extension() == ".xz" ? unpack_xz(bytes) : bytes;
}

}  // namespace roamsync::testing
