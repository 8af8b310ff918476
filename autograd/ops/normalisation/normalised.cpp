#include <xgrad/autograd/ops/normalisation/normalised.h>

#include <xgrad/autograd/kernels/normalisation/row_norm.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/memory_order.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

// Note: derivatives of all orders
//
// With s the scores (x - mean) r, r the reciprocal root, and means over the n elements that are taken together, the gradient of s for h is
//
//   D(h) = r (h - mean(h) - s mean(h s)),
//
// linear in h and its own adjoint. The gradients of a normalisation for gy are D(gy w), sum(gy s) and sum(gy). What D depends on x by is
// made of the same parts: the gradient of <v, D(h)> by x is
//
//   -r / n (<v, D(h)> s + <h, s> D(v) + <v, s> D(h)).

namespace torch { inline namespace xgrad {

namespace {

kernels::ChannelLayout channels_of(const Normalisation& n) { return {n.samples, n.groups, n.inner}; }
kernels::RowLayout rows_of(const Normalisation& n) { return {n.samples, n.groups, n.channels, n.inner}; }

const void* data_of(const Tensor& t) { return t.defined() ? t.data_ptr() : nullptr; }
double* means_of(const Normalisation& n) { return static_cast<double*>(n.moments.data_ptr()); }
double* scales_of(const Normalisation& n) { return means_of(n) + n.statistics(); }

Tensor row_major(const Tensor& t) { return t.defined() ? contiguous_as(t, t.dtype()) : t; }

// (x - mean) r, of the moments that x has.
Tensor scores(const Normalisation& given, const Tensor& x) {
  Normalisation n = given;
  Tensor value = normalised_value(n, x, {}, {}, 0);
  return record_normalised(n, std::move(value), With<>(), x, {}, {});
}

Tensor slope(const Normalisation& n, const Tensor& h, const Tensor& x) { return normalisation_backward(n, h, x, {}, {true, false, false})[0]; }

// r, as something that broadcasts against n.shape().
Tensor reciprocal_root(const Normalisation& n, const Tensor& x) {
  const Dims shape = {n.across ? 1 : n.samples, n.groups, 1, 1};
  const Tensor value = copy_of(tensor_on(n.moments.storage(), kDouble, shape, {n.across ? 0 : n.groups, 1, 1, 1}, n.statistics()), x.dtype());
  if (n.fixed) return not_differentiable(Forward(*n.operation, value));
  return record(Forward(*n.operation, value), wrt(x, [n, x = save(x)](const Tensor& gy) {
                  const Tensor r = reciprocal_root(n, x);
                  return gy * r * r / static_cast<double>(-n.taken_together()) * scores(n, x);
                }));
}

Tensor sum_together(const Normalisation& n, const Tensor& t) {
  return n.across ? t.sum(OptionalIntArrayRef({0, 2, 3}), true) : t.sum(OptionalIntArrayRef({2, 3}), true);
}

void add_to(Tensor& sum, const Tensor& term) { sum = sum.defined() ? sum + term : term; }

// The derivative of the gradients: v are the gradients of theirs, undefined for zeros.
void differentiate_again(const Normalisation& n, Gradients& s, const std::array<Tensor, 3>& v, const Tensor& gy_, const Tensor& x_,
                         const Tensor& w_) {
  const Dims shape = n.shape();
  const Tensor gy = gy_.reshape(shape), x = x_.reshape(shape);
  const auto of_channels = [&](const Tensor& t) { return t.defined() ? t.reshape({1, n.groups, n.channels, 1}) : t; };
  const Tensor vx = v[0].defined() ? v[0].reshape(shape) : v[0], vw = of_channels(v[1]), vb = of_channels(v[2]), w = of_channels(w_);
  const Tensor slope_v = vx.defined() ? slope(n, vx, x) : Tensor();
  if (s.needs(0)) {
    Tensor g;
    if (vx.defined()) g = w.defined() ? slope_v * w : slope_v;
    if (vw.defined()) add_to(g, vw * scores(n, x));
    if (vb.defined()) add_to(g, vb);
    if (g.defined()) s.gx(0) = g.expand(shape).reshape(gy_.sizes());
  }
  if (s.needs(1)) {
    Tensor g;
    if (vx.defined() && !n.fixed) {
      const Tensor h = w.defined() ? gy * w : gy, slope_h = slope(n, h, x), z = scores(n, x);
      const Tensor sum = sum_together(n, vx * slope_h) * z + sum_together(n, h * z) * slope_v + sum_together(n, vx * z) * slope_h;
      g = sum * (reciprocal_root(n, x) / static_cast<double>(-n.taken_together()));
    }
    if (vw.defined()) add_to(g, slope(n, gy * vw, x));
    if (g.defined()) s.gx(1) = g.reshape(x_.sizes());
  }
  if (s.needs(2) && vx.defined()) s.gx(2) = (gy * slope_v).sum(OptionalIntArrayRef({0, 3})).reshape(w_.sizes());
}

}  // namespace

Tensor in_channel_order_of(const Tensor& input, const Tensor& value) {
  const bool images = input.dim() == 4 || input.dim() == 5;
  return images && has_channels_innermost(input) ? with_channels_innermost(value) : value;
}

void fix_moments(Normalisation& n, const RunningStatistics& running, double eps) {
  const Tensor mean = row_major(running.mean), variance = row_major(running.variance);
  n.fixed = true;
  n.moments = allocate_tensor({2, n.statistics()}, kDouble);
  if (n.statistics() == 0) return;
  launch(*n.operation, kernels::channel_running_moments, reads(mean, variance), writes(n.moments), mean.dtype(), n.groups, mean.data_ptr(),
         variance.data_ptr(), eps, means_of(n), scales_of(n));
}

Tensor normalised_value(Normalisation& n, const Tensor& input, const Tensor& weight, const Tensor& bias, double eps,
                        const RunningStatistics& running) {
  const Tensor x = row_major(input), w = row_major(weight), b = row_major(bias), y = allocate_tensor(x.sizes(), x.dtype());
  const bool moments_known = n.moments.defined();
  if (!moments_known) n.moments = allocate_tensor({2, n.statistics()}, kDouble);
  if (x.numel() == 0) return y;
  if (n.across && !moments_known) {
    const Tensor mean = row_major(running.mean), variance = row_major(running.variance);
    launch(*n.operation, kernels::channel_moments, reads(x, mean, variance), writes(n.moments, mean, variance), x.dtype(), channels_of(n),
           x.data_ptr(), eps, means_of(n), scales_of(n), const_cast<void*>(data_of(mean)), const_cast<void*>(data_of(variance)), running.momentum);
    const auto keep = [](const Tensor& to, const Tensor& now) {
      if (!to.defined()) return;
      if (!to.is_same(now)) copy_elements(to, now);
      to.storage()->bump_version();
    };
    keep(running.mean, mean);
    keep(running.variance, variance);
  }
  if (n.across || moments_known) {
    // Rows whose moments are known are channels of one sample.
    const kernels::ChannelLayout l = n.across ? channels_of(n) : kernels::ChannelLayout{1, n.statistics(), n.taken_together()};
    launch(*n.operation, kernels::channel_norm, reads(x, n.moments, w, b), writes(y), x.dtype(), l, x.data_ptr(), means_of(n), scales_of(n),
           data_of(w), data_of(b), y.data_ptr());
  } else {
    launch(*n.operation, kernels::row_norm, reads(x, w, b), writes(n.moments, y), x.dtype(), rows_of(n), x.data_ptr(), data_of(w), data_of(b), eps,
           means_of(n), scales_of(n), y.data_ptr());
  }
  return y;
}

std::array<Tensor, 3> normalisation_backward(const Normalisation& n, const Tensor& gy, const Tensor& input, const Tensor& weight,
                                             std::array<bool, 3> wanted) {
  const Tensor g = row_major(gy), x = row_major(input), w = row_major(weight);
  std::array<Tensor, 3> gradients;
  const auto allocate = x.numel() == 0 ? allocate_zeros : allocate_tensor;
  if (wanted[0]) gradients[0] = allocate(x.sizes(), x.dtype());
  for (size_t i = 1; i < 3; ++i)
    if (wanted[i]) gradients[i] = allocate(n.weight_shape, x.dtype());
  const kernels::NormGradients to{const_cast<void*>(data_of(gradients[0])), const_cast<void*>(data_of(gradients[1])),
                                  const_cast<void*>(data_of(gradients[2]))};
  if (x.numel() > 0 && n.across)
    launch(*n.operation, kernels::channel_norm_backward, reads(g, x, n.moments, w), writes(gradients[0], gradients[1], gradients[2]), x.dtype(),
           channels_of(n), g.data_ptr(), x.data_ptr(), means_of(n), scales_of(n), data_of(w), n.fixed, to);
  else if (x.numel() > 0)
    launch(*n.operation, kernels::row_norm_backward, reads(g, x, n.moments, w), writes(gradients[0], gradients[1], gradients[2]), x.dtype(),
           rows_of(n), g.data_ptr(), x.data_ptr(), means_of(n), scales_of(n), data_of(w), to);

  std::vector<Forward> outputs;
  for (const Tensor& t : gradients)
    if (t.defined()) outputs.emplace_back(*n.operation, t);
  std::vector<Tensor> recorded =
      record_all(std::move(outputs), wrt_all({gy, input, weight}, [=, gy = save(gy), x = save(input), w = save(weight)](Gradients& s) {
                   std::array<Tensor, 3> v;
                   for (int i = 0, k = 0; i < 3; ++i)
                     if (wanted[static_cast<size_t>(i)]) v[static_cast<size_t>(i)] = s.gy(k++);
                   differentiate_again(n, s, v, gy, x, w);
                 }));
  for (size_t i = 0, k = 0; i < 3; ++i)
    if (wanted[i]) gradients[i] = std::move(recorded[k++]);
  return gradients;
}

}}  // namespace torch::xgrad
