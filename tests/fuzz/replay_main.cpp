// Runs a fuzz target over the files of folders, where no libFuzzer leads it. Options of libFuzzer are ignored.
#include <boost/filesystem/directory.hpp>
#include <boost/filesystem/operations.hpp>

#include <cstdint>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int main(int argc, char** argv) {
  std::size_t inputs = 0;
  for (int i = 1; i < argc; ++i) {
    if (std::string_view(argv[i]).starts_with('-')) continue;
    for (const auto& file : boost::filesystem::recursive_directory_iterator(argv[i])) {
      if (!boost::filesystem::is_regular_file(file.path())) continue;
      std::ifstream stream(file.path().string(), std::ios::binary);
      const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
      std::cerr << file.path().filename().string() << '\n';  // the last one named is the one that failed
      LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
      ++inputs;
    }
  }
  std::cerr << inputs << " inputs replayed\n";
  return inputs == 0 ? 1 : 0;
}
