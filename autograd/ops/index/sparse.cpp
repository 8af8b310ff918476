// What may be done with sparse tensors: see tensor.h.
#include <xgrad/autograd/tensor/sparse.h>

#include <utility>

#include <xgrad/autograd/graph/in_place.h>
#include <xgrad/autograd/ops/index/positions.h>
#include <xgrad/autograd/ops/index/sparse.h>
#include <xgrad/autograd/ops/ops.h>

namespace torch { inline namespace xgrad {

namespace {

template <class F> void edit_values(SparseImpl& s, F f) {
  for (ListedRows& part : s.parts) part.values = f(part.values);
}

// Another sparse tensor with the same lists.
Tensor with_same_rows(const Tensor& t) {
  const SparseImpl& s = sparse_impl(t);
  const Tensor other = make_sparse(s.sizes, s.parts[0], s.coalesced);
  sparse_impl(other).parts = s.parts;
  return other;
}

void append_rows(SparseImpl& to, const SparseImpl& from) {
  const std::vector<ListedRows> more = from.parts;  // the two may be the same
  to.parts.insert(to.parts.end(), more.begin(), more.end());
  to.coalesced = false;
}

void add_rows(const Tensor& dense, const Tensor& sparse, const Scalar& alpha = 1) {
  for (const ListedRows& part : sparse_impl(sparse).parts) add_to_rows(dense, part.positions, part.values, alpha);
}

void check_alike(const Operation& op, const Tensor& a, const Tensor& b) {
  XGRAD_CHECK(a.sizes() == b.sizes() && a.dtype() == b.dtype(), op, "expected a sparse tensor and another of its shape and dtype, got ", a, " and ",
              b);
}

}  // namespace

const ListedRows& SparseImpl::joined() {
  if (parts.size() == 1) return parts[0];
  std::vector<Tensor> positions, values;
  for (const ListedRows& part : parts) {
    positions.push_back(part.positions);
    values.push_back(part.values);
  }
  ListedRows all{cat(positions), cat(values)};
  parts.assign(1, std::move(all));
  return parts[0];
}

void add_to_sum(Tensor& sum, const Tensor& g, bool in_place) {
  if (sum.is_sparse() && g.is_sparse()) {
    if (!in_place && !is_unshared_sparse(sum)) sum = with_same_rows(sum);
    append_rows(sparse_impl(sum), sparse_impl(g));
  } else if (!sum.is_sparse() && !GradMode::is_enabled() && (in_place || is_private(sum))) {
    add_rows(sum, g);
  } else {
    const Tensor& dense = sum.is_sparse() ? g : sum;
    const ListedRows& rows = sparse_impl(sum.is_sparse() ? sum : g).joined();
    sum = dense.index_add(0, rows.positions, rows.values);  // the dense one may be part of a graph
  }
}

Tensor own_rows(const Tensor& g) {
  SparseImpl& s = sparse_impl(g);
  bool own = is_unshared_sparse(g);
  for (const ListedRows& part : s.parts) own = own && is_private(part.values);
  return own ? g : g.clone();
}

void scale_rows(const Tensor& t, const Scalar& factor) {
  edit_values(sparse_impl(t), [&factor](const Tensor& values) { return values * factor; });
}

void add_to_rows(const Tensor& table, const Tensor& positions, const Tensor& values, const Scalar& alpha) {
  const Operation& op = operation<"index_add">;
  if (!may_write_directly("index_add_", table)) {
    table.index_add_(0, positions, values, alpha);
    return;
  }
  const Tensor scaled = alpha.equal(1) ? values : values * alpha;
  scatter_into(op, table, 0, index_along(positions, 0, scaled.sizes()), scaled, Combine::Add);
  table.storage()->bump_version();
}

void replace_rows(const Tensor& table, const Tensor& positions, const Tensor& values) {
  const Operation& op = operation<"index_copy">;
  if (!may_write_directly("index_copy_", table)) {
    table.index_copy_(0, positions, values);
    return;
  }
  scatter_into(op, table, 0, index_along(positions, 0, values.sizes()), values, Combine::Overwrite);
  table.storage()->bump_version();
}

Tensor clone_sparse(const Tensor& t) {
  const Tensor copy = with_same_rows(t);
  edit_values(sparse_impl(copy), [](const Tensor& values) { return values.clone(); });
  return copy;
}

Tensor convert_sparse(const Tensor& t, ScalarType dtype) {
  SparseImpl& s = sparse_impl(t);
  return make_sparse(s.sizes, {s.joined().positions, s.joined().values.to(dtype, false, true)}, s.coalesced);
}

void clear_sparse(const Tensor& t) {
  SparseImpl& s = sparse_impl(t);
  const ListedRows& rows = s.parts[0];
  ListedRows none{rows.positions.narrow(0, 0, 0).clone(), rows.values.narrow(0, 0, 0).clone()};
  s.parts.assign(1, std::move(none));
  s.coalesced = true;
}

Tensor add_sparse(const Operation& op, const Tensor& self, const Tensor& other, const Scalar& alpha, Out out) {
  check_alike(op, self, other);
  const bool in_place = out.self() && out.self()->is_same(self);
  if (!self.is_sparse()) {
    const Tensor sum = in_place ? self : self.clone();
    add_rows(sum, other, alpha);
    return sum;
  }
  const Tensor sum = in_place ? self : with_same_rows(self);
  append_rows(sparse_impl(sum), sparse_impl(alpha.equal(1) ? other : mul_sparse(other, alpha, Out())));
  return sum;
}

Tensor mul_sparse(const Tensor& self, const Scalar& factor, Out out) {
  const bool in_place = out.self() && out.self()->is_same(self);
  const Tensor product = in_place ? self : with_same_rows(self);
  scale_rows(product, factor);
  return product;
}

Tensor Tensor::coalesce() const {
  if (is_coalesced()) return *this;
  const NoGradGuard no_graph;
  const ListedRows& rows = sparse_impl(*this).joined();
  const auto [positions, place, counts] = _unique2(rows.positions, true, true);
  Dims sizes = this->sizes();
  sizes[0] = positions.numel();
  const Tensor values = zeros(sizes, dtype());
  add_to_rows(values, place, rows.values);
  return make_sparse(this->sizes(), {positions, values}, true);
}

Tensor Tensor::to_dense(std::optional<ScalarType> dtype) const {
  if (!is_sparse()) return to(dtype.value_or(scalar_type()));
  const NoGradGuard no_graph;
  const Tensor dense = zeros(sizes(), scalar_type());
  add_rows(dense, *this);
  return dtype ? dense.to(*dtype) : dense;
}

}}  // namespace torch::xgrad
