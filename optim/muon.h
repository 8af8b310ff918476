// Muon: momentum, orthogonalised.
#pragma once

#include <optional>
#include <string>

#include <xgrad/optim/optimizer.h>

namespace torch { inline namespace xgrad { namespace optim {

/// lr, momentum, weight_decay and eps may not be negative; ns_steps: iterations, below 100. adjust_lr_fn: "original", the rate times
/// sqrt(max(1, rows / columns)), or "match_rms_adamw", times 0.2 * sqrt(max(rows, columns)), which suits a rate and decay found for AdamW.
class XGRAD_API MuonOptions : public OptimizerCloneableOptions<MuonOptions> {
 public:
  MuonOptions() = default;
  MuonOptions(double lr) { lr_.state(lr); }
  void check() const override;

  XGRAD_OPTIMIZER_OPTIONS(MuonOptions, (double, lr, 1e-3), (double, weight_decay, 0.1), (double, momentum, 0.95), (bool, nesterov, true),
                          (double, eps, 1e-7), (int64_t, ns_steps, 5), (std::optional<std::string>, adjust_lr_fn, std::nullopt),
                          (bool, maximize, false))
};

class XGRAD_API MuonParamState : public OptimizerCloneableParamState<MuonParamState> {
  XGRAD_OPTIMIZER_STATE(MuonParamState, (Tensor, momentum_buffer, ))
};

/// torch.optim.Muon of Python, for the matrices of hidden layers; give biases, embeddings and the last layer to AdamW. b = momentum * b +
/// (1 - momentum) * g, with nesterov the same mean of g and b in b's place; U V' of its singular value decomposition U S V' roughly, by ns_steps
/// Newton-Schulz iterations X = a X + (b X X' + c (X X')^2) X with (a, b, c) = (3.4445, -4.775, 2.0315), from X = b / |b|: singular values end
/// between 0.7 and 1.2. p = p * (1 - lr * weight_decay) - adjusted lr * X. (Jordan 2024, "Muon: an optimizer for hidden layers in neural
/// networks"; adjusted rates: Liu et al. 2025, arXiv:2502.16982.) Products are computed in the parameter's dtype, where Python's uses bfloat16.
/// step() throws for a parameter that is no matrix.
class XGRAD_API Muon : public Optimizer {
  XGRAD_DECLARE_OPTIMIZER(Muon, = {})
};

}}}  // namespace torch::xgrad::optim
