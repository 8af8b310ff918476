#include <xgrad/distributed/parameter_hash.h>

#include <string>
#include <vector>

#include <xgrad/distributed/agreement.h>
#include <xgrad/io/crc32.h>

namespace torch { inline namespace xgrad { namespace distributed {

namespace {

uint32_t hash_of(uint32_t hash, const std::string& name, const Tensor& tensor) {
  const NoGradGuard no_grad;
  const Tensor t = tensor.contiguous();
  const std::string text = xgrad::detail::concatenate(name, " ", t.sizes(), " ", t.dtype());
  hash = io::crc32_of(hash, text.data(), text.size());
  return io::crc32_of(hash, t.data_ptr(), static_cast<size_t>(t.numel()) * elementSize(t.dtype()));
}

template <class F> void for_each_tensor(const nn::Module& module, const F& f) {
  for (const auto& item : module.named_parameters()) f(item.key(), item.value());
  for (const auto& item : module.named_buffers()) f(item.key(), item.value());
}

}  // namespace

uint32_t parameter_hash(const nn::Module& module) {
  uint32_t hash = 0;
  for_each_tensor(module, [&hash](const std::string& name, const Tensor& t) { hash = hash_of(hash, name, t); });
  return hash;
}

void check_same_parameters(const nn::Module& module, const Communicator& communicator) {
  std::vector<std::string> lines;
  for_each_tensor(module, [&lines](const std::string& name, const Tensor& t) {
    lines.push_back(xgrad::detail::concatenate(name, " with hash ", hash_of(0, name, t)));
  });
  check_same_lines("check_same_parameters", "tensor", lines, communicator);
}
void check_same_parameters(const nn::Module& module) { check_same_parameters(module, world()); }

}}}  // namespace torch::xgrad::distributed
