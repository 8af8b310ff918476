#include <xgrad/autograd/tensor/sparse.h>

#include <xgrad/autograd/core/memory/memory_cache.h>
#include <xgrad/autograd/core/shape.h>

namespace torch { inline namespace xgrad {

namespace {

TensorImpl* marked(SparseImpl* s) { return reinterpret_cast<TensorImpl*>(reinterpret_cast<uintptr_t>(s) | uintptr_t{1} << 63); }

SparseImpl& sparse_or_refuse(const char* method, const Tensor& t) {
  XGRAD_CHECK_AS(NotImplementedError, t.is_sparse(), "[", method, "] ", method, " expected sparse coordinate tensor layout but got ",
                 t.defined() ? "Strided" : "an undefined tensor");
  return sparse_impl(t);
}

const ListedRows& coalesced_rows(const char* method, const Tensor& t) {
  SparseImpl& s = sparse_or_refuse(method, t);
  XGRAD_CHECK(s.coalesced, "[", method, "] Cannot get ", method, " on an uncoalesced tensor, please call .coalesce() first");
  return s.joined();
}

}  // namespace

void release_sparse(TensorImpl* t) {
  auto* const s = static_cast<SparseImpl*>(unmarked(t));
  if (!s->refs.decrement()) return;
  delete s;
  memory::count_tensors(-1);
}

Tensor make_sparse(IntArrayRef sizes, ListedRows rows, bool coalesced) {
  auto made = std::make_unique<SparseImpl>();
  made->dtype = rows.values.scalar_type();
  made->sizes.assign(sizes);
  made->numel = numel_of(sizes);
  made->parts.push_back(std::move(rows));
  made->coalesced = coalesced;
  memory::count_tensors(1);
  return Tensor(IntrusivePtr<TensorImpl>::adopt(marked(made.release())));
}

int64_t Tensor::sparse_dim() const {
  sparse_or_refuse("sparse_dim", *this);
  return 1;
}

int64_t Tensor::_nnz() const {
  int64_t n = 0;
  for (const ListedRows& part : sparse_or_refuse("_nnz", *this).parts) n += part.positions.numel();
  return n;
}

Tensor Tensor::_indices() const { return sparse_or_refuse("_indices", *this).joined().positions.unsqueeze(0); }
Tensor Tensor::_values() const { return sparse_or_refuse("_values", *this).joined().values; }
Tensor Tensor::indices() const { return coalesced_rows("indices", *this).positions.unsqueeze(0); }
Tensor Tensor::values() const { return coalesced_rows("values", *this).values; }
bool Tensor::is_coalesced() const { return sparse_or_refuse("is_coalesced", *this).coalesced; }

}}  // namespace torch::xgrad
