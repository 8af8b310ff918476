// What TensorBoard shows, written as Python's torch.utils.tensorboard writes it.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include <xgrad/inspect/logging/scalar_log.h>

namespace torch { inline namespace xgrad {

namespace nn {
class Module;
}

namespace inspect {

/// Writes event files for TensorBoard into a folder, one for each object: `tensorboard --logdir runs`.
///
///     inspect::SummaryWriter writer("runs/first");
///     writer.add_scalar("loss/train", loss, step);
///     writer.add_histogram("fc1/weight", net->fc1->weight, epoch);
///     writer.add_image("samples", grid, epoch);
///
/// `step` is TensorBoard's global_step; `wall_time` are seconds since 1970, now unless given. A method throws, naming the file and the reason, when
/// it cannot write, and after close(). Text is UTF-8; what is none is replaced by U+FFFD.
class XGRAD_API SummaryWriter final : public ScalarLog {
 public:
  using Time = std::optional<double>;
  /// Of a setting, as the tab of hyperparameters shows it.
  using Setting = std::variant<bool, double, std::string>;

  /// `purge_step`: the run goes on from a checkpoint at this step; TensorBoard then drops what earlier files of the folder have of it and of
  /// later ones. `suffix` ends the name of the file.
  explicit SummaryWriter(std::string folder, std::optional<int64_t> purge_step = std::nullopt, std::string suffix = "");
  ~SummaryWriter() override;

  using ScalarLog::add_scalar;
  /// TensorBoard keeps a float.
  void add_scalar(const std::string& tag, double value, int64_t step, Time wall_time = std::nullopt) override;
  /// Several curves in one diagram: each has a folder of its own, as in Python, named by `tag` and its name.
  void add_scalars(const std::string& tag, const std::map<std::string, double>& values, int64_t step, Time wall_time = std::nullopt);
  /// How the elements are distributed, in TensorFlow's bins, a tenth wider from one to the next; those that are NaN or infinite are left out.
  void add_histogram(const std::string& tag, const Tensor& values, int64_t step, Time wall_time = std::nullopt);
  /// An image [channels, height, width], or [height, width], of 1 or 3 channels: floating-point with 0 black and 1 white, or uint8 to 255.
  void add_image(const std::string& tag, const Tensor& image, int64_t step, Time wall_time = std::nullopt);
  /// Images [n, channels, height, width] as one, `nrow` side by side.
  void add_images(const std::string& tag, const Tensor& images, int64_t step, int64_t nrow = 8, Time wall_time = std::nullopt);
  /// Markdown.
  void add_text(const std::string& tag, const std::string& text, int64_t step, Time wall_time = std::nullopt);
  /// The operations that led to `output`, for the tab of graphs. Parameters have their names in `module`, which may be null.
  void add_graph(const Tensor& output, const nn::Module* module = nullptr);
  /// The settings of a run and what it reached, for the tab of hyperparameters: written to a folder of its own below this one, as in Python.
  void add_hparams(const std::map<std::string, Setting>& settings, const std::map<std::string, double>& metrics, const std::string& run_name = "");

  void flush() override;
  void close() override;
  const std::string& folder() const;
  /// The file that is written to.
  const std::string& path() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace inspect
}}  // namespace torch::xgrad
