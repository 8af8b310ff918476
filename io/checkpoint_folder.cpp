#include <xgrad/io/checkpoint_folder.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <set>
#include <system_error>

#include <xgrad/io/safetensors/layout.h>

namespace torch { inline namespace xgrad { namespace serialize {

namespace {

namespace fs = std::filesystem;

constexpr const char* kExtension = ".safetensors";
// Beside the parts; Checkpoint passes over keys that begin so.
constexpr const char* kPlace = "checkpoint_place";
constexpr const char* kMetric = "checkpoint_place.metric";

// Nothing unless the file has the header of a checkpoint.
std::optional<SavedCheckpoint> checkpoint_at(const std::string& path, int64_t step) {
  try {
    const io::LayoutReader file(io::open_source(path));
    SavedCheckpoint saved{step, std::nullopt, path};
    const auto metric = file.header().tensors.find(kMetric);
    if (metric != file.header().tensors.end() && metric->second.dtype == kDouble && metric->second.shape.empty())
      saved.metric = *file.read({kMetric}).begin()->second.data_ptr<double>();
    return saved;
  } catch (const Error&) {
    return std::nullopt;
  }
}

// The names of what lies in a folder, which need not be there.
std::vector<std::string> names_in(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code error;
  fs::directory_iterator file(folder, error);
  if (error == std::errc::no_such_file_or_directory) return names;
  for (; !error && file != fs::directory_iterator(); file.increment(error)) names.push_back(file->path().filename().string());
  XGRAD_CHECK(!error, "[CheckpointFolder] ", folder, " cannot be read: ", error.message());
  return names;
}

// Those with a metric, the best first, of equal ones the earliest.
std::vector<SavedCheckpoint> sorted_by_merit(std::vector<SavedCheckpoint> all, bool lower_is_better) {
  all.erase(std::remove_if(all.begin(), all.end(), [](const SavedCheckpoint& s) { return !s.metric || std::isnan(*s.metric); }), all.end());
  std::stable_sort(all.begin(), all.end(), [lower_is_better](const SavedCheckpoint& a, const SavedCheckpoint& b) {
    return lower_is_better ? *a.metric < *b.metric : *a.metric > *b.metric;
  });
  return all;
}

}  // namespace

CheckpointFolder::CheckpointFolder(std::string path, CheckpointFolderOptions options) : folder_(std::move(path)), options_(std::move(options)) {
  XGRAD_CHECK_AS(ValueError, !folder_.empty(), "[CheckpointFolder] the folder's path must not be empty");
  XGRAD_CHECK_AS(ValueError, options_.keep_last() >= 1, "[CheckpointFolder] keep_last must be at least 1");
  XGRAD_CHECK_AS(ValueError, !options_.name().empty() && options_.name().find_first_of(std::string("/\0", 2)) == std::string::npos,
                 "[CheckpointFolder] name must not be empty or contain a slash, got \"", options_.name(), "\"");
}

std::string CheckpointFolder::path_of(int64_t step) const {
  char digits[24];
  std::snprintf(digits, sizeof digits, "%09lld", static_cast<long long>(step));
  return (fs::path(folder_) / (options_.name() + "-" + digits + kExtension)).string();
}

std::optional<int64_t> CheckpointFolder::step_of(const std::string& file_name) const {
  int64_t step = -1;
  const std::string front = options_.name() + "-";
  if (file_name.compare(0, front.size(), front) != 0) return std::nullopt;
  std::from_chars(file_name.data() + front.size(), file_name.data() + file_name.size(), step);
  if (step < 0 || fs::path(path_of(step)).filename() != file_name) return std::nullopt;
  return step;
}

std::string CheckpointFolder::save(const Checkpoint& checkpoint, int64_t step, std::optional<double> metric) {
  XGRAD_CHECK_AS(ValueError, step >= 0, "[CheckpointFolder] step must not be negative, got ", step);
  OutputArchive archive, place;
  checkpoint.save(archive);
  place.write("step", IValue(step));
  if (metric) place.write("metric", IValue(*metric));
  archive.write(kPlace, place);

  std::error_code error;
  fs::create_directories(folder_, error);
  XGRAD_CHECK(!error, "[CheckpointFolder] ", folder_, " cannot be made: ", error.message());
  const std::string path = path_of(step);
  archive.save_to(path);

  std::set<std::string> kept{path};
  const std::vector<SavedCheckpoint> all = list(), best = sorted_by_merit(all, options_.lower_is_better());
  for (size_t i = all.size() - std::min(all.size(), options_.keep_last()); i < all.size(); ++i) kept.insert(all[i].path);
  for (size_t i = 0; i < std::min(best.size(), options_.keep_best()); ++i) kept.insert(best[i].path);
  for (const SavedCheckpoint& saved : all)
    if (!kept.count(saved.path)) fs::remove(saved.path, error);
  for (const std::string& name : names_in(folder_)) {
    const fs::path stem = fs::path(name).stem();
    if (name == stem.string() + io::kTemporary && step_of(stem.string())) io::remove_leftover((fs::path(folder_) / stem).string());
  }
  return path;
}

std::vector<SavedCheckpoint> CheckpointFolder::list() const {
  std::vector<SavedCheckpoint> all;
  for (const std::string& name : names_in(folder_))
    if (const std::optional<int64_t> step = step_of(name))
      if (std::optional<SavedCheckpoint> saved = checkpoint_at((fs::path(folder_) / name).string(), *step)) all.push_back(std::move(*saved));
  std::sort(all.begin(), all.end(), [](const SavedCheckpoint& a, const SavedCheckpoint& b) { return a.step < b.step; });
  return all;
}

std::vector<SavedCheckpoint> CheckpointFolder::by_merit() const { return sorted_by_merit(list(), options_.lower_is_better()); }

std::optional<SavedCheckpoint> CheckpointFolder::latest() const {
  const std::vector<SavedCheckpoint> all = list();
  return all.empty() ? std::nullopt : std::optional(all.back());
}

std::optional<SavedCheckpoint> CheckpointFolder::best() const {
  const std::vector<SavedCheckpoint> all = by_merit();
  return all.empty() ? std::nullopt : std::optional(all.front());
}

std::optional<int64_t> CheckpointFolder::load_latest(Checkpoint& checkpoint, bool strict) const {
  const std::optional<SavedCheckpoint> saved = latest();
  return saved && checkpoint.load(saved->path, strict) ? std::optional(saved->step) : std::nullopt;
}

std::optional<int64_t> CheckpointFolder::load_best(Checkpoint& checkpoint, bool strict) const {
  const std::optional<SavedCheckpoint> saved = best();
  return saved && checkpoint.load(saved->path, strict) ? std::optional(saved->step) : std::nullopt;
}

}}}  // namespace torch::xgrad::serialize
