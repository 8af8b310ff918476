#include <xgrad/inspect/logging/summary_writer.h>

#include <algorithm>
#include <filesystem>

#include <xgrad/inspect/escape.h>
#include <xgrad/inspect/graph/graph_def.h>
#include <xgrad/inspect/histogram.h>
#include <xgrad/inspect/logging/event_file.h>
#include <xgrad/inspect/logging/hyperparameters.h>
#include <xgrad/inspect/logging/wall_clock.h>
#include <xgrad/io/image.h>

namespace torch { inline namespace xgrad { namespace inspect {

using io::ProtobufMessage;

namespace {

// Fields of Summary.Value, tensorflow/core/framework/summary.proto.
enum : uint32_t { kTag = 1, kSimpleValue = 2, kImage = 4, kHistogram = 5, kTensor = 8, kMetadata = 9 };

ProtobufMessage value_of(const std::string& tag) { return ProtobufMessage().bytes(kTag, valid_utf8(tag)); }

ProtobufMessage scalar_of(const std::string& tag, double value) { return value_of(tag).number(kSimpleValue, static_cast<float>(value)); }

// TensorFlow's limits: 0, and 1e-12 times the powers of 1.1 up to 1e20 with both signs.
std::vector<double> tensorflow_limits() {
  std::vector<double> positive, all;
  for (double limit = 1e-12; limit < 1e20; limit *= 1.1) positive.push_back(limit);
  std::transform(positive.rbegin(), positive.rend(), std::back_inserter(all), [](double x) { return -x; });
  all.push_back(0);
  all.insert(all.end(), positive.begin(), positive.end());
  return all;
}

ProtobufMessage histogram_message(const Histogram& histogram) {
  // Bins from an empty one before the first that has values to the last that has: TensorBoard is told upper limits alone.
  const auto& counts = histogram.counts;
  const auto has = [](int64_t count) { return count > 0; };
  const size_t begin = static_cast<size_t>(std::find_if(counts.begin(), counts.end(), has) - counts.begin());
  const size_t end = static_cast<size_t>(counts.rend() - std::find_if(counts.rbegin(), counts.rend(), has));
  std::vector<double> limits, buckets;
  if (begin < end) {
    limits.push_back(histogram.limits[begin]);
    buckets.push_back(0);
  }
  for (size_t i = begin; i < end; ++i) {
    limits.push_back(histogram.limits[i + 1]);
    buckets.push_back(static_cast<double>(counts[i]));
  }
  return ProtobufMessage()
      .number(1, histogram.least)
      .number(2, histogram.most)
      .number(3, static_cast<double>(histogram.finite))
      .number(4, histogram.sum)
      .number(5, histogram.sum_of_squares)
      .packed(6, ArrayRef<double>(limits))
      .packed(7, ArrayRef<double>(buckets));
}

ProtobufMessage text_message(const std::string& tag, const std::string& text) {
  constexpr int64_t kString = 7;  // DT_STRING
  const ProtobufMessage plugin = ProtobufMessage().bytes(1, "text");
  const ProtobufMessage shape = ProtobufMessage().message(2, ProtobufMessage().integer(1, 1));
  return value_of(tag + "/text_summary")
      .message(kMetadata, ProtobufMessage().message(1, plugin))
      .message(kTensor, ProtobufMessage().integer(1, kString).message(2, shape).bytes(8, valid_utf8(text)));
}

std::string as_folder(std::string name) {
  std::replace(name.begin(), name.end(), '/', '_');
  return name;
}

double time_or_now(SummaryWriter::Time time) { return time ? *time : wall_clock(); }

}  // namespace

struct SummaryWriter::State {
  State(std::string given_folder, std::string given_suffix)
      : folder(std::move(given_folder)), suffix(std::move(given_suffix)), file(folder, suffix) {}

  EventFile& curve(const std::string& name) {
    const std::lock_guard lock(mutex);
    auto& found = curves[name];
    if (!found) found = std::make_unique<EventFile>((std::filesystem::path(folder) / name).string(), suffix);
    return *found;
  }
  template <class F> void for_each_file(F f) {
    f(file);
    const std::lock_guard lock(mutex);
    for (const auto& [name, curve] : curves) f(*curve);
  }

  std::string folder, suffix;
  EventFile file;
  std::mutex mutex;
  std::map<std::string, std::unique_ptr<EventFile>> curves;  // of add_scalars
};

SummaryWriter::SummaryWriter(std::string folder, std::optional<int64_t> purge_step, std::string suffix)
    : state_(new State(std::move(folder), std::move(suffix))) {
  constexpr int64_t kStart = 1;  // SessionLog.START
  if (purge_step) state_->file.add(EventFile::kSessionLog, ProtobufMessage().integer(1, kStart), *purge_step, wall_clock());
}

SummaryWriter::~SummaryWriter() = default;

void SummaryWriter::add_scalar(const std::string& tag, double value, int64_t step, Time wall_time) {
  state_->file.add_value(scalar_of(tag, value), step, time_or_now(wall_time));
}

void SummaryWriter::add_scalars(const std::string& tag, const std::map<std::string, double>& values, int64_t step, Time wall_time) {
  const double time = time_or_now(wall_time);
  for (const auto& [name, value] : values) state_->curve(as_folder(tag + "_" + name)).add_value(scalar_of(tag, value), step, time);
}

void SummaryWriter::add_histogram(const std::string& tag, const Tensor& values, int64_t step, Time wall_time) {
  static const std::vector<double> limits = tensorflow_limits();
  const Histogram histogram = histogram_of(values, limits);
  state_->file.add_value(value_of(tag).message(kHistogram, histogram_message(histogram)), step, time_or_now(wall_time));
}

void SummaryWriter::add_image(const std::string& tag, const Tensor& image, int64_t step, Time wall_time) {
  XGRAD_CHECK(image.dim() == 2 || image.dim() == 3, "[add_image] expected [channels, height, width] or [height, width], got shape ", image.sizes());
  add_images(tag, image, step, 1, wall_time);
}

void SummaryWriter::add_images(const std::string& tag, const Tensor& images, int64_t step, int64_t nrow, Time wall_time) {
  const io::EncodedImage png = io::encode_image(images.scalar_type() == kByte ? images.to(kFloat).div(255) : images, nrow);
  const ProtobufMessage message = ProtobufMessage().integer(1, png.height).integer(2, png.width).integer(3, png.channels).bytes(4, png.bytes);
  state_->file.add_value(value_of(tag).message(kImage, message), step, time_or_now(wall_time));
}

void SummaryWriter::add_text(const std::string& tag, const std::string& text, int64_t step, Time wall_time) {
  state_->file.add_value(text_message(tag, text), step, time_or_now(wall_time));
}

void SummaryWriter::add_graph(const Tensor& output, const nn::Module* module) {
  // Bytes of a field, not a message: GraphDef is known to its readers alone.
  state_->file.add(EventFile::kGraph, graph_def(output, module), 0, wall_clock());
}

void SummaryWriter::add_hparams(const std::map<std::string, Setting>& settings, const std::map<std::string, double>& metrics,
                                const std::string& run_name) {
  const double now = wall_clock();
  EventFile file((std::filesystem::path(folder()) / (run_name.empty() ? fixed_text(now, 6) : as_folder(run_name))).string(), state_->suffix);
  for (const auto& [tag, content] : hyperparameter_sessions(settings, metrics, now)) {
    const ProtobufMessage plugin = ProtobufMessage().bytes(1, "hparams").message(2, content);
    file.add_value(value_of(tag).message(kMetadata, ProtobufMessage().message(1, plugin)), 0, now);
  }
  for (const auto& [name, value] : metrics) file.add_value(scalar_of(name, value), 0, now);
  file.close();
}

void SummaryWriter::flush() {
  state_->for_each_file([](EventFile& file) { file.flush(); });
}
void SummaryWriter::close() {
  state_->for_each_file([](EventFile& file) { file.close(); });
}
const std::string& SummaryWriter::folder() const { return state_->folder; }
const std::string& SummaryWriter::path() const { return state_->file.path(); }

}}}  // namespace torch::xgrad::inspect
