#include <xgrad/autograd/func/differential_operators.h>

#include <xgrad/autograd/func/arguments.h>
#include <xgrad/autograd/func/linearized.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/ops/ops.h>

namespace torch { inline namespace xgrad { namespace func {

namespace {

void check_points(const char* operation, const Tensor& points) {
  XGRAD_CHECK(points.defined() && (points.dim() == 1 || points.dim() == 2), "[", operation, "] points must be of shape [d] or [N, d], got ",
              points.defined() ? detail::concatenate(points.sizes()) : std::string("an undefined tensor"));
}

// One step along axis i of space, for every point.
Tensor direction(const Tensor& points, int64_t i) {
  const StepsOfOne steps;
  Tensor e = zeros({points.size(-1)}, points.dtype());
  e[i].fill_(1);
  return e.expand(points.sizes());
}

const Tensor& vector_field(const char* operation, const Linearized& at) {
  const Tensor& y = at.outputs()[0];
  XGRAD_CHECK(y.defined() && y.sizes() == at.inputs()[0].sizes(), "[", operation, "] a vector field has the shape of its points, ",
              at.inputs()[0].sizes(), ", got ", y.defined() ? y.sizes() : IntArrayRef());
  return y;
}

}  // namespace

Tensor laplacian(const TensorMap& f, const Tensor& points, const Options& options) {
  check_points("laplacian", points);
  const Linearized at(list_map(f), {points}, options);
  std::vector<variable_list> directions;
  for (int64_t i = 0; i < points.size(-1); ++i) directions.push_back({direction(points, i)});
  return at.second_derivative(directions)[0];
}

Tensor divergence(const TensorMap& f, const Tensor& points, const Options& options) {
  check_points("divergence", points);
  const Linearized at(list_map(f), {points}, options);
  vector_field("divergence", at);
  AutoGradMode mode(options.create_graph);
  Tensor sum = zeros(points.sizes().slice(0, static_cast<size_t>(points.dim() - 1)), points.dtype());
  for (int64_t i = 0; i < points.size(-1); ++i) sum = sum + at.jvp({direction(points, i)})[0].select(-1, i);
  return sum;
}

Tensor divergence_estimate(const TensorMap& f, const Tensor& points, int64_t samples, std::optional<Generator> generator, const Options& options) {
  check_points("divergence_estimate", points);
  XGRAD_CHECK_AS(ValueError, samples > 0, "[divergence_estimate] samples must be positive, got ", samples);
  const Linearized at(list_map(f), {points}, options);
  vector_field("divergence_estimate", at);
  AutoGradMode mode(options.create_graph);
  Tensor sum;
  for (int64_t s = 0; s < samples; ++s) {
    const Tensor signs = randint(0, 2, points.sizes(), generator, points.options()) * 2 - 1;
    const Tensor term = (at.vjp({signs})[0] * signs).sum(-1);
    sum = sum.defined() ? sum + term : term;
  }
  return sum / samples;
}

Tensor gradient_norm(const TensorMap& f, const Tensor& points, const Options& options) {
  check_points("gradient_norm", points);
  const Linearized at(list_map(f), {points}, options);
  AutoGradMode mode(options.create_graph);
  const Tensor& y = at.outputs()[0];
  const int64_t rows = points.dim() == 2 ? points.size(0) : 1;
  XGRAD_CHECK(y.defined() && y.numel() == rows, "[gradient_norm] expects one value per row, got shape ", y.defined() ? y.sizes() : IntArrayRef(),
              " for points of shape ", points.sizes());
  return at.vjp({ones_like(y.detach())})[0].norm(2, {-1});
}

}}}  // namespace torch::xgrad::func
