// L-BFGS.
#pragma once

#include <deque>
#include <optional>
#include <string>

#include <xgrad/optim/optimizer.h>

namespace torch { inline namespace xgrad { namespace optim {

/// None of the numbers may be negative, history_size at least 1. max_eval: 5 / 4 of max_iter unless given. line_search_fn: none, or
/// "strong_wolfe".
class XGRAD_API LBFGSOptions : public OptimizerCloneableOptions<LBFGSOptions> {
 public:
  using max_eval_t = std::optional<int64_t>;
  using line_search_fn_t = std::optional<std::string>;
  LBFGSOptions(double lr = 1) { lr_.state(lr); }
  void check() const override;

  XGRAD_OPTIMIZER_OPTIONS(LBFGSOptions, (double, lr, 1), (int64_t, max_iter, 20), (max_eval_t, max_eval, std::nullopt),
                          (double, tolerance_grad, 1e-7), (double, tolerance_change, 1e-9), (int64_t, history_size, 100),
                          (line_search_fn_t, line_search_fn, std::nullopt))
};

/// That of the whole optimizer, kept under its first parameter. Flat: the elements of all parameters, one after the other.
class XGRAD_API LBFGSParamState : public OptimizerCloneableParamState<LBFGSParamState> {
 public:
  using history_t = std::deque<Tensor>;
  /// How much of each of old_dirs the last direction was made of, from the oldest on, 0-d; nothing before there was any. Each step computes
  /// them anew: they are not saved, and can't be set.
  std::optional<std::vector<Tensor>> al() const;
  std::vector<std::string> misfits(const Tensor& parameter) override;

  XGRAD_OPTIMIZER_STATE(LBFGSParamState, (int64_t, func_evals, 0), (int64_t, n_iter, 0), (double, t, 0), (double, prev_loss, 0), (Tensor, d, ),
                        (Tensor, H_diag, ), (Tensor, prev_flat_grad, ), (history_t, old_dirs, ), (history_t, old_stps, ), (history_t, ro, ))

 private:
  friend class LBFGS;

  std::vector<double> al_;
};

/// A quasi-Newton method: the direction is the gradient times an approximation of the Hessian's inverse that the last history_size changes
/// of gradient and parameters give. (Nocedal 1980, "Updating quasi-Newton matrices with limited storage", in PyTorch's form.)
///
/// One step() makes up to max_iter iterations, and ends sooner where max_eval calls of the closure are used up, no gradient is above
/// tolerance_grad, or loss or parameters change by less than tolerance_change. Without a line search the step is lr (in the first iteration
/// divided by the gradient's sum of magnitudes if that is above 1). Parameters without a gradient count as having one of zeros.
///
/// All parameters are one group and of one dtype; constructors throw otherwise.
class XGRAD_API LBFGS : public Optimizer {
 public:
  explicit LBFGS(std::vector<OptimizerParamGroup> param_groups, LBFGSOptions defaults = {});
  explicit LBFGS(std::vector<Tensor> params, LBFGSOptions defaults = {});
  /// `closure` is called several times; it must compute the loss anew, zeroing the gradients first. Returns its first value; throws without
  /// one. An exception of the closure leaves the parameters where the last finished iteration put them.
  Tensor step(LossClosure closure) override;

 protected:
  std::unique_ptr<OptimizerParamState> new_state() const override;
  /// The lengths are those of all parameters together.
  std::vector<std::string> misfits(OptimizerParamState& state, const Tensor& parameter) const override;
  bool takes_sparse_gradients() const override { return true; }

 private:
  struct Iteration;
};

}  // namespace optim
}}  // namespace torch::xgrad
