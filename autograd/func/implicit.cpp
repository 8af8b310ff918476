#include <xgrad/autograd/func/implicit.h>

#include <xgrad/autograd/func/gmres.h>
#include <xgrad/autograd/func/vjp.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/ops/creation/creation.h>

namespace torch { inline namespace xgrad { namespace func {

namespace {

// Tensors kept for a derivative.
class SavedList {
 public:
  explicit SavedList(const variable_list& tensors) {
    saved_.reserve(tensors.size());
    for (const Tensor& t : tensors) saved_.emplace_back(SavedTensor(t));
  }
  variable_list get() const {
    variable_list tensors;
    for (const SavedTensor& t : saved_) tensors.push_back(t.get());
    return tensors;
  }

 private:
  std::vector<SavedTensor> saved_;
};

double tolerance_of(const SolverOptions& options, const Tensor& t) {
  return options.tolerance > 0 ? options.tolerance : t.dtype() == kDouble ? 1e-12 : 1e-6;
}

void check_parameters(const char* operation, const Tensor& first, const variable_list& parameters) {
  XGRAD_CHECK_AS(TypeError, first.defined() && first.is_floating_point(), "[", operation, "] expects floating tensors");
  for (size_t i = 0; i < parameters.size(); ++i)
    XGRAD_CHECK_AS(TypeError, parameters[i].defined() && parameters[i].is_floating_point(), "[", operation,
                   "] parameters must be floating, parameter ", i, " is ",
                   parameters[i].defined() ? parameters[i].toString() : std::string("undefined"));
}

Options as_sweep() { return {GradMode::is_enabled(), false}; }

// The gradients of the parameters, for g of map(at, parameters).
void differentiate_parameters(Gradients& g, int first, const ParametrisedMap& map, const Tensor& at, const variable_list& parameters,
                              const Tensor& gy) {
  bool any = false;
  for (size_t i = 0; i < parameters.size(); ++i) any |= g.needs(first + static_cast<int>(i));
  if (!any) return;
  const auto of_parameters = [&](const variable_list& p) { return variable_list{map(at, p)}; };
  const variable_list gp = vjp(of_parameters, parameters, {gy}, as_sweep()).second;
  for (size_t i = 0; i < gp.size(); ++i)
    if (g.needs(first + static_cast<int>(i))) g.gx(first + static_cast<int>(i)) = gp[i];
}

variable_list joined(const Tensor& first, const variable_list& others) {
  variable_list all{first};
  all.insert(all.end(), others.begin(), others.end());
  return all;
}

}  // namespace

Tensor solve_linear(const ParametrisedMap& apply, const Tensor& b, const variable_list& parameters, const SolverOptions& options) {
  check_parameters("solve_linear", b, parameters);
  Tensor w;
  {
    const StepsOfOne steps;
    const variable_list constants = stop_gradient(parameters);
    w = gmres(
        "solve_linear", [&](const Tensor& v) { return apply(v, constants); }, b.detach(), tolerance_of(options, b), options.max_iterations);
  }
  return record(Forward(operation<"solve_linear">, w),
                wrt_all(joined(b, parameters), [=, saved = SavedList(parameters)](Gradients& g, const std::vector<Tensor>& ys) {
                  const variable_list p = saved.get();
                  const ParametrisedMap transposed = [apply](const Tensor& u, const variable_list& p) {
                    return vjp([&](const Tensor& v) { return apply(v, p); }, zeros_like(u.detach()), u, as_sweep()).second;
                  };
                  const Tensor gb = solve_linear(transposed, g.gy(), p, options);
                  if (g.needs(0)) g.gx(0) = gb;
                  differentiate_parameters(g, 1, apply, ys[0], p, -gb);
                }));
}

Tensor fixed_point(const ParametrisedMap& f, const Tensor& start, const variable_list& parameters, const SolverOptions& options) {
  check_parameters("fixed_point", start, parameters);
  Tensor z = start.detach();
  {
    const StepsOfOne steps;
    const variable_list constants = stop_gradient(parameters);
    const double tolerance = tolerance_of(options, start);
    for (int64_t k = 0;; ++k) {
      XGRAD_CHECK_AS(LinAlgError, k < options.max_iterations, "[fixed_point] no fixed point after ", k, " iterations");
      const Tensor next = f(z, constants);
      XGRAD_CHECK(next.sizes() == z.sizes(), "[fixed_point] the function must keep the shape ", z.sizes(), ", got ", next.sizes());
      const double step = (next - z).norm().item<double>(), size = next.norm().item<double>();
      z = next;
      if (step <= tolerance * size) break;
    }
    if (z.is_alias_of(start)) z = z.clone();
  }
  return record(Forward(operation<"fixed_point">, z),
                wrt_all(parameters, [=, saved = SavedList(parameters)](Gradients& g, const std::vector<Tensor>& ys) {
                  const variable_list p = saved.get();
                  // I - (df/dz)^T as a function of z and the parameters, by both of which the solution is differentiated again.
                  const ParametrisedMap residual = [f](const Tensor& u, const variable_list& z_and_parameters) {
                    const variable_list p(z_and_parameters.begin() + 1, z_and_parameters.end());
                    return u - vjp([&](const Tensor& z) { return f(z, p); }, z_and_parameters[0], u, as_sweep()).second;
                  };
                  const Tensor w = solve_linear(residual, g.gy(), joined(ys[0], p), options);
                  differentiate_parameters(g, 0, f, ys[0], p, w);
                }));
}

}}}  // namespace torch::xgrad::func
