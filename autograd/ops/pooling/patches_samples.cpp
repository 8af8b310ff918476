#include <string>

#include <xgrad/autograd/catalogue/catalogue.h>
#include <xgrad/autograd/ops/ops.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::Inputs;

using catalogue::text;

// ---- columns

struct PatchesCase {
  Dims image, kernel, dilation, padding, stride;
};
const PatchesCase kPatchesCases[] = {{{2, 2, 4, 5}, {2, 3}, {1, 1}, {0, 0}, {1, 1}}, {{1, 2, 5, 6}, {2, 2}, {2, 1}, {1, 2}, {2, 3}},
                                     {{2, 4, 4}, {3, 2}, {1, 1}, {1, 1}, {1, 2}},    {{0, 2, 4, 4}, {2, 2}, {1, 1}, {0, 0}, {1, 1}},
                                     {{1, 1, 1, 1}, {1, 1}, {1, 1}, {0, 0}, {1, 1}}, {{1, 1, 2, 2}, {2, 2}, {1, 1}, {2, 3}, {3, 1}}};

Tensor columns(const Tensor& image, const PatchesCase& c) { return im2col(image, c.kernel, c.dilation, c.padding, c.stride); }

const catalogue::Entry im2col_entry("im2col", [](catalogue::Samples& s) {
  for (const PatchesCase& c : kPatchesCases)
    s.add("torch._C._nn.im2col(x[0], " + text(c.kernel) + ", " + text(c.dilation) + ", " + text(c.padding) + ", " + text(c.stride) + ")",
          {s.normal(c.image)}, [c](Inputs x) { return columns(x[0], c); });
  s.rejects("one number", "It is expected stride equals to 2, but got size 1", [] { im2col(ones({1, 4, 4}), {2, 2}, {1, 1}, {0, 0}, 1); });
  s.rejects("no window",
            "Given input with spatial size (4, 4), kernel_size=(5, 2), dilation=(1, 1), padding=(0, 0), calculated shape of the array of sliding "
            "blocks as (0, 3), but its components must be at least one.",
            [] {
              im2col(ones({1, 1, 4, 4}), {5, 2}, {1, 1}, {0, 0}, {1, 1});
            });
  s.rejects("no kernel", "kernel size should be greater than zero", [] { im2col(ones({1, 4, 4}), {0, 2}, {1, 1}, {0, 0}, {1, 1}); });
  s.rejects("integers", "\"im2col\" not implemented for 'Long'", [] { im2col(ones({1, 4, 4}, kLong), {2, 2}, {1, 1}, {0, 0}, {1, 1}); });
  s.rejects("a matrix", "Expected 3D or 4D (batch mode) tensor with possibly 0 batch size", [] {
    im2col(ones({4, 4}), {2, 2}, {1, 1}, {0, 0}, {1, 1});
  });
});

const catalogue::Entry col2im_entry("col2im", [](catalogue::Samples& s) {
  for (const PatchesCase& c : kPatchesCases) {
    const Dims size = c.image.size() == 4 ? Dims{c.image[2], c.image[3]} : Dims{c.image[1], c.image[2]};
    s.add("torch._C._nn.col2im(x[0], " + text(size) + ", " + text(c.kernel) + ", " + text(c.dilation) + ", " + text(c.padding) + ", " +
              text(c.stride) + ")",
          {s.normal(columns(zeros(c.image), c).sizes())},
          [c, size](Inputs x) { return col2im(x[0], size, c.kernel, c.dilation, c.padding, c.stride); });
  }
  s.rejects("another number of windows",
            "expected size of input's dimension 2 to match the calculated number of sliding blocks 3 * 3 = 9, but got input.size(2)=8.", [] {
              col2im(ones({4, 8}), {4, 4}, {2, 2}, {1, 1}, {0, 0}, {1, 1});
            });
  s.rejects("another number of rows", "to be divisible by the product of kernel_size, but got input.size(1)=3 and kernel_size=(2, 2).", [] {
    col2im(ones({3, 9}), {4, 4}, {2, 2}, {1, 1}, {0, 0}, {1, 1});
  });
  s.rejects("one size", "It is expected output_size equals to 2, but got size 1", [] { col2im(ones({4, 9}), 4, {2, 2}, {1, 1}, {0, 0}, {1, 1}); });
});

// ---- pixels of channels

const catalogue::Entry pixel_shuffle_entry("pixel_shuffle", [](catalogue::Samples& s) {
  for (const Dims& shape : {Dims{2, 8, 3, 2}, Dims{4, 2, 3}, Dims{2, 1, 4, 1, 2}})
    s.add("torch.pixel_shuffle(x[0], 2)", {s.normal(shape)}, [](Inputs x) { return pixel_shuffle(x[0], 2); });
  s.add("torch.pixel_shuffle(x[0], 3)", {s.normal({1, 9, 2, 2})}, [](Inputs x) { return pixel_shuffle(x[0], 3); });
  s.flat("torch.pixel_shuffle(x[0], 2)", {catalogue::constant(s.normal({0, 4, 2, 2}))}, [](Inputs x) { return pixel_shuffle(x[0], 2); });
  s.flat("torch.pixel_shuffle(x[0], 2)", {s.integers({4, 2, 3}, -9, 9)}, [](Inputs x) { return pixel_shuffle(x[0], 2); });
  s.rejects("a matrix", "expects input to have at least 3 dimensions, but got input with 2 dimension(s)", [] { pixel_shuffle(ones({4, 4}), 2); });
  s.rejects("no factor", "expects a positive upscale_factor, but got 0", [] { pixel_shuffle(ones({4, 4, 4}), 0); });
  s.rejects("other channels", "divisible by the square of upscale_factor, but input.size(-3)=3 is not divisible by 4", [] {
    pixel_shuffle(ones({3, 4, 4}), 2);
  });
});

const catalogue::Entry pixel_unshuffle_entry("pixel_unshuffle", [](catalogue::Samples& s) {
  for (const Dims& shape : {Dims{2, 3, 4, 6}, Dims{2, 2, 4}})
    s.add("torch.pixel_unshuffle(x[0], 2)", {s.normal(shape)}, [](Inputs x) { return pixel_unshuffle(x[0], 2); });
  s.rejects("another height", "expects height to be divisible by downscale_factor, but input.size(-2)=3 is not divisible by 2", [] {
    pixel_unshuffle(ones({1, 3, 4}), 2);
  });
  s.rejects("another width", "expects width to be divisible by downscale_factor, but input.size(-1)=3 is not divisible by 2", [] {
    pixel_unshuffle(ones({1, 4, 3}), 2);
  });
});

template <Tensor (*f)(const Tensor&, int64_t)> void channel_samples(catalogue::Samples& s) {
  for (const Dims& shape : {Dims{2, 6, 3, 2}, Dims{1, 6, 4}, Dims{0, 6, 2, 2}})
    for (const int64_t groups : {1, 2, 3}) {
      const std::string number = std::to_string(groups);
      // PyTorch's has no derivative.
      s.flat("torch.channel_shuffle(x[0], " + number + ")", {catalogue::constant(s.normal(shape))}, [groups](Inputs x) { return f(x[0], groups); });
      s.add("x[0].reshape(x[0].shape[0], " + number + ", x[0].shape[1] // " + number +
                ", *x[0].shape[2:]).transpose(1, 2).reshape(x[0].shape).contiguous()",
            {s.normal(shape)}, [groups](Inputs x) { return f(x[0], groups).contiguous(); });
    }
  s.rejects("a matrix", "channel_shuffle expects input with > 2 dims, but got input with sizes [4, 4]", [] { f(ones({4, 4}), 2); });
  s.rejects("no groups", "Number of groups to divide channels in must be positive. Value of groups:0", [] { f(ones({1, 4, 4, 4}), 0); });
  s.rejects("other channels", "Number of channels must be divisible by groups. Got 3 channels and 2 groups.", [] { f(ones({1, 3, 4, 4}), 2); });
}
const catalogue::Entry channel_shuffle_entry("channel_shuffle", channel_samples<channel_shuffle>);
const catalogue::Entry native_channel_shuffle_entry("native_channel_shuffle", channel_samples<native_channel_shuffle>);

// ---- grids

using Sampler = Tensor (*)(const Tensor&, const Tensor&, int64_t, int64_t, bool);

// Every mode, at points inside of the image and beyond its edges, away from where the derivative jumps in images of size 4.
void sampler_samples(catalogue::Samples& s, Sampler f, const Dims& image, const Dims& points, int modes) {
  for (int64_t mode = 0; mode < modes; ++mode)
    for (int64_t outside = 0; outside < 3; ++outside)
      for (const bool align : {false, true}) {
        const std::vector<double> kinks = align ? std::vector<double>{-5. / 3, -4. / 3, -1, -2. / 3, -1. / 3, 0, 1. / 3, 2. / 3, 1, 4. / 3, 5. / 3}
                                                : std::vector<double>{-1.5, -1.25, -1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1, 1.25, 1.5};
        s.add("torch.grid_sampler(x[0], x[1], " + std::to_string(mode) + ", " + std::to_string(outside) + ", " + catalogue::text(align) + ")",
              {s.normal(image), s.avoiding(points, -1.6, 1.6, kinks, 0.03)}, [=](Inputs x) { return f(x[0], x[1], mode, outside, align); });
      }
}

void sampler_rejections(catalogue::Samples& s, Sampler f) {
  static const Sampler run = f;
  s.rejects("another batch", "expected grid and input to have same batch size", [] { run(ones({1, 1, 4, 4}), ones({2, 1, 1, 2}), 0, 0, false); });
  s.rejects("another dtype", "expected scalar type Float but found Double", [] {
    run(ones({1, 1, 4, 4}), ones({1, 1, 1, 2}, kDouble), 0, 0, false);
  });
  s.rejects("three coordinates", "expected grid to have size 2 in last dimension, but got grid with sizes [1, 1, 1, 3]", [] {
    run(ones({1, 1, 4, 4}), ones({1, 1, 1, 3}), 0, 0, false);
  });
  s.rejects("an empty image", "expected input to have non-empty spatial dimensions", [] {
    run(ones({1, 1, 0, 4}), ones({1, 1, 1, 2}), 0, 0, false);
  });
}

const catalogue::Entry grid_sampler_entry("grid_sampler", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  sampler_samples(s, grid_sampler, {2, 2, 4, 4}, {2, 3, 2, 2}, 3);
  sampler_samples(s, grid_sampler, {1, 2, 4, 4, 4}, {1, 2, 1, 2, 3}, 2);
  for (int64_t outside = 0; outside < 3; ++outside) {
    s.add("torch.grid_sampler(x[0], x[1], 0, " + std::to_string(outside) + ", False)", {s.normal({0, 2, 4, 4}), s.normal({0, 3, 2, 2})},
          [=](Inputs x) { return grid_sampler(x[0], x[1], 0, outside, false); });
    s.add("torch.grid_sampler(x[0], x[1], 0, " + std::to_string(outside) + ", False)", {s.normal({1, 0, 4, 4}), s.normal({1, 3, 2, 2})},
          [=](Inputs x) { return grid_sampler(x[0], x[1], 0, outside, false); });
  }
  sampler_rejections(s, grid_sampler);
  s.rejects("bicubic volumes", "bicubic interpolation only supports 4D input", [] {
    grid_sampler(ones({1, 1, 4, 4, 4}), ones({1, 1, 1, 1, 3}), 2, 0, false);
  });
  s.rejects("other axes", "4D input and grid with same number of dimensions, but got input with sizes [1, 1, 4, 4] and grid with sizes [1, 1, 2]",
            [] {
              grid_sampler(ones({1, 1, 4, 4}), ones({1, 1, 2}), 0, 0, false);
            });
});

const catalogue::Entry grid_sampler_2d_entry("grid_sampler_2d", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  sampler_samples(s, grid_sampler_2d, {1, 1, 4, 4}, {1, 2, 2, 2}, 1);
  sampler_rejections(s, grid_sampler_2d);
});

const catalogue::Entry grid_sampler_3d_entry("grid_sampler_3d", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  sampler_samples(s, grid_sampler_3d, {1, 1, 4, 4, 4}, {1, 1, 1, 2, 3}, 1);
  s.rejects("a picture", "expected 5D input, but got input with sizes [1, 1, 4, 4]", [] {
    grid_sampler_3d(ones({1, 1, 4, 4}), ones({1, 1, 1, 2}), 0, 0, false);
  });
});

const catalogue::Entry affine_grid_generator_entry("affine_grid_generator", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const bool align : {false, true}) {
    const std::string end = align ? ", True)" : ", False)";
    for (const Dims& size : {Dims{2, 1, 3, 4}, Dims{2, 5, 1, 2}})
      s.add("torch.affine_grid_generator(x[0], " + text(size) + end, {s.normal({2, 2, 3})},
            [=](Inputs x) { return affine_grid_generator(x[0], size, align); });
    s.add("torch.affine_grid_generator(x[0], (1, 1, 2, 3, 4)" + end, {s.normal({1, 3, 4})}, [=](Inputs x) {
      return affine_grid_generator(x[0], {1, 1, 2, 3, 4}, align);
    });
  }
  s.rejects("a line", "AffineGridGenerator needs 4d (spatial) or 5d (volumetric) inputs", [] {
    affine_grid_generator(ones({1, 2, 3}), {1, 1, 2}, false);
  });
  s.rejects("another map", "Got [1, 2, 4]", [] { affine_grid_generator(ones({1, 2, 4}), {1, 1, 2, 2}, false); });
});

}  // namespace

}}  // namespace torch::xgrad
