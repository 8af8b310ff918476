// An optimizer whose state is spread over ranks (ZeRO, stage 1: Rajbhandari et al. 2020).
#pragma once

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include <xgrad/distributed/session.h>
#include <xgrad/optim/optim.h>

namespace torch { inline namespace xgrad { namespace distributed {

/// True iff an optimizer changes each element of a parameter by its own gradient and state alone, whatever the others are.
template <class Optimizer> inline constexpr bool updates_by_element = false;
#define XGRAD_UPDATES_BY_ELEMENT(Optimizer) template <> inline constexpr bool updates_by_element<optim::Optimizer> = true
XGRAD_UPDATES_BY_ELEMENT(SGD);
XGRAD_UPDATES_BY_ELEMENT(Adadelta);
XGRAD_UPDATES_BY_ELEMENT(Adagrad);
XGRAD_UPDATES_BY_ELEMENT(Adam);
XGRAD_UPDATES_BY_ELEMENT(AdamW);
XGRAD_UPDATES_BY_ELEMENT(Adamax);
XGRAD_UPDATES_BY_ELEMENT(ASGD);
XGRAD_UPDATES_BY_ELEMENT(Lion);
XGRAD_UPDATES_BY_ELEMENT(NAdam);
XGRAD_UPDATES_BY_ELEMENT(RAdam);
XGRAD_UPDATES_BY_ELEMENT(RMSprop);
XGRAD_UPDATES_BY_ELEMENT(Rprop);
#undef XGRAD_UPDATES_BY_ELEMENT

/// What ZeroRedundancyOptimizer does whatever the optimizer is.
class XGRAD_API ShardedOptimizer : public optim::Optimizer {
 public:
  ~ShardedOptimizer() override;

  /// Every rank must call it. Parameters must have the same gradients on all, as after DistributedDataParallel's backward. The first call, and
  /// the first after parameters were added, throws on all ranks where these differ in order, shape or value.
  Tensor step(LossClosure closure = nullptr) override;

  /// Brings the whole state to rank `to`, where save() writes it then; every rank must call it. The next step drops it.
  void consolidate_state(int to = 0);
  /// What the optimizer itself would write: it can be loaded by that, and by this on any number of ranks. Throws on a rank that has not the
  /// whole state.
  void save(serialize::OutputArchive& archive) const override;
  /// Takes this rank's part of the state; every rank must load the same archive.
  void load(serialize::InputArchive& archive) override;

  /// How many elements of parameters this rank has the state of.
  int64_t own_elements() const;

 protected:
  /// The optimizer of this rank's part.
  struct Part {
    std::unique_ptr<optim::Optimizer> optimizer;
    std::function<std::unique_ptr<optim::OptimizerParamState>()> new_state;
  };
  using MakePart = std::function<Part(std::vector<optim::OptimizerParamGroup>)>;

  ShardedOptimizer(std::vector<optim::OptimizerParamGroup> param_groups, std::unique_ptr<optim::OptimizerOptions> defaults, MakePart make,
                   bool by_element, const Communicator& communicator);
  std::unique_ptr<optim::OptimizerParamState> new_state() const override;

 private:
  /// A stretch of the elements of a parameter, and the rank that has its state.
  struct Piece {
    size_t parameter, group;
    int rank;
    int64_t begin, count;
    Tensor elements;  // on its rank: a leaf on the parameter's memory
  };

  /// `count` elements of a contiguous tensor, from `begin` on.
  static Tensor stretch(const Tensor& of, int64_t begin, int64_t count);
  void take_new_parameters();
  void divide_by_element(size_t first);
  void divide_by_parameter(size_t first);
  void fill_part();
  void check_same_parameters() const;
  void point_at_parameters();
  void share_parameters();
  const std::vector<Piece>& pieces_of(int rank) const { return pieces_[static_cast<size_t>(rank)]; }
  Part part_for(int rank, std::vector<Tensor>& elements, bool own) const;

  MakePart make_;
  Communicator communicator_;
  bool by_element_;
  std::vector<Tensor> parameters_;          // of all groups
  std::vector<size_t> groups_;              // of each
  std::vector<std::vector<Piece>> pieces_;  // by rank, in the order of the parameters
  Part part_;
  std::vector<size_t> part_groups_;  // which group here each of its groups is
  std::vector<char> exchanged_;      // the parameters on their way
  bool has_whole_state_ = true;      // as long as there is none
  bool is_checked_ = false;          // whether parameters are the same on all ranks
};

/// Each rank keeps the state of 1/N of the parameters' elements, updates these, and gets the others from their ranks. The parameters have the
/// bits that `Base` itself would give. Options are those of the groups here, at each step: learning-rate schedulers work on this as on
/// any optimizer.
///
///     torch::distributed::ZeroRedundancyOptimizer<torch::optim::Adam> optimizer(net->parameters(), torch::optim::AdamOptions(1e-3));
///
/// Optimizers that look at whole parameters (LAMB, Adafactor, Muon) are spread by whole parameters, the largest first to the rank that has
/// least, so that a large one makes parts uneven. Parameters must be contiguous. Those that are added later, by all ranks alike, are spread for
/// themselves; what there was stays where it is.
template <class Base> class ZeroRedundancyOptimizer final : public ShardedOptimizer {
  static_assert(!std::is_same_v<Base, optim::LBFGS> && !std::is_same_v<Base, optim::SparseAdam>, "its state is not of single parameters");

 public:
  template <class Options>
  ZeroRedundancyOptimizer(std::vector<Tensor> parameters, Options defaults, const Communicator& communicator = world())
      : ZeroRedundancyOptimizer(std::vector<optim::OptimizerParamGroup>{optim::OptimizerParamGroup(std::move(parameters))}, std::move(defaults),
                                communicator) {}
  template <class Options>
  ZeroRedundancyOptimizer(std::vector<optim::OptimizerParamGroup> param_groups, Options defaults, const Communicator& communicator = world())
      : ShardedOptimizer(
            std::move(param_groups), std::make_unique<Options>(defaults),
            [defaults](std::vector<optim::OptimizerParamGroup> groups) {
              auto made = std::make_unique<OfPart>(std::move(groups), defaults);
              const OfPart& part = *made;
              return Part{std::move(made), [&part] { return part.new_state(); }};
            },
            updates_by_element<Base>, communicator) {}

 private:
  struct OfPart final : Base {
    using Base::Base;
    using Base::new_state;
  };
};

}}}  // namespace torch::xgrad::distributed
