// Makes the inputs the hive targets begin with: `hive_seeds FOLDER` fills FOLDER/hive_check and so on. They are made at test
// time and not kept, for they are large and say nothing the builder does not say.
#include <boost/filesystem/operations.hpp>

#include <fstream>
#include <iostream>
#include <string>

#include "support/log_builder.hpp"
#include "support/random_hive.hpp"

using namespace roamsync::testing;

namespace {

class Seeds {
 public:
  explicit Seeds(std::string folder) : folder_(std::move(folder)) {}

  void add(const std::string& target, const Bytes& bytes) {
    const std::string folder = folder_ + '/' + target;
    boost::filesystem::create_directories(folder);
    std::ofstream file(folder + '/' + std::to_string(count_++), std::ios::binary);
    file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  }
  // The sizes of all pieces but the last, then the pieces.
  void add(const std::string& target, const std::vector<Bytes>& pieces) {
    Bytes all(4 * (pieces.size() - 1));
    for (std::size_t i = 0; i + 1 < pieces.size(); ++i) put_at(all, 4 * i, pieces[i].size(), 4);
    for (const Bytes& piece : pieces) all.insert(all.end(), piece.begin(), piece.end());
    add(target, all);
  }
  void add_hive(const Bytes& file) {
    for (const char* target : {"hive_check", "hive_rescue", "hive_differential"}) add(target, file);
  }

 private:
  std::string folder_;
  int count_ = 0;
};

// The same hive with single bytes changed all over, most of them where cells are.
void add_damaged(Seeds& seeds, const Bytes& file) {
  std::minstd_rand random(3);
  for (int i = 0; i < 60; ++i) {
    Bytes damaged = file;
    const std::size_t end = i % 3 == 0 ? file.size() : std::min<std::size_t>(file.size(), 5200);
    damaged[random() % end] ^= static_cast<std::byte>(1 + random() % 255);
    seeds.add_hive(damaged);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return std::cerr << "usage: hive_seeds FOLDER\n", 64;
  boost::filesystem::remove_all(argv[1]);
  Seeds seeds(argv[1]);
  for (unsigned seed = 0; seed < 12; ++seed) {
    RandomTrees random(seed);
    const KeySpec tree = random.tree();
    const Bytes base = build_random(tree, seed % 2 == 0 ? 3 : 5);
    const Bytes local = build_random(random.changed(tree, 4), 5);
    const Bytes server = build_random(random.changed(tree, 4), 5);
    seeds.add_hive(base);
    if (seed < 4) add_damaged(seeds, base);
    seeds.add("hive_merge", {base, local, server});
    const Bytes dirty = left_open(base, 7);
    seeds.add("hive_replay",
              {dirty, entry_log(local, {entry_between(base, local, 7), entry_between(local, server, 8)}), {}});
    seeds.add("hive_replay", {dirty, sector_log(base, local, 8), entry_log(local, {entry_between(local, server, 8)})});
  }
  seeds.add_hive(build_hive({.lists = ListKind::li, .free_after_key = 64, .free_tail = 4000, .slack = 9}));
  return 0;
}
