/// @file
/// The test corpus of real and derived hives, where there is one: beside the project, or where ROAMSYNC_CORPUS says.
/// Tests that need it carry the label `corpus` and skip when it is absent. It is read, never written, never copied.
#pragma once

#include <boost/filesystem/operations.hpp>

#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace roamsync::testing {

inline boost::filesystem::path corpus_folder() {
  if (const char* named = std::getenv("ROAMSYNC_CORPUS")) return named;
  return boost::filesystem::path(ROAMSYNC_SOURCE_DIR) / ".." / "shared" / "corpus";
}
inline bool has_corpus() { return boost::filesystem::exists(corpus_folder() / "MANIFEST.tsv"); }

/// The rows of a table without its comments, cut at tabs.
inline std::vector<std::vector<std::string>> corpus_table(const std::string& name) {
  std::vector<std::vector<std::string>> rows;
  std::ifstream file((corpus_folder() / name).string());
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    std::vector<std::string> row;
    std::stringstream cut(line);
    for (std::string field; std::getline(cut, field, '\t');) row.push_back(field);
    rows.push_back(std::move(row));
  }
  return rows;
}

/// The bytes of a corpus file, unpacked when it is stored as `.xz`. Both spellings of a packed file's name will do.
std::vector<std::byte> corpus_file(const boost::filesystem::path& name);

}  // namespace roamsync::testing
