#include <xgrad/autograd/tensor/generator.h>

#include <random>

#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>

namespace torch { inline namespace xgrad {

GeneratorImpl& Generator::impl() const {
  XGRAD_CHECK(impl_, "[Generator] Generator with undefined implementation is not allowed");
  return *impl_;
}

void Generator::set_current_seed(uint64_t seed) {
  const std::lock_guard lock(mutex());
  impl_->set_current_seed(seed);
}

uint64_t Generator::current_seed() const {
  const std::lock_guard lock(mutex());
  return impl_->current_seed();
}

uint64_t Generator::seed() {
  std::random_device entropy;
  const uint64_t value = (static_cast<uint64_t>(entropy()) << 32 | entropy()) & ((uint64_t{1} << 53) - 1);
  set_current_seed(value);
  return value;
}

Generator Generator::clone() const {
  unsigned char bytes[GeneratorImpl::kStateBytes];
  const std::lock_guard lock(mutex());
  impl_->save_state(bytes);
  auto copy = std::make_shared<GeneratorImpl>();
  copy->restore_state(bytes);
  return Generator(std::move(copy));
}

Tensor Generator::get_state() const {
  Tensor state = allocate_tensor({GeneratorImpl::kStateBytes}, kByte);
  const std::lock_guard lock(mutex());
  impl_->save_state(static_cast<unsigned char*>(state.data_ptr()));
  return state;
}

void Generator::set_state(const Tensor& state) {
  XGRAD_CHECK_AS(TypeError, state.defined() && state.dtype() == kByte, "[set_state] RNG state must be a torch.ByteTensor");
  XGRAD_CHECK(state.numel() == static_cast<int64_t>(GeneratorImpl::kStateBytes), "[set_state] Expected a CPUGeneratorImplState of size ",
              GeneratorImpl::kStateBytes, " but found the input RNG state size to be ", state.numel());
  const Tensor bytes = contiguous_as(state, kByte);
  const std::lock_guard lock(mutex());
  XGRAD_CHECK(impl_->restore_state(static_cast<const unsigned char*>(bytes.data_ptr())), "[set_state] Invalid mt19937 state");
}

namespace detail {

Generator createCPUGenerator(uint64_t seed) { return make_generator<GeneratorImpl>(seed); }

const Generator& getDefaultCPUGenerator() {
  // Never destroyed: static objects of the program may draw until the end.
  static const Generator* const generator = new Generator(createCPUGenerator());
  return *generator;
}

GeneratorImpl& generator_or_default(const std::optional<Generator>& generator) {
  return generator && generator->defined() ? generator->impl() : getDefaultCPUGenerator().impl();
}

}  // namespace detail

Generator manual_seed(uint64_t seed) {
  Generator generator = detail::getDefaultCPUGenerator();
  generator.set_current_seed(seed);
  return generator;
}

}}  // namespace torch::xgrad
