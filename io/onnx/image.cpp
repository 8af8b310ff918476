// Convolution, pooling, padding and resizing of images along one to three axes.
#include <algorithm>
#include <limits>

#include <xgrad/io/onnx/translation.h>

namespace torch { inline namespace xgrad { namespace onnx {

namespace {

// Images without a batch get one of size 1, and lose it.
struct Batched {
  const Call& c;
  bool adds;

  Batched(const Call& c, size_t axes) : c(c), adds(c.rank() == static_cast<int64_t>(axes) + 1) {}
  std::string in() const { return adds ? c.node("Unsqueeze", {c.in(0), c.vector({0})}) : c.in(0); }
  void result(const std::string& y, size_t i = 0) const { c.result(adds ? c.node("Squeeze", {y, c.vector({0})}) : y, i); }
};

std::vector<int64_t> twice(const std::vector<int64_t>& each) {
  std::vector<int64_t> all = each;
  all.insert(all.end(), each.begin(), each.end());
  return all;
}

void convolution(const Call& c, const char*) {
  const std::vector<int64_t> stride = c.integers("stride"), padding = c.integers("padding"), dilation = c.integers("dilation");
  std::vector<int64_t> kernel;
  const size_t axes = stride.size();
  for (size_t i = 0; i < axes; ++i) kernel.push_back(c.fixed_size(1, static_cast<int64_t>(i) + 2));
  Settings settings = {
      {"kernel_shape", kernel}, {"strides", stride}, {"pads", twice(padding)}, {"dilations", dilation}, {"group", c.integer("groups")}};
  const Batched batched(c, axes);
  const bool transposed = c.flag("transposed");
  if (transposed) {
    std::vector<int64_t> more;
    for (size_t i = 0; i < axes; ++i) {
      const auto axis = static_cast<int>(i) - static_cast<int>(axes);
      const int64_t in = c.input(0).sizes[c.input(0).sizes.size() + axis], out = c.output().sizes[c.output().sizes.size() + axis];
      more.push_back(out - ((in - 1) * stride[i] - 2 * padding[i] + dilation[i] * (kernel[i] - 1) + 1));
    }
    settings.emplace_back("output_padding", more);
  }
  batched.result(c.node(transposed ? "ConvTranspose" : "Conv", {batched.in(), c.in(1), c.in(2)}, settings));
}

Settings window_of(const Call& c) {
  const std::vector<int64_t> padding = c.integers("padding");
  return {{"kernel_shape", c.integers("kernel_size")},
          {"strides", c.integers("stride")},
          {"pads", twice(padding)},
          {"ceil_mode", int64_t{c.flag("ceil_mode")}}};
}

void max_pool(const Call& c, const char*) {
  const Batched batched(c, c.integers("kernel_size").size());
  if (c.outputs() > 1 && c.is_read(1)) c.refuse("the positions of its maxima are read");
  Settings settings = window_of(c);
  settings.emplace_back("dilations", c.integers("dilation"));
  batched.result(c.node("MaxPool", {batched.in()}, settings));
}

void avg_pool(const Call& c, const char*) {
  const std::vector<int64_t> kernel = c.integers("kernel_size");
  const Batched batched(c, kernel.size());
  Settings settings = window_of(c);
  const bool fixed = c.is_given("divisor_override"), counts = fixed || c.flag("count_include_pad");
  if (counts && c.flag("ceil_mode")) c.refuse("windows beyond the padding (ceil_mode) are divided otherwise");
  settings.emplace_back("count_include_pad", int64_t{counts});
  std::string y = c.node("AveragePool", {batched.in()}, settings);
  if (fixed) {
    double n = 1;
    for (const int64_t k : kernel) n *= static_cast<double>(k);
    y = c.node("Mul", {y, c.scalar(n / c.number("divisor_override"))});
  }
  batched.result(y);
}

// By windows of one size, where there are such; to one element by the global pool.
void adaptive_pool(const Call& c, const char* onnx) {
  const std::vector<int64_t> out = c.integers("output_size");
  const Batched batched(c, out.size());
  const bool averages = std::string(onnx) == "AveragePool";
  if (c.outputs() > 1 && c.is_read(1)) c.refuse("the positions of its maxima are read");
  if (std::all_of(out.begin(), out.end(), [](int64_t n) { return n == 1; }))
    return batched.result(c.node(averages ? "GlobalAveragePool" : "GlobalMaxPool", {batched.in()}));
  std::vector<int64_t> kernel;
  for (size_t i = 0; i < out.size(); ++i) {
    const int64_t in = c.fixed_size(0, c.rank() - static_cast<int64_t>(out.size() - i));
    if (out[i] == 0 || in % out[i] != 0)
      c.refuse("its windows are of several sizes: " + std::to_string(in) + " is no multiple of " + std::to_string(out[i]));
    kernel.push_back(in / out[i]);
  }
  batched.result(c.node(onnx, {batched.in()}, {{"kernel_shape", kernel}, {"strides", kernel}}));
}

// PyTorch names the last axis first, before and behind it.
std::vector<int64_t> pads_of(const std::vector<int64_t>& pad, int64_t rank) {
  std::vector<int64_t> all(static_cast<size_t>(2 * rank));
  for (size_t i = 0; i < pad.size() / 2; ++i) {
    const size_t axis = static_cast<size_t>(rank) - 1 - i;
    all[axis] = pad[2 * i];
    all[static_cast<size_t>(rank) + axis] = pad[2 * i + 1];
  }
  return all;
}

void pad(const Call& c, const char* mode) {
  const bool constant = std::string(mode) == "constant";
  const std::string pads = c.vector(pads_of(c.integers(constant ? "pad" : "padding"), c.rank()));
  Names inputs = {c.in(0), pads};
  if (constant) inputs.push_back(c.scalar(c.number("value")));
  c.node_result("Pad", inputs, {{"mode", std::string(mode)}});
}

// Images to their new size. The scale factors are those of the sizes.
void resize(const Call& c, const char* mode) {
  const std::string kind = mode;
  const bool nearest = kind == "nearest" || kind == "exact", corners = c.flag("align_corners");
  Settings settings = {{"mode", std::string(nearest ? "nearest" : kind)},
                       {"coordinate_transformation_mode", std::string(kind == "nearest" ? "asymmetric"
                                                                      : corners         ? "align_corners"
                                                                      : nearest         ? "half_pixel"
                                                                                        : "pytorch_half_pixel")}};
  if (nearest) settings.emplace_back("nearest_mode", std::string(kind == "exact" ? "round_prefer_ceil" : "floor"));
  if (kind == "cubic") settings.emplace_back("cubic_coeff_a", -0.75);
  c.node_result("Resize", {c.in(0), "", "", c.t.sizes(c.out_sizes())}, settings);
}

// [batch, C, ...] apart into the sizes, its axes in another order, and together.
void rearrange(const Call& c, const SymbolicSizes& apart, const std::vector<int64_t>& order) {
  const std::string x = c.node("Reshape", {c.in(0), c.t.sizes(apart)});
  c.node_result("Reshape", {c.node("Transpose", {x}, {{"perm", order}}), c.t.sizes(c.out_sizes())});
}

void pixel_shuffle(const Call& c, const char*) {
  if (c.rank() != 4) c.refuse("its input has no 4 axes");
  c.node_result("DepthToSpace", {c.in(0)}, {{"blocksize", c.integer("upscale_factor")}, {"mode", std::string("CRD")}});
}

void pixel_unshuffle(const Call& c, const char*) {
  if (c.rank() != 4) c.refuse("its input has no 4 axes");
  const int64_t r = c.integer("downscale_factor"), height = c.fixed_size(0, 2) / r, width = c.fixed_size(0, 3) / r;
  const SymbolicSizes in = c.in_sizes();
  rearrange(c, {in[0], in[1], {0, height}, {0, r}, {0, width}, {0, r}}, {0, 1, 3, 5, 2, 4});
}

void channel_shuffle(const Call& c, const char*) {
  const int64_t groups = c.integer("groups"), channels = c.fixed_size(0, 1);
  SymbolicSizes in = c.in_sizes(), apart = {in[0], {0, groups}, {0, channels / groups}};
  std::vector<int64_t> order = {0, 2, 1};
  for (size_t i = 2; i < in.size(); ++i) {
    apart.push_back(in[i]);
    order.push_back(static_cast<int64_t>(i) + 1);
  }
  rearrange(c, apart, order);
}

}  // namespace

std::vector<Mapping> image_mappings() {
  return {
      {"convolution", convolution},
      {"conv1d", convolution},
      {"conv2d", convolution},
      {"conv3d", convolution},
      {"conv_transpose1d", convolution},
      {"conv_transpose2d", convolution},
      {"conv_transpose3d", convolution},
      {"max_pool1d", max_pool},
      {"max_pool2d", max_pool},
      {"max_pool3d", max_pool},
      {"max_pool1d_with_indices", max_pool},
      {"max_pool2d_with_indices", max_pool},
      {"max_pool3d_with_indices", max_pool},
      {"avg_pool1d", avg_pool},
      {"avg_pool2d", avg_pool},
      {"avg_pool3d", avg_pool},
      {"adaptive_avg_pool1d", adaptive_pool, "AveragePool"},
      {"adaptive_avg_pool2d", adaptive_pool, "AveragePool"},
      {"adaptive_avg_pool3d", adaptive_pool, "AveragePool"},
      {"adaptive_max_pool1d", adaptive_pool, "MaxPool"},
      {"adaptive_max_pool2d", adaptive_pool, "MaxPool"},
      {"adaptive_max_pool3d", adaptive_pool, "MaxPool"},
      {"constant_pad_nd", pad, "constant"},
      {"reflection_pad1d", pad, "reflect"},
      {"reflection_pad2d", pad, "reflect"},
      {"reflection_pad3d", pad, "reflect"},
      {"replication_pad1d", pad, "edge"},
      {"replication_pad2d", pad, "edge"},
      {"replication_pad3d", pad, "edge"},
      {"upsample_nearest1d", resize, "nearest"},
      {"upsample_nearest2d", resize, "nearest"},
      {"upsample_nearest3d", resize, "nearest"},
      {"_upsample_nearest_exact1d", resize, "exact"},
      {"_upsample_nearest_exact2d", resize, "exact"},
      {"_upsample_nearest_exact3d", resize, "exact"},
      {"upsample_linear1d", resize, "linear"},
      {"upsample_bilinear2d", resize, "linear"},
      {"upsample_trilinear3d", resize, "linear"},
      {"upsample_bicubic2d", resize, "cubic"},
      {"pixel_shuffle", pixel_shuffle},
      {"pixel_unshuffle", pixel_unshuffle},
      {"channel_shuffle", channel_shuffle},
      {"native_channel_shuffle", channel_shuffle},
  };
}

}}}  // namespace torch::xgrad::onnx
