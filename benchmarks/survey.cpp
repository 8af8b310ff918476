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
    {"lgamma", [](const Tensor& a) { return a.lgamma(); }},
    {"digamma", [](const Tensor& a) { return a.digamma(); }},
    {"erfinv", [](const Tensor& a) { return (a * 0.1).erfinv(); }},
    {"logit", [](const Tensor& a) { return a.logit(0.01); }},
    {"nan_to_num", [](const Tensor& a) { return a.nan_to_num(); }},
    {"copysign", [](const Tensor& a) { return torch::copysign(a, a + 1); }},
    {"hypot", [](const Tensor& a) { return torch::hypot(a, a); }},
    {"xlogy", [](const Tensor& a) { return torch::xlogy(a, a.abs()); }},
    {"logaddexp", [](const Tensor& a) { return torch::logaddexp(a, a); }},
    {"lerp", [](const Tensor& a) { return torch::lerp(a, a, 0.3); }},
    {"addcmul", [](const Tensor& a) { return torch::addcmul(a, a, a); }},
    {"heaviside", [](const Tensor& a) { return torch::heaviside(a, a); }},
    {"remainder", [](const Tensor& a) { return a.remainder(0.7); }},
    {"median(1)", [](const Tensor& a) { return std::get<0>(a.median(1)); }},
    {"kthvalue(1)", [](const Tensor& a) { return std::get<0>(a.kthvalue(3, 1)); }},
    {"quantile(1)", [](const Tensor& a) { return a.quantile(0.3, 1); }},
    {"nansum(1)", [](const Tensor& a) { return a.nansum(1); }},
    {"count_nonzero(1)", [](const Tensor& a) { return a.count_nonzero(torch::IntArrayRef{1}); }},
    {"cummax(1)", [](const Tensor& a) { return std::get<0>(a.cummax(1)); }},
    {"logcumsumexp(1)", [](const Tensor& a) { return a.logcumsumexp(1); }},
    {"diff(1)", [](const Tensor& a) { return a.diff(1, 1); }},
    {"histc", [](const Tensor& a) { return a.histc(20, -3, 3); }},
    {"bucketize", [](const Tensor& a) { return torch::bucketize(a, torch::arange(-3, 3, a.options())); }},
    {"unique", [](const Tensor& a) { return std::get<0>(torch::_unique((a * 10).round())); }},
    {"cdist", [](const Tensor& a) { return torch::cdist(a.slice(0, 0, 200), a.slice(0, 0, 200)); }},
    {"cov", [](const Tensor& a) { return a.slice(0, 0, 100).cov(); }},
    {"einsum",
     [](const Tensor& a) {
       return torch::einsum("ik,jk->ij", {a.slice(0, 0, 100), a.slice(0, 0, 100)});
     }},
    {"scatter_add",
     [](const Tensor& a) {
       return torch::zeros_like(a).scatter_add(1, torch::zeros({a.size(0), 1}, torch::kLong), a);
     }},
    {"index_add", [](const Tensor& a) { return a.index_add(0, torch::arange(0, a.size(0), 2), a.slice(0, 0, (a.size(0) + 1) / 2)); }},
    {"rot90", [](const Tensor& a) { return a.rot90(); }},
};

const Operation kOfIntegers[] = {
    {"a+a", [](const Tensor& a) { return a + a; }},
    {"a*a", [](const Tensor& a) { return a * a; }},
    {"a-3", [](const Tensor& a) { return a - 3; }},
    {"a//7", [](const Tensor& a) { return torch::div(a, 7, "floor"); }},
    {"a%7", [](const Tensor& a) { return a.remainder(7); }},
    {"a&7", [](const Tensor& a) { return a & 7; }},
    {"a<<1", [](const Tensor& a) { return torch::bitwise_left_shift(a, 1); }},
    {"a>0", [](const Tensor& a) { return a > 0; }},
    {"a==a", [](const Tensor& a) { return a == a; }},
    {"abs", [](const Tensor& a) { return a.abs(); }},
    {"maximum", [](const Tensor& a) { return torch::maximum(a, a); }},
    {"clamp", [](const Tensor& a) { return a.clamp(-50, 50); }},
    {"where", [](const Tensor& a) { return torch::where(a > 0, a, -a); }},
    {"sum", [](const Tensor& a) { return a.sum(); }},
    {"sum(1)", [](const Tensor& a) { return a.sum(1); }},
    {"amax(1)", [](const Tensor& a) { return a.amax(1); }},
    {"cumsum(1)", [](const Tensor& a) { return a.cumsum(1); }},
    {"to(float)", [](const Tensor& a) { return a.to(torch::kFloat); }},
};

struct Call : Workload {
  Call(const Operation& operation, torch::ScalarType dtype, int64_t rows, int64_t columns) : operation(operation) {
    torch::NoGradGuard guard;
    torch::manual_seed(1);
    a = (torch::randn({rows, columns}, torch::kDouble) * (torch::isFloatingType(dtype) ? 1 : 100)).to(dtype);
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

template <size_t n> void add(const Operation (&operations)[n], const std::vector<std::pair<const char*, torch::ScalarType>>& dtypes) {
  const std::pair<int64_t, int64_t> shapes[] = {{30, 30}, {100000, 10}, {10000, 100}, {1000, 1000}};
  for (const Operation& operation : operations)
    for (const auto& [dtype_name, dtype] : dtypes)
      for (const auto& [rows, columns] : shapes) {
        const std::string name =
            std::string("survey/") + operation.name + "/" + dtype_name + "/" + std::to_string(rows) + "x" + std::to_string(columns);
        workloads()[name] = [&operation, dtype = dtype, rows = rows, columns = columns] {
          return std::make_unique<Call>(operation, dtype, rows, columns);
        };
      }
}

const bool added = [] {
  add(kOperations, {{"float", torch::kFloat}, {"double", torch::kDouble}});
  add(kOfIntegers, {{"int64", torch::kLong}, {"int32", torch::kInt}});
  return true;
}();

}  // namespace
}  // namespace benchmarks
