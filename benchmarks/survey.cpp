// One call each of many operations, to see where either library is slow. Compiled against libtorch and against xgrad.
#include <torch/torch.h>

#include "workload.h"

namespace benchmarks { namespace {

using torch::Tensor;

struct Operation {
  const char* name;
  Tensor (*call)(const Tensor& a);
};

const Operation kOperations[] = {
    {"a+a", [](const Tensor& a) { return a + a; }},
    {"a/3", [](const Tensor& a) { return a / 3; }},
    {"a*a+a", [](const Tensor& a) { return a * a + a; }},
    {"a+row", [](const Tensor& a) { return a + a[0]; }},
    {"a+column", [](const Tensor& a) { return a + a.slice(1, 0, 1); }},
    {"a>0", [](const Tensor& a) { return a > 0; }},
    {"where", [](const Tensor& a) { return torch::where(a > 0, a, -a); }},
    {"masked_fill", [](const Tensor& a) { return a.masked_fill(a > 0, 0); }},
    {"clamp", [](const Tensor& a) { return a.clamp(-1, 1); }},
    {"relu", [](const Tensor& a) { return torch::relu(a); }},
    {"abs", [](const Tensor& a) { return a.abs(); }},
    {"round", [](const Tensor& a) { return a.round(); }},
    {"floor", [](const Tensor& a) { return a.floor(); }},
    {"sqrt", [](const Tensor& a) { return a.abs().sqrt(); }},
    {"pow(3)", [](const Tensor& a) { return a.pow(3); }},
    {"pow(2.5)", [](const Tensor& a) { return a.abs().pow(2.5); }},
    {"exp", [](const Tensor& a) { return a.exp(); }},
    {"log", [](const Tensor& a) { return a.abs().log(); }},
    {"tanh", [](const Tensor& a) { return a.tanh(); }},
    {"sigmoid", [](const Tensor& a) { return a.sigmoid(); }},
    {"erf", [](const Tensor& a) { return a.erf(); }},
    {"gelu", [](const Tensor& a) { return torch::gelu(a); }},
    {"sin", [](const Tensor& a) { return a.sin(); }},
    {"cos", [](const Tensor& a) { return a.cos(); }},
    {"atan2", [](const Tensor& a) { return torch::atan2(a, a + 1); }},
    {"sum(0)", [](const Tensor& a) { return a.sum(0); }},
    {"sum(1)", [](const Tensor& a) { return a.sum(1); }},
    {"mean", [](const Tensor& a) { return a.mean(); }},
    {"prod(1)", [](const Tensor& a) { return (a * 0.1 + 1).prod(1); }},
    {"amax(0)", [](const Tensor& a) { return a.amax(0); }},
    {"amax(1)", [](const Tensor& a) { return a.amax(1); }},
    {"max(1)", [](const Tensor& a) { return std::get<1>(a.max(1)); }},
    {"argmax(0)", [](const Tensor& a) { return a.argmax(0); }},
    {"argmax(1)", [](const Tensor& a) { return a.argmax(1); }},
    {"var(0)", [](const Tensor& a) { return a.var(0); }},
    {"var(1)", [](const Tensor& a) { return a.var(1); }},
    {"norm(1)", [](const Tensor& a) { return a.norm(2, {1}); }},
    {"logsumexp(1)", [](const Tensor& a) { return a.logsumexp(1); }},
    {"softmax(0)", [](const Tensor& a) { return a.softmax(0); }},
    {"softmax(1)", [](const Tensor& a) { return a.softmax(1); }},
    {"log_softmax(1)", [](const Tensor& a) { return a.log_softmax(1); }},
    {"cumsum(0)", [](const Tensor& a) { return a.cumsum(0); }},
    {"cumsum(1)", [](const Tensor& a) { return a.cumsum(1); }},
    {"sort(1)", [](const Tensor& a) { return std::get<0>(a.sort(1)); }},
    {"topk(3)", [](const Tensor& a) { return std::get<0>(a.topk(3, 1)); }},
    {"clone", [](const Tensor& a) { return a.clone(); }},
    {"t().contiguous()", [](const Tensor& a) { return a.t().contiguous(); }},
    {"cat(1)",
     [](const Tensor& a) {
       return torch::cat({a, a}, 1);
     }},
    {"stack",
     [](const Tensor& a) {
       return torch::stack({a, a});
     }},
    {"repeat(1,2)",
     [](const Tensor& a) {
       return a.repeat({1, 2});
     }},
    {"roll(1)", [](const Tensor& a) { return a.roll(1, 1); }},
    {"flip(1)", [](const Tensor& a) { return a.flip({1}); }},
    {"tril", [](const Tensor& a) { return a.tril(); }},
    {"index_select", [](const Tensor& a) { return a.index_select(0, torch::arange(0, a.size(0), 2)); }},
    {"gather",
     [](const Tensor& a) {
       return a.gather(1, torch::zeros({a.size(0), 1}, torch::kLong));
     }},
    {"to(double)", [](const Tensor& a) { return a.to(torch::kFloat).to(torch::kDouble); }},
    {"isnan().any()", [](const Tensor& a) { return a.isnan().any(); }},
    {"dot", [](const Tensor& a) { return a.reshape({-1}).dot(a.reshape({-1})); }},
    {"mv", [](const Tensor& a) { return a.mv(a[0]); }},
    {"a@a.t()", [](const Tensor& a) { return a.slice(0, 0, 100).mm(a.slice(0, 0, 100).t()); }},
    {"rand_like", [](const Tensor& a) { return torch::rand_like(a); }},
    {"randn_like", [](const Tensor& a) { return torch::randn_like(a); }},
    {"dropout", [](const Tensor& a) { return torch::dropout(a, 0.5, true); }},
};

struct Call : Workload {
  Call(const Operation& operation, torch::ScalarType dtype, int64_t rows, int64_t columns) : operation(operation) {
    torch::NoGradGuard guard;
    torch::manual_seed(1);
    a = torch::randn({rows, columns}, dtype);
  }
  void run(int64_t repetitions) override {
    torch::NoGradGuard guard;
    for (int64_t r = 0; r < repetitions; ++r) result = operation.call(a);
  }
  std::vector<double> outcome() override {
    torch::manual_seed(2);
    run(1);
    const Tensor values = result.to(torch::kFloat).contiguous();
    std::vector<double> out;
    digest(values.data_ptr<float>(), values.numel(), out);
    return out;
  }

  const Operation& operation;
  Tensor a, result;
};

const bool added = [] {
  const std::pair<const char*, torch::ScalarType> dtypes[] = {{"float", torch::kFloat}, {"double", torch::kDouble}};
  const std::pair<int64_t, int64_t> shapes[] = {{30, 30}, {100000, 10}, {10000, 100}, {1000, 1000}};
  for (const Operation& operation : kOperations)
    for (const auto& [dtype_name, dtype] : dtypes)
      for (const auto& [rows, columns] : shapes) {
        const std::string name =
            std::string("survey/") + operation.name + "/" + dtype_name + "/" + std::to_string(rows) + "x" + std::to_string(columns);
        workloads()[name] = [&operation, dtype = dtype, rows = rows, columns = columns] {
          return std::make_unique<Call>(operation, dtype, rows, columns);
        };
      }
  return true;
}();

}  // namespace
}  // namespace benchmarks
