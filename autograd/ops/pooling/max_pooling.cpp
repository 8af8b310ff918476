#include <algorithm>
#include <memory>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/ops/pointwise/zero_slope.h>
#include <xgrad/autograd/ops/pooling/pooling.h>
#include <xgrad/autograd/ops/pooling/windows.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

namespace torch { inline namespace xgrad {

namespace {

using Pair = std::tuple<Tensor, Tensor>;

// The product of the last sizes.
int64_t elements_of(const Tensor& x, int axes) { return numel_of(x.sizes().slice(static_cast<size_t>(x.dim() - axes))); }

// ---- positions: elements taken from them and, the other way, added up at them

template <class T> using MoveElements = void (*)(int64_t planes, int64_t in, int64_t out, const T* from, const int64_t* indices, T* to);
template <class T> using MoveByTaps = void (*)(const kernels::AlikeWindows& windows, const T* from, const uint8_t* taps, T* to);

// kernel(...) from tensor x to one of shape `sizes`; the larger images are those that indices point into.
template <class Kernel>
Tensor moved(const Operation& operation, const Tensor& x, const Tensor& indices, const Dims& sizes, int axes, bool takes, Kernel kernel) {
  const Tensor from = contiguous_as(x, x.dtype()), at = contiguous_as(indices, kLong), to = allocate_tensor(sizes, x.dtype());
  if (to.numel() == 0) return to;
  dispatch_floating(x.dtype(), operation.name(), [&](auto zero) {
    using T = decltype(zero);
    const MoveElements<T> move = kernel(zero);
    launch(operation, move, reads(from, at), writes(to), planes_of(x, axes), elements_of(takes ? from : to, axes), elements_of(at, axes),
           from.data_ptr<T>(), at.data_ptr<int64_t>(), to.data_ptr<T>());
  });
  return to;
}

// What names one element of each window: its position in a plane, or which tap it is of windows that are alike.
struct Places {
  int axes;
  bool by_tap;
  kernels::AlikeWindows windows;

  static Places positions(int axes) { return {axes, false, {}}; }
  static Places taps(int axes, const kernels::AlikeWindows& windows) { return {axes, true, windows}; }

  Tensor take(const Operation& operation, const Tensor& x, const Tensor& at) const {
    if (by_tap) return moved_by_tap(operation, x, at, at.sizes(), [](auto zero) { return kernels::take_taps<decltype(zero)>; });
    return moved(operation, x, at, at.sizes(), axes, true, [](auto zero) { return kernels::take_positions<decltype(zero)>; });
  }
  Tensor add(const Operation& operation, const Tensor& y, const Tensor& at, const Dims& sizes) const {
    if (by_tap) return moved_by_tap(operation, y, at, sizes, [](auto zero) { return kernels::add_taps<decltype(zero)>; });
    return moved(operation, y, at, sizes, axes, false, [](auto zero) { return kernels::add_positions<decltype(zero)>; });
  }

 private:
  template <class Kernel>
  Tensor moved_by_tap(const Operation& operation, const Tensor& x, const Tensor& taps, const Dims& sizes, Kernel kernel) const {
    const Tensor from = contiguous_as(x, x.dtype()), at = contiguous_as(taps, kByte), to = allocate_tensor(sizes, x.dtype());
    if (to.numel() == 0) return to;
    dispatch_floating(x.dtype(), operation.name(), [&](auto zero) {
      using T = decltype(zero);
      const MoveByTaps<T> move = kernel(zero);
      launch(operation, move, reads(from, at), writes(to), windows, from.data_ptr<T>(), at.data_ptr<uint8_t>(), to.data_ptr<T>());
    });
    return to;
  }
};

Tensor added_at(const Operation& operation, const Tensor& y, const Tensor& at, const Dims& sizes, const Places& places);

// The elements of x that `at` names.
Tensor taken_from(const Operation& operation, const Tensor& x, const Tensor& at, const Places& places) {
  return record(
      Forward(operation, places.take(operation, x, at)),
      wrt(x, [at = save(at), sizes = Dims(x.sizes()), places, &operation](const Tensor& gy) { return added_at(operation, gy, at, sizes, places); }),
      given(at));
}

// Images of `sizes` to which the elements of y are added where `at` says.
Tensor added_at(const Operation& operation, const Tensor& y, const Tensor& at, const Dims& sizes, const Places& places) {
  return record(Forward(operation, places.add(operation, y, at, sizes)),
                wrt(y, [at = save(at), places, &operation](const Tensor& gy) { return taken_from(operation, gy, at, places); }), given(at));
}

// The largest elements and which they are, with a derivative that `backward` names.
template <class... A>
Pair recorded(const Operation& operation, const Operation& backward, const With<A...>& attributes, const Tensor& x, const Places& places,
              const Tensor& values, const Tensor& at) {
  return {record(Forward(operation, values), attributes,
                 wrt(x, [x = save(x), at = save(at), places,
                         &backward](const Tensor& gy) { return in_steps_of(backward, x, added_at(backward, gy, at, (*x).sizes(), places)); }),
                 also(at)),
          at};
}

// ---- windows

struct Windows {
  kernels::Pooling pooling{};
  std::vector<int64_t> begin[3], count[3];

  // alike(i) for axis i, begin_and_count(i, o) for its position o.
  template <class Alike, class F> Windows(int64_t planes, int axes, Alike alike, F begin_and_count) {
    pooling.planes = planes;
    for (int i = 0; i < 3; ++i) {
      const int of = i - 3 + axes;
      const kernels::WindowAxis axis = of < 0 ? kernels::WindowAxis() : alike(of);
      for (int64_t o = 0; o < axis.out; ++o) {
        const auto [first, elements] = of < 0 ? std::pair<int64_t, int64_t>(0, 1) : begin_and_count(of, o);
        begin[i].push_back(first);
        count[i].push_back(elements);
      }
      pooling.axes[i] = {axis, {begin[i].data(), axis.out}, {count[i].data(), axis.out}};
    }
  }
  Windows(const Windows&) = delete;

  kernels::AlikeWindows alike() const { return {pooling.planes, {pooling.axes[0].alike, pooling.axes[1].alike, pooling.axes[2].alike}}; }
  // True iff an element of each window can be named by a byte.
  bool have_taps() const {
    int64_t taps = 1;
    for (int i = 0; i < 3; ++i) {
      if (std::find(count[i].begin(), count[i].end(), 0) != count[i].end()) return false;
      taps *= pooling.axes[i].alike.taps;
      if (taps > 256) return false;
    }
    return true;
  }
};

struct Largest {
  Tensor values, at;  // positions, taps or undefined
};

enum class Named { kByNothing, kByPosition, kByTap };

Largest largest_of(const Operation& operation, const Tensor& x, const Dims& out, const Windows& windows, Named named, bool channels_last) {
  const Dims sizes = with_last_sizes(x.sizes(), out);
  checked_numel(operation.name(), sizes);
  return dispatch_floating(x.dtype(), operation.name(), [&](auto zero) {
    using T = decltype(zero);
    const Tensor from = contiguous_as(x, x.dtype()), y = allocate_tensor(sizes, x.dtype());
    const Tensor at = named == Named::kByNothing ? Tensor() : allocate_tensor(sizes, named == Named::kByTap ? kByte : kLong);
    if (y.numel() > 0)
      launch(operation, kernels::max_pool<T>, reads(from), writes(y, at), windows.pooling, from.data_ptr<T>(), y.data_ptr<T>(),
             named == Named::kByPosition ? at.data_ptr<int64_t>() : nullptr, named == Named::kByTap ? at.data_ptr<uint8_t>() : nullptr);
    if (!channels_last) return Largest{y, at};
    return Largest{with_channels_as(x, out.size(), y), at.defined() ? with_channels_as(x, out.size(), at) : at};
  });
}

Pair max_pool(const Operation& operation, const Operation& backward, const Tensor& x, int axes, IntArrayRef kernel, IntArrayRef stride,
              IntArrayRef padding, IntArrayRef dilation, bool ceil_mode, bool with_indices) {
  const WindowParameters w = checked_windows(operation, x, axes, kernel, stride, padding, dilation, ceil_mode);
  const auto axis = [&](int i) { return kernels::WindowAxis{w.in[i], w.out[i], w.dilation[i], w.kernel[i], w.stride[i], w.padding[i]}; };
  const Windows windows(planes_of(x, axes), axes, axis, [&](int i, int64_t o) {
    const int64_t start = o * w.stride[i] - w.padding[i], step = w.dilation[i];
    const int64_t outside = start < 0 ? (-start + step - 1) / step : 0, first = std::min(start + outside * step, w.in[i] - 1);
    const int64_t inside = first == start + outside * step ? std::min(w.kernel[i] - outside, (w.in[i] - 1 - first) / step + 1) : 0;
    return std::pair<int64_t, int64_t>(first, std::max<int64_t>(inside, 0));
  });
  const bool by_tap = !with_indices && windows.have_taps();
  const Named named = by_tap ? Named::kByTap : Named::kByPosition;
  const Largest y = largest_of(operation, x, w.out, windows, with_indices || Recording::needs(x) ? named : Named::kByNothing, axes <= 2);
  const auto attributes = with("kernel_size", w.kernel, "stride", w.stride, "padding", w.padding, "dilation", w.dilation, "ceil_mode", ceil_mode);
  return recorded(operation, backward, attributes, x, by_tap ? Places::taps(axes, windows.alike()) : Places::positions(axes), y.values, y.at);
}

Pair adaptive_max_pool(const Operation& operation, const Operation& backward, const Tensor& x, int axes, IntArrayRef output_size) {
  const Dims in = checked_adaptive_windows(operation, x, axes, output_size), out = output_size;
  const auto axis = [&](int i) { return kernels::WindowAxis{in[i], out[i]}; };
  const Windows windows(planes_of(x, axes), axes, axis, [&](int i, int64_t o) {
    const int64_t first = adaptive_begin(o, in[i], out[i]);
    return std::pair<int64_t, int64_t>(first, adaptive_end(o, in[i], out[i]) - first);
  });
  const Largest y = largest_of(operation, x, out, windows, Named::kByPosition, axes <= 2);
  return recorded(operation, backward, with("output_size", output_size), x, Places::positions(axes), y.values, y.at);
}

Pair fractional_max_pool(const Operation& operation, const Operation& backward, const Tensor& x, int axes, IntArrayRef kernel_size,
                         IntArrayRef output_size, const Tensor& samples) {
  const Dims kernel = for_each_axis(operation, "kernel_size", kernel_size, axes), out = for_each_axis(operation, "output_size", output_size, axes);
  XGRAD_CHECK(x.dim() == axes + 1 || x.dim() == axes + 2, operation, "Expected ", axes + 1, "D or ", axes + 2, "D tensor, but got: ", x.sizes());
  for (int64_t i = x.dim() - axes - 1; i < x.dim(); ++i)
    XGRAD_CHECK(x.size(i) > 0, operation, "Expected input to have non-zero size for non-batch dimensions, but got", x.sizes(), " with dimension ", i,
                " being empty.");
  kernels::FractionalPooling p{planes_of(x, axes), axes, {1, 1, 1}, {1, 1, 1}, {1, 1, 1}};
  const char* const names[] = {"time", "height", "width"};
  for (int i = 3 - axes; i < 3; ++i) {
    const int of = i - 3 + axes;
    p.in[i] = x.size(of - axes);
    p.out[i] = out[of];
    p.kernel[i] = kernel[of];
    XGRAD_CHECK(p.kernel[i] >= 1 && p.out[i] >= 0, operation, "kernel_size must be positive and output_size not negative, got ", kernel, " and ",
                out);
    // PyTorch asks for one more element of a volume than of a plane.
    XGRAD_CHECK(p.out[i] + p.kernel[i] - 1 <= p.in[i] - (axes == 3), operation, "pool ", names[i], " ", p.kernel[i], " too large relative to input ",
                names[i], " ", p.in[i]);
  }
  XGRAD_CHECK(samples.dtype() == x.dtype(), operation, "expected scalar type ", x.dtype(), " but found ", samples.dtype());
  XGRAD_CHECK(samples.numel() >= p.planes * axes, operation, "Expect _random_samples to have ", axes, " numbers for each of ", p.planes,
              " images, but got shape ", samples.sizes());
  const Dims sizes = with_last_sizes(x.sizes(), out);
  const Tensor from = contiguous_as(x, x.dtype()), numbers = contiguous_as(samples, x.dtype());
  return dispatch_floating(x.dtype(), operation.name(), [&](auto zero) {
    using T = decltype(zero);
    const Tensor y = allocate_tensor(sizes, x.dtype()), at = allocate_tensor(sizes, kLong);
    if (y.numel() > 0)
      launch(operation, kernels::fractional_max_pool<T>, reads(from, numbers), writes(y, at), p, from.data_ptr<T>(), numbers.data_ptr<T>(),
             y.data_ptr<T>(), at.data_ptr<int64_t>());
    return recorded(operation, backward, with("kernel_size", kernel_size, "output_size", output_size), x, Places::positions(axes), y, at);
  });
}

static void check_max_positions(const Operation* operation, const int64_t* positions, int64_t n, int64_t volume, kernels::Constants<int64_t> sizes) {
  for (int64_t i = 0; i < n; ++i)
    XGRAD_CHECK(positions[i] >= 0 && positions[i] < volume, *operation, "Found an invalid max index: ", positions[i], " (output volumes are of size ",
                IntArrayRef(sizes.data, static_cast<size_t>(sizes.size)), ")");
}

Tensor max_unpool(const Operation& operation, const Operation& backward, const Tensor& x, const Tensor& indices, int axes, IntArrayRef output_size) {
  const char* const expected[] = {"two elements (height, width)", "three elements (depth, height, width)"};
  XGRAD_CHECK_AS(TypeError, indices.dtype() == kLong, operation, "elements in indices should be type int64 but got: ", indices.dtype());
  XGRAD_CHECK(output_size.size() == static_cast<size_t>(axes), operation, "There should be exactly ", expected[axes - 2], " in output_size, but got ",
              output_size.size(), " elements.");
  XGRAD_CHECK(x.dim() == axes + 1 || x.dim() == axes + 2, operation, "Input to max_unpooling", axes, "d should be a ", axes + 1, "d or ", axes + 2,
              "d Tensor, but got a tensor with ", x.dim(), " dimensions.");
  XGRAD_CHECK(x.sizes() == indices.sizes(), operation, "Expected shape of indices to be same as that of the input tensor (", x.sizes(),
              ") but got indices tensor with shape: ", indices.sizes());
  for (int64_t i = 1; i < x.dim(); ++i)
    XGRAD_CHECK(x.size(i) > 0, operation, "Expected input to have non-zero size for non-batch dimensions, but got ", x.sizes(), " with dimension ", i,
                " being empty.");
  const Dims sizes = with_last_sizes(x.sizes(), output_size);
  checked_numel(operation.name(), sizes);
  const Tensor at = contiguous_as(indices, kLong);
  launch(operation, check_max_positions, reads(at), writes(), &operation, at.data_ptr<int64_t>(), at.numel(), numel_of(output_size),
         kernels::Constants<int64_t>{output_size.data(), static_cast<int64_t>(output_size.size())});
  Tensor y = moved(operation, x, at, sizes, axes, false, [](auto zero) { return kernels::put_positions<decltype(zero)>; });
  if (axes == 2) y = with_channels_as(x, axes, y);
  return record(Forward(operation, std::move(y)), with("output_size", output_size),
                wrt(x, [at = save(indices), axes, &backward](const Tensor& gy) { return taken_from(backward, gy, at, Places::positions(axes)); }),
                given(indices));
}

}  // namespace

#define XGRAD_MAX_POOL(axes, node)                                                                                                                   \
  Tensor max_pool##axes##d(const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride, IntArrayRef padding, IntArrayRef dilation,               \
                           bool ceil_mode) {                                                                                                         \
    return std::get<0>(max_pool(operation_recorded_as<"max_pool" #axes "d", node "Backward0">, operation<"max_pool" #axes "d_backward">, self, axes, \
                                kernel_size, stride, padding, dilation, ceil_mode, false));                                                          \
  }                                                                                                                                                  \
  Pair max_pool##axes##d_with_indices(const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride, IntArrayRef padding, IntArrayRef dilation,    \
                                      bool ceil_mode) {                                                                                              \
    return max_pool(operation_recorded_as<"max_pool" #axes "d_with_indices", node "Backward0">, operation<"max_pool" #axes "d_backward">, self,      \
                    axes, kernel_size, stride, padding, dilation, ceil_mode, true);                                                                  \
  }
XGRAD_MAX_POOL(1, "MaxPool2DWithIndices")
XGRAD_MAX_POOL(2, "MaxPool2DWithIndices")
XGRAD_MAX_POOL(3, "MaxPool3DWithIndices")
#undef XGRAD_MAX_POOL

#define XGRAD_ADAPTIVE_MAX_POOL(axes)                                                                                                               \
  Pair adaptive_max_pool##axes##d(const Tensor& self, IntArrayRef output_size) {                                                                    \
    return adaptive_max_pool(operation<"adaptive_max_pool" #axes "d">, operation<"adaptive_max_pool" #axes "d_backward">, self, axes, output_size); \
  }
XGRAD_ADAPTIVE_MAX_POOL(1)
XGRAD_ADAPTIVE_MAX_POOL(2)
XGRAD_ADAPTIVE_MAX_POOL(3)
#undef XGRAD_ADAPTIVE_MAX_POOL

#define XGRAD_FRACTIONAL_MAX_POOL(axes)                                                                                                     \
  Pair fractional_max_pool##axes##d(const Tensor& self, IntArrayRef kernel_size, IntArrayRef output_size, const Tensor& random_samples) {   \
    return fractional_max_pool(operation<"fractional_max_pool" #axes "d">, operation<"fractional_max_pool" #axes "d_backward">, self, axes, \
                               kernel_size, output_size, random_samples);                                                                   \
  }
XGRAD_FRACTIONAL_MAX_POOL(2)
XGRAD_FRACTIONAL_MAX_POOL(3)
#undef XGRAD_FRACTIONAL_MAX_POOL

Tensor max_unpool2d(const Tensor& self, const Tensor& indices, IntArrayRef output_size) {
  return max_unpool(operation<"max_unpool2d">, operation<"max_unpool2d_backward">, self, indices, 2, output_size);
}

Tensor max_unpool3d(const Tensor& self, const Tensor& indices, IntArrayRef output_size, IntArrayRef stride, IntArrayRef padding) {
  const Operation& op = operation<"max_unpool3d">;
  XGRAD_CHECK(stride.size() == 3, op, "There should be exactly three elements (depth, height, width) in stride, but got: ", stride.size(),
              " elements.");
  XGRAD_CHECK(padding.size() == 3, op, "There should be exactly three elements (depth, height, width) in padding, but got: ", padding.size(),
              " elements.");
  for (const int64_t s : stride) XGRAD_CHECK(s > 0, op, "strides should be greater than zero, but got stride: ", stride);
  return max_unpool(op, operation<"max_unpool3d_backward">, self, indices, 3, output_size);
}

}}  // namespace torch::xgrad
