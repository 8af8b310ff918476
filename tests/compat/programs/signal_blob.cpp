// Measurements from plain memory: from_blob with a deleter, accessors, options, indexing as in Python, and back to a std::vector.
#include <torch/torch.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <vector>

using namespace torch::indexing;

struct Recording {
  std::vector<int16_t> samples;
  int channels;
};

static Recording record(int frames, int channels) {
  Recording r{{}, channels};
  for (int i = 0; i < frames * channels; ++i) r.samples.push_back(static_cast<int16_t>((i * 37) % 101 - 50));
  return r;
}

// Takes the recording over: it lives as long as the tensor.
static torch::Tensor to_tensor(std::unique_ptr<Recording> recording, int* freed) {
  auto* owner = recording.release();
  const int64_t channels = owner->channels, frames = static_cast<int64_t>(owner->samples.size()) / channels;
  return torch::from_blob(
      owner->samples.data(), {frames, channels},
      [owner, freed](void* data) {
        *freed += data == owner->samples.data();
        delete owner;
      },
      torch::TensorOptions().dtype(torch::kInt16));
}

template <typename T> static T trace_of(torch::TensorAccessor<T, 2> a) {
  T sum = 0;
  for (int64_t i = 0; i < std::min(a.size(0), a.size(1)); ++i) sum += a[i][i];
  return sum;
}

static float packed_sum(torch::PackedTensorAccessor32<float, 2> a) {
  float sum = 0;
  for (int32_t i = 0; i < a.size(0); ++i)
    for (int32_t j = 0; j < a.size(1); ++j) sum += a[i][j] * (i % 2 ? -1.f : 1.f);
  return sum;
}

static void describe(const torch::TensorOptions& options) {
  std::cout << options.dtype() << " " << options.device() << " " << options.layout() << " " << options.requires_grad() << " "
            << options.pinned_memory() << " " << options.has_dtype() << options.has_device() << options.has_layout() << options.has_requires_grad()
            << "\n";
}

int main() {
  int freed = 0;
  {
    auto raw = to_tensor(std::make_unique<Recording>(record(6, 4)), &freed);
    std::cout << raw.sizes() << raw.strides() << " " << raw.dtype() << " " << raw.element_size() << " " << raw.nbytes() << " " << raw.is_contiguous()
              << "\n";
    auto left = raw.index({Slice(), 0});
    raw = torch::Tensor();
    std::cout << "freed " << freed << ", left " << left.to(torch::kInt).sum().item<int>() << "\n";
  }
  std::cout << "freed " << freed << "\n";

  float table[3][4];
  for (int i = 0; i < 12; ++i) table[i / 4][i % 4] = static_cast<float>(i);
  auto t = torch::from_blob(table, {3, 4});
  t[1][2] = 60;
  t.index_put_({0, Slice(1, 3)}, torch::tensor({-1.f, -2.f}));
  std::cout << table[1][2] << " " << table[0][1] << table[0][2] << "\n";
  auto transposed = torch::from_blob(table, {4, 3}, /*strides=*/{1, 4}, torch::kFloat);
  std::cout << transposed.is_contiguous() << torch::equal(transposed, t.t()) << " " << trace_of<float>(t.accessor<float, 2>()) << " "
            << trace_of<float>(transposed.accessor<float, 2>()) << " " << packed_sum(t.packed_accessor32<float, 2>()) << " "
            << t.packed_accessor64<float, 2>().stride(0) << "\n";

  auto options = torch::TensorOptions().dtype(torch::kFloat64).layout(torch::kStrided).device(torch::kCPU).requires_grad(true);
  describe(options);
  describe(torch::dtype(torch::kInt32).device(torch::kCPU));
  describe(torch::requires_grad().dtype(torch::kFloat16));
  describe(torch::TensorOptions(torch::kLong));
  describe(t.options());
  std::cout << options << "\n" << torch::device({torch::kCPU, 0}).device().has_index() << " " << torch::typeMetaToScalarType(options.dtype()) << "\n";
  auto like = torch::ones_like(t, torch::dtype(torch::kBool));
  std::cout << like.dtype() << " " << torch::zeros(2, t.options().dtype(torch::kByte)).dtype() << " " << t.new_full({2}, 3, torch::kLong).dtype()
            << " " << torch::elementSize(torch::kDouble) << " " << torch::toString(torch::kBFloat16) << " " << torch::isFloatingType(torch::kHalf)
            << torch::isIntegralType(torch::kBool, /*includeBool=*/false) << " " << (t.scalar_type() == torch::kF32) << " "
            << torch::promote_types(torch::kInt, torch::kHalf) << "\n";

  auto x = torch::arange(2 * 3 * 4).view({2, 3, 4});
  std::cout << x.index({"...", 0}) << "\n" << x.index({Ellipsis, Slice(None, None, 2), 1}).sizes() << x.index({None, 1}).sizes() << "\n";
  std::cout << x.index({torch::tensor({1, 0}), Slice(1), torch::tensor({3, 2})}) << "\n";
  std::cout << x.index({x > 20}) << "\n" << x.index({true, 0, 0}).sizes() << x.index({Slice(), false}).sizes() << "\n";
  x.index_put_({0, Slice(None, 2), Slice(-2)}, -1);
  x.index_put_({x.remainder(5).eq(0)}, 100);
  std::cout << x.sum().item<int64_t>() << " " << x.select(0, -1).narrow(1, 1, 2).sum().item<int64_t>() << "\n";
  std::cout << TensorIndex(Slice(1, None, 2)) << " " << TensorIndex(None) << " " << TensorIndex("...") << " " << TensorIndex(7) << "\n";

  auto doubles = torch::linspace(0, 1, 5, torch::kDouble);
  std::vector<double> back(doubles.data_ptr<double>(), doubles.data_ptr<double>() + doubles.numel());
  std::vector<int64_t> shape = t.sizes().vec();
  std::cout << back.size() << " " << back[3] << " " << shape.size() << " " << torch::tensor(at::ArrayRef<double>(back)).sum().item<double>() << "\n";
  for (auto f : {+[](torch::Tensor& v) { v.data_ptr<float>(); }, +[](torch::Tensor& v) { v.accessor<double, 2>(); }, +[](torch::Tensor& v) { v[9]; },
                 +[](torch::Tensor& v) {
                   v.index({Slice(), 0, 0});
                 }}) {
    try {
      auto v = doubles;
      f(v);
      std::cout << "fine\n";
    } catch (const c10::IndexError&) {
      std::cout << "IndexError\n";
    } catch (const c10::Error&) {
      std::cout << "Error\n";
    }
  }
}
