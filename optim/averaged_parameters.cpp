#include <xgrad/optim/averaged_parameters.h>

#include <xgrad/autograd/core/step_observer.h>
#include <xgrad/autograd/core/grad_mode.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/io/tensor_list.h>

namespace torch { inline namespace xgrad { namespace optim {

AveragedParameters::AveragedParameters(std::vector<Tensor> parameters, std::optional<double> decay)
    : parameters_(std::move(parameters)), decay_(decay) {
  XGRAD_CHECK_AS(ValueError, !decay || (*decay >= 0 && *decay < 1), "[AveragedParameters] decay must be in [0, 1), got ", decay.value_or(0));
  XGRAD_CHECK_AS(ValueError, !parameters_.empty(), "[AveragedParameters] got an empty parameter list");
  NoGradGuard no_grad;
  for (size_t i = 0; i < parameters_.size(); ++i) {
    XGRAD_CHECK_AS(ValueError, parameters_[i].defined(), "[AveragedParameters] parameter ", i, " is undefined");
    averages_.push_back(parameters_[i].detach().clone());
  }
}

void AveragedParameters::update() {
  xgrad::detail::note_leaving_launches("AveragedParameters");
  XGRAD_CHECK(!swapped_, "[AveragedParameters] update() while the parameters have the averages' values: call swap() first");
  NoGradGuard no_grad;
  const double share = updates_ == 0 ? 1 : decay_ ? 1 - *decay_ : 1 / static_cast<double>(updates_ + 1);
  for (size_t i = 0; i < averages_.size(); ++i) {
    if (share == 1) averages_[i].copy_(parameters_[i]);
    else averages_[i].lerp_(parameters_[i], share);
  }
  ++updates_;
}

void AveragedParameters::swap() {
  XGRAD_CHECK(updates_ > 0, "[AveragedParameters] swap() before the first update()");
  NoGradGuard no_grad;
  for (size_t i = 0; i < averages_.size(); ++i) {
    const Tensor value = parameters_[i].detach().clone();
    parameters_[i].copy_(averages_[i]);
    averages_[i].copy_(value);
  }
  swapped_ = !swapped_;
}

void AveragedParameters::save(serialize::OutputArchive& archive) const {
  XGRAD_CHECK(!swapped_, "[AveragedParameters] save() while the parameters have the averages' values: call swap() first");
  serialize::write_list(archive, "averages", averages_);
  archive.write("updates", IValue(updates_));
}

void AveragedParameters::load(serialize::InputArchive& archive) {
  XGRAD_CHECK(!swapped_, "[AveragedParameters] load() while the parameters have the averages' values: call swap() first");
  IValue updates;
  archive.read("updates", updates);
  const std::vector<Tensor> loaded = serialize::read_list_like(archive, "averages", averages_, "AveragedParameters");
  for (size_t i = 0; i < loaded.size(); ++i) averages_[i].copy_(loaded[i]);
  updates_ = updates.toInt();
}

}}}  // namespace torch::xgrad::optim
