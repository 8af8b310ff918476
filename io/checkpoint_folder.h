// The checkpoints of a run, of which the last and the best are kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <xgrad/io/checkpoint.h>
#include <xgrad/io/fields.h>

namespace torch { inline namespace xgrad { namespace serialize {

struct CheckpointFolderOptions {
  /// How many of the latest checkpoints are kept, at least 1, and how many of the best besides.
  XGRAD_ARG(size_t, keep_last) = 3;
  XGRAD_ARG(size_t, keep_best) = 1;
  /// Whether the best is the one with the lowest metric, as of a loss, or with the highest.
  XGRAD_ARG(bool, lower_is_better) = true;
  /// What the names of files begin with. Not empty, without a slash.
  XGRAD_ARG(std::string, name) = "checkpoint";
};

/// A checkpoint in a folder.
struct SavedCheckpoint {
  int64_t step = 0;
  std::optional<double> metric;
  std::string path;
};

/// Files "<name>-<step>.safetensors" in one folder. Whatever else lies there is left alone, and so are files of such a name whose headers
/// cannot be read. There is no state but the files: several objects, and processes, may share a folder.
class XGRAD_API CheckpointFolder {
 public:
  /// The folder is made by the first save. Throws when an option is out of range.
  explicit CheckpointFolder(std::string path, CheckpointFolderOptions options = {});

  /// Writes the checkpoint of a step, in the place of an older one of the same step, and returns its path. When it is on the disk, those that
  /// are neither among the last nor among the best are removed, with what killed processes left behind; what cannot be removed
  /// is tried again by the next save. Without a metric, or with one that is NaN, it is never the best. Throws as Checkpoint::save
  /// does, and when `step` is negative; then nothing is removed.
  std::string save(const Checkpoint& checkpoint, int64_t step, std::optional<double> metric = std::nullopt);

  /// All there are, by their steps. Only their headers are read. Throws when the folder is there but cannot be read.
  std::vector<SavedCheckpoint> list() const;
  /// The one of the highest step, and the one of the best metric (of equal ones, the earliest); nothing if there is none.
  std::optional<SavedCheckpoint> latest() const;
  std::optional<SavedCheckpoint> best() const;

  /// Loads it into `checkpoint` and returns its step; nothing, and nothing changed, if there is none. Throws as Checkpoint::load does.
  std::optional<int64_t> load_latest(Checkpoint& checkpoint, bool strict = true) const;
  std::optional<int64_t> load_best(Checkpoint& checkpoint, bool strict = true) const;

 private:
  std::string path_of(int64_t step) const;
  std::optional<int64_t> step_of(const std::string& file_name) const;
  std::vector<SavedCheckpoint> by_merit() const;

  std::string folder_;
  CheckpointFolderOptions options_;
};

}}}  // namespace torch::xgrad::serialize
