#include "support/crash_store.hpp"

#include "base/upcase.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <set>
#include <stdexcept>

namespace roamsync::testing {
namespace {

constexpr std::size_t page_size = 4096;

void apply(DiskGraph& graph, const BytesChange& change) {
  const auto at = graph.nodes.find(change.node);
  if (at == graph.nodes.end()) return;  // the change of names that brought it was lost
  DiskGraph::Node& node = at->second;
  const auto offset = static_cast<std::size_t>(change.offset);
  switch (change.what) {
    case BytesChange::What::write:
      if (node.bytes.size() < offset + change.bytes.size()) node.bytes.resize(offset + change.bytes.size());
      std::ranges::copy(change.bytes, node.bytes.begin() + static_cast<std::ptrdiff_t>(offset));
      break;
    case BytesChange::What::resize: node.bytes.resize(offset); break;
    case BytesChange::What::attributes: node.attributes = change.attributes; break;
  }
}

// Nodes exist apart from names: a later change may lead to one whose first name was lost.
void make_node(DiskGraph& graph, const NameChange& change) {
  if (change.made != 0) graph.nodes.emplace(change.made, change.node);
}

void apply(DiskGraph& graph, const NameChange& change) {
  make_node(graph, change);
  for (const NameChange::Name& name : change.names) {
    graph.names.erase({name.folder, name.name});
    if (!name.gone) graph.names.emplace(std::pair(name.folder, name.name), name.node);
  }
}

void apply(DiskGraph&, const FlushMade&) {}

enum class Fate { kept, lost, first_half, zero_page };
constexpr std::size_t fates = 4;

}  // namespace

bool DiskGraph::CaseBlind::operator()(const std::pair<std::uint64_t, std::string>& left,
                                      const std::pair<std::uint64_t, std::string>& right) const noexcept {
  if (left.first != right.first) return left.first < right.first;
  return compare_upcased(left.second, right.second) < 0;
}

DiskGraph::DiskGraph(const MemoryStore::Content& content) {
  nodes[0].kind = EntryKind::directory;
  for (const auto& [path, node] : content) {
    nodes[node.id] = {.kind = node.kind, .bytes = node.bytes, .attributes = node.attributes};
    names[{find(path.parent()), std::string(path.name())}] = node.id;
  }
}

std::uint64_t DiskGraph::find(const ProfilePath& path) const {
  if (path.is_root()) return 0;
  const auto at = names.find({find(path.parent()), std::string(path.name())});
  if (at == names.end()) throw std::logic_error("no such name in the model: " + std::string(path.text()));
  return at->second;
}

MemoryStore::Content DiskGraph::content() const {
  MemoryStore::Content content;
  const std::function<void(std::uint64_t, const ProfilePath&)> walk = [&](std::uint64_t folder,
                                                                          const ProfilePath& path) {
    for (auto at = names.lower_bound({folder, std::string()}); at != names.end() && at->first.first == folder; ++at) {
      const ProfilePath child = path.child_unchecked(at->first.second);
      const Node& node = nodes.at(at->second);
      content.emplace(
          child, MemoryNode{.kind = node.kind, .bytes = node.bytes, .attributes = node.attributes, .id = at->second});
      if (node.kind == EntryKind::directory) walk(at->second, child);
    }
  };
  walk(0, ProfilePath());
  return content;
}

// --- what a power cut may leave ---

// The changes that no flush has made durable at a cut.
struct CrashStore::Pending {
  std::vector<std::size_t> names;    // indices into the log
  std::vector<std::uint64_t> nodes;  // with changes of bytes
  std::vector<bool> is_durable;      // by index into the log
};

CrashStore::Pending CrashStore::pending_at(std::size_t cut) const {
  Pending pending;
  pending.is_durable.assign(cut, false);
  std::set<std::uint64_t> files;
  std::set<std::uint64_t> folders;
  std::set<std::uint64_t> changed;
  bool later_is_durable = false;
  for (std::size_t i = cut; i-- > 0;) {
    if (const auto* flushed = std::get_if<FlushMade>(&log_[i])) {
      files.insert(flushed->files.begin(), flushed->files.end());
      folders.insert(flushed->folders.begin(), flushed->folders.end());
      pending.is_durable[i] = true;
    } else if (const auto* bytes = std::get_if<BytesChange>(&log_[i])) {
      pending.is_durable[i] = files.contains(bytes->node);
      if (!pending.is_durable[i]) changed.insert(bytes->node);
    } else {
      const auto& names = std::get<NameChange>(log_[i]).names;
      const bool is_named = std::ranges::any_of(names, [&](const auto& name) { return folders.contains(name.folder); });
      pending.is_durable[i] = is_named || (later_is_durable && options_.names == NameOrder::in_order);
      later_is_durable |= pending.is_durable[i];
      if (!pending.is_durable[i]) pending.names.push_back(i);
    }
  }
  std::ranges::reverse(pending.names);
  pending.nodes.assign(changed.begin(), changed.end());
  return pending;
}

std::vector<MemoryStore::Content> CrashStore::disks_after(std::size_t cut, std::size_t disks_max,
                                                          std::uint64_t seed) const {
  const Pending pending = pending_at(cut);

  const auto disk = [&](const std::vector<bool>& names_kept, const std::vector<Fate>& fate_of) {
    DiskGraph graph = durable_;
    std::map<std::uint64_t, Fate> fate;
    for (std::size_t i = 0; i < pending.nodes.size(); ++i) fate[pending.nodes[i]] = fate_of[i];
    std::map<std::uint64_t, std::size_t> changes_of;  // pending changes of bytes, by node
    for (std::size_t i = 0; i < cut; ++i) {
      if (const auto* bytes = std::get_if<BytesChange>(&log_[i]); bytes != nullptr && !pending.is_durable[i]) {
        ++changes_of[bytes->node];
      }
    }
    std::map<std::uint64_t, std::size_t> seen;
    std::size_t name = 0;
    for (std::size_t i = 0; i < cut; ++i) {
      if (const auto* names = std::get_if<NameChange>(&log_[i])) {
        make_node(graph, *names);
        if (pending.is_durable[i] || names_kept[name++]) apply(graph, *names);
      } else if (const auto* bytes = std::get_if<BytesChange>(&log_[i])) {
        if (pending.is_durable[i]) {
          apply(graph, *bytes);
          continue;
        }
        const Fate how = fate.at(bytes->node);
        if (how == Fate::lost) continue;
        const std::size_t number = seen[bytes->node]++;
        if (how == Fate::first_half && number >= (changes_of[bytes->node] + 1) / 2) continue;
        BytesChange change = *bytes;
        const bool is_write = change.what == BytesChange::What::write && !change.bytes.empty();
        if (how == Fate::first_half && is_write) change.bytes.resize((change.bytes.size() + 1) / 2);
        if (how == Fate::zero_page && is_write) {
          std::fill_n(change.bytes.begin(), std::min(page_size, change.bytes.size()), std::byte{0});
        }
        apply(graph, change);
      }
    }
    return graph.content();
  };

  const std::size_t name_count = pending.names.size();
  const std::size_t node_count = pending.nodes.size();
  double combinations = options_.names == NameOrder::in_order ? static_cast<double>(name_count + 1)
                                                              : std::exp2(static_cast<double>(name_count));
  for (std::size_t i = 0; i < node_count; ++i) combinations *= fates;

  const auto names_up_to = [&](std::size_t count) {
    std::vector<bool> kept(name_count, false);
    std::fill_n(kept.begin(), count, true);
    return kept;
  };
  std::vector<MemoryStore::Content> disks;
  if (combinations <= static_cast<double>(disks_max)) {
    const auto name_choices = options_.names == NameOrder::in_order ? name_count + 1 : std::size_t{1} << name_count;
    for (std::size_t choice = 0; choice < name_choices; ++choice) {
      std::vector<bool> kept = names_up_to(options_.names == NameOrder::in_order ? choice : 0);
      if (options_.names == NameOrder::any_subset) {
        for (std::size_t i = 0; i < name_count; ++i) kept[i] = ((choice >> i) & 1) != 0;
      }
      std::vector<Fate> fate(node_count, Fate::kept);
      for (;;) {
        disks.push_back(disk(kept, fate));
        std::size_t digit = 0;
        while (digit < node_count && fate[digit] == Fate::zero_page) fate[digit++] = Fate::kept;
        if (digit == node_count) break;
        fate[digit] = static_cast<Fate>(static_cast<int>(fate[digit]) + 1);
      }
    }
    return disks;
  }
  for (const std::size_t names : {name_count, std::size_t{0}}) {
    for (std::size_t fate = 0; fate < fates; ++fate) {
      disks.push_back(disk(names_up_to(names), std::vector<Fate>(node_count, static_cast<Fate>(fate))));
    }
  }
  std::mt19937_64 random(seed + cut);
  while (disks.size() < disks_max) {
    std::vector<bool> kept = names_up_to(random() % (name_count + 1));
    if (options_.names == NameOrder::any_subset) {
      for (std::size_t i = 0; i < name_count; ++i) kept[i] = random() % 2 != 0;
    }
    std::vector<Fate> fate(node_count);
    for (Fate& one : fate) one = static_cast<Fate>(random() % fates);
    disks.push_back(disk(kept, fate));
  }
  return disks;
}

// --- recording ---

CrashStore::CrashStore(const MemoryStore::Content& disk, CrashOptions options)
    : options_(std::move(options)),
      live_(make_memory_store({.traits = {.atomic_replace = true,
                                          .durable_flush = true,
                                          .case_sensitive = false,
                                          .posix_modes = true,
                                          .duplicates_cheaply = true}})),
      durable_({}),
      now_({}) {
  live_->set_content(disk);
  durable_ = DiskGraph(live_->content());
  now_ = durable_;
}

CrashStore::~CrashStore() = default;

std::unique_ptr<CrashStore> CrashStore::killed_after(std::size_t cut) const {
  DiskGraph graph = durable_;
  std::uint64_t id_max = 0;
  for (std::size_t i = 0; i < cut; ++i) {
    std::visit([&](const auto& operation) { apply(graph, operation); }, log_[i]);
  }
  for (const auto& [id, node] : graph.nodes) id_max = std::max(id_max, id);
  auto killed = std::make_unique<CrashStore>(MemoryStore::Content(), options_);
  // Numbers of files that are gone must not come again: the log still speaks of them.
  MemoryStore::Content content = graph.content();
  content.emplace(ProfilePath::literal("keeps the highest number"), MemoryNode{.id = id_max + 1});
  killed->live_->set_content(content);
  static_cast<void>(killed->live_->remove_file(ProfilePath::literal("keeps the highest number")));
  killed->durable_ = durable_;
  killed->now_ = std::move(graph);
  killed->log_.assign(log_.begin(), log_.begin() + static_cast<std::ptrdiff_t>(cut));
  return killed;
}

void CrashStore::record(Operation operation) {
  std::visit([&](const auto& one) { apply(now_, one); }, operation);
  log_.push_back(std::move(operation));
}

NameChange::Name CrashStore::name_of(const ProfilePath& path, std::uint64_t node) const {
  return {.folder = now_.find(path.parent()), .name = std::string(path.name()), .node = node};
}

void CrashStore::record_new(const ProfilePath& path) {
  const Entry entry = live_->stat(path).value().value();
  record(NameChange{.names = {name_of(path, entry.id)},
                    .made = entry.id,
                    .node = {.kind = entry.kind, .bytes = {}, .attributes = {.mode = entry.mode}}});
}

void CrashStore::record_removal(const ProfilePath& path) {
  NameChange::Name name = name_of(path, 0);
  name.gone = true;
  record(NameChange{.names = {name}});
}

class CrashStore::RecordingWriter final : public Writer {
 public:
  RecordingWriter(CrashStore& store, std::unique_ptr<Writer> writer, std::uint64_t node)
      : store_(store), writer_(std::move(writer)), node_(node) {}
  Result<void> reserve(std::uint64_t size) override { return writer_->reserve(size); }
  Result<void> write(std::uint64_t offset, std::span<const std::byte> bytes) override {
    BOOST_OUTCOME_TRYV(writer_->write(offset, bytes));
    store_.record(BytesChange{.node = node_, .offset = offset, .bytes = {bytes.begin(), bytes.end()}});
    return success();
  }
  Result<void> resize(std::uint64_t size) override {
    BOOST_OUTCOME_TRYV(writer_->resize(size));
    store_.record(BytesChange{.node = node_, .what = BytesChange::What::resize, .offset = size});
    return success();
  }
  // Bytes have to come through write() to be remembered.
  Result<bool> clone_from(Reader&) override { return false; }
  Result<Entry> finish(const FileAttributes& attributes) override {
    BOOST_OUTCOME_TRY(const Entry entry, writer_->finish(attributes));
    BOOST_OUTCOME_TRY(const auto finished, store_.live_->open(entry.path));
    BOOST_OUTCOME_TRY(auto stored, finished->attributes());
    store_.record(BytesChange{.node = node_, .what = BytesChange::What::attributes, .attributes = std::move(stored)});
    return entry;
  }

 private:
  CrashStore& store_;
  std::unique_ptr<Writer> writer_;
  std::uint64_t node_;
};

Result<std::unique_ptr<Writer>> CrashStore::create(const ProfilePath& path) {
  BOOST_OUTCOME_TRY(auto writer, live_->create(path));
  record_new(path);
  return std::make_unique<RecordingWriter>(*this, std::move(writer), now_.find(path));
}

Result<std::unique_ptr<Writer>> CrashStore::duplicate(const ProfilePath& from, const ProfilePath& to,
                                                      std::stop_token stop) {
  BOOST_OUTCOME_TRY(auto writer, live_->duplicate(from, to, std::move(stop)));
  record_new(to);
  const std::uint64_t node = now_.find(to);
  BOOST_OUTCOME_TRY(auto bytes, read_file(*live_, to, UINT64_MAX));
  record(BytesChange{.node = node, .offset = 0, .bytes = std::move(bytes)});
  return std::make_unique<RecordingWriter>(*this, std::move(writer), node);
}

Result<void> CrashStore::preserve(const ProfilePath& from, const ProfilePath& to) {
  BOOST_OUTCOME_TRYV(live_->preserve(from, to));
  record(NameChange{.names = {name_of(to, now_.find(from))}});
  return success();
}

Result<void> CrashStore::make_directory(const ProfilePath& path, std::uint32_t mode) {
  BOOST_OUTCOME_TRYV(live_->make_directory(path, mode));
  record_new(path);
  return success();
}

Result<void> CrashStore::flush(std::span<const ProfilePath> files) {
  BOOST_OUTCOME_TRYV(live_->flush(files));
  FlushMade made;
  for (const ProfilePath& path : files) {
    if (lies(path)) continue;
    made.files.push_back(now_.find(path));
    made.folders.push_back(now_.find(path.parent()));
  }
  record(std::move(made));
  return success();
}

Result<void> CrashStore::flush_directories(std::span<const ProfilePath> directories) {
  BOOST_OUTCOME_TRYV(live_->flush_directories(directories));
  FlushMade made;
  for (const ProfilePath& path : directories) {
    if (!lies(path)) made.folders.push_back(now_.find(path));
  }
  record(std::move(made));
  return success();
}

Result<void> CrashStore::replace(const ProfilePath& from, const ProfilePath& to) {
  BOOST_OUTCOME_TRYV(live_->replace(from, to));
  NameChange::Name old_name = name_of(from, 0);
  old_name.gone = true;
  record(NameChange{.names = {old_name, name_of(to, now_.find(from))}});
  return success();
}

Result<void> CrashStore::remove_file(const ProfilePath& path) {
  BOOST_OUTCOME_TRYV(live_->remove_file(path));
  record_removal(path);
  return success();
}

Result<void> CrashStore::remove_directory(const ProfilePath& path) {
  BOOST_OUTCOME_TRYV(live_->remove_directory(path));
  record_removal(path);
  return success();
}

Result<std::unique_ptr<StoreLock>> CrashStore::lock(const ProfilePath& path, LockMode mode, std::string_view holder,
                                                    std::chrono::milliseconds patience) {
  BOOST_OUTCOME_TRY(const auto before, live_->stat(path));
  BOOST_OUTCOME_TRY(auto lock, live_->lock(path, mode, holder, patience));
  if (!before) record_new(path);
  return lock;
}

}  // namespace roamsync::testing
