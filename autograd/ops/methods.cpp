// Methods that are free functions with the tensor in front.
#include <xgrad/autograd/ops/ops.h>

namespace torch { inline namespace xgrad {

namespace {
// What `options` leaves open is taken from `t`.
TensorOptions inherit(const Tensor& t, const TensorOptions& options) { return options.has_dtype() ? options : options.dtype(t.dtype()); }
}  // namespace

Tensor Tensor::abs() const { return xgrad::abs(*this); }
Tensor Tensor::acos() const { return xgrad::acos(*this); }
Tensor Tensor::add(const Tensor& other, const Scalar& alpha) const { return xgrad::add(*this, other, alpha); }
Tensor Tensor::add(const Scalar& other, const Scalar& alpha) const { return xgrad::add(*this, other, alpha); }
Tensor Tensor::addmv(const Tensor& mat, const Tensor& vec, const Scalar& beta, const Scalar& alpha) const {
  return xgrad::addmv(*this, mat, vec, beta, alpha);
}
Tensor Tensor::all(int64_t dim, bool keepdim) const { return xgrad::all(*this, dim, keepdim); }
bool Tensor::allclose(const Tensor& other, double rtol, double atol, bool equal_nan) const {
  return xgrad::allclose(*this, other, rtol, atol, equal_nan);
}
Tensor Tensor::any(int64_t dim, bool keepdim) const { return xgrad::any(*this, dim, keepdim); }
Tensor Tensor::argmax(std::optional<int64_t> dim, bool keepdim) const { return xgrad::argmax(*this, dim, keepdim); }
Tensor Tensor::argmin(std::optional<int64_t> dim, bool keepdim) const { return xgrad::argmin(*this, dim, keepdim); }
Tensor Tensor::acosh() const { return xgrad::acosh(*this); }
Tensor Tensor::asinh() const { return xgrad::asinh(*this); }
Tensor Tensor::atanh() const { return xgrad::atanh(*this); }
Tensor Tensor::as_strided(IntArrayRef size, IntArrayRef stride, std::optional<int64_t> storage_offset) const {
  return xgrad::as_strided(*this, size, stride, storage_offset);
}
Tensor Tensor::asin() const { return xgrad::asin(*this); }
Tensor Tensor::atan() const { return xgrad::atan(*this); }
Tensor Tensor::baddbmm(const Tensor& batch1, const Tensor& batch2, const Scalar& beta, const Scalar& alpha) const {
  return xgrad::baddbmm(*this, batch1, batch2, beta, alpha);
}
Tensor Tensor::bernoulli(std::optional<Generator> generator) const { return xgrad::bernoulli(*this, generator); }
Tensor Tensor::bernoulli(double p, std::optional<Generator> generator) const { return xgrad::bernoulli(*this, p, generator); }
Tensor Tensor::bitwise_not() const { return xgrad::bitwise_not(*this); }
Tensor Tensor::logical_not() const { return xgrad::logical_not(*this); }
Tensor Tensor::logical_xor(const Tensor& other) const { return xgrad::logical_xor(*this, other); }
Tensor Tensor::logical_and(const Tensor& other) const { return xgrad::logical_and(*this, other); }
Tensor Tensor::logical_or(const Tensor& other) const { return xgrad::logical_or(*this, other); }
Tensor Tensor::bmm(const Tensor& mat2) const { return xgrad::bmm(*this, mat2); }
Tensor Tensor::broadcast_to(IntArrayRef size) const { return xgrad::broadcast_to(*this, size); }
Tensor Tensor::ceil() const { return xgrad::ceil(*this); }
std::vector<Tensor> Tensor::chunk(int64_t chunks, int64_t dim) const { return xgrad::chunk(*this, chunks, dim); }
Tensor Tensor::clamp(const std::optional<Scalar>& min, const std::optional<Scalar>& max) const { return xgrad::clamp(*this, min, max); }
Tensor Tensor::clamp(const std::optional<Tensor>& min, const std::optional<Tensor>& max) const { return xgrad::clamp(*this, min, max); }
Tensor Tensor::clamp_max(const Scalar& max) const { return xgrad::clamp_max(*this, max); }
Tensor Tensor::clamp_max(const Tensor& max) const { return xgrad::clamp_max(*this, max); }
Tensor Tensor::clamp_min(const Scalar& min) const { return xgrad::clamp_min(*this, min); }
Tensor Tensor::clamp_min(const Tensor& min) const { return xgrad::clamp_min(*this, min); }
Tensor Tensor::clip(const std::optional<Scalar>& min, const std::optional<Scalar>& max) const { return xgrad::clip(*this, min, max); }
Tensor Tensor::clip(const std::optional<Tensor>& min, const std::optional<Tensor>& max) const { return xgrad::clip(*this, min, max); }
Tensor Tensor::cos() const { return xgrad::cos(*this); }
Tensor Tensor::cosh() const { return xgrad::cosh(*this); }
Tensor Tensor::cumprod(int64_t dim, std::optional<ScalarType> dtype) const { return xgrad::cumprod(*this, dim, dtype); }
Tensor Tensor::cumsum(int64_t dim, std::optional<ScalarType> dtype) const { return xgrad::cumsum(*this, dim, dtype); }
Tensor Tensor::diag_embed(int64_t offset, int64_t dim1, int64_t dim2) const { return xgrad::diag_embed(*this, offset, dim1, dim2); }
Tensor Tensor::diagonal(int64_t offset, int64_t dim1, int64_t dim2) const { return xgrad::diagonal(*this, offset, dim1, dim2); }
Tensor Tensor::div(const Tensor& other) const { return xgrad::div(*this, other); }
Tensor Tensor::div(const Tensor& other, std::optional<std::string_view> rounding_mode) const { return xgrad::div(*this, other, rounding_mode); }
Tensor Tensor::div(const Scalar& other) const { return xgrad::div(*this, other); }
Tensor Tensor::div(const Scalar& other, std::optional<std::string_view> rounding_mode) const { return xgrad::div(*this, other, rounding_mode); }
Tensor Tensor::true_divide(const Tensor& other) const { return xgrad::true_divide(*this, other); }
Tensor Tensor::true_divide(const Scalar& other) const { return xgrad::true_divide(*this, other); }
Tensor Tensor::dot(const Tensor& tensor) const { return xgrad::dot(*this, tensor); }
Tensor Tensor::erf() const { return xgrad::erf(*this); }
Tensor Tensor::erfc() const { return xgrad::erfc(*this); }
Tensor Tensor::exp() const { return xgrad::exp(*this); }
Tensor Tensor::expm1() const { return xgrad::expm1(*this); }
Tensor Tensor::expand(IntArrayRef size) const { return xgrad::expand(*this, size); }
Tensor Tensor::flatten(int64_t start_dim, int64_t end_dim) const { return xgrad::flatten(*this, start_dim, end_dim); }
Tensor Tensor::unflatten(int64_t dim, IntArrayRef sizes) const { return xgrad::unflatten(*this, dim, sizes); }
Tensor Tensor::floor() const { return xgrad::floor(*this); }
Tensor Tensor::floor_divide(const Tensor& other) const { return xgrad::floor_divide(*this, other); }
Tensor Tensor::floor_divide(const Scalar& other) const { return xgrad::floor_divide(*this, other); }
Tensor Tensor::index_copy(int64_t dim, const Tensor& index, const Tensor& source) const { return xgrad::index_copy(*this, dim, index, source); }
Tensor Tensor::isclose(const Tensor& other, double rtol, double atol, bool equal_nan) const {
  return xgrad::isclose(*this, other, rtol, atol, equal_nan);
}
Tensor Tensor::isnan() const { return xgrad::isnan(*this); }
Tensor Tensor::log() const { return xgrad::log(*this); }
Tensor Tensor::log10() const { return xgrad::log10(*this); }
Tensor Tensor::log1p() const { return xgrad::log1p(*this); }
Tensor Tensor::log2() const { return xgrad::log2(*this); }
Tensor Tensor::logaddexp(const Tensor& other) const { return xgrad::logaddexp(*this, other); }
Tensor Tensor::logaddexp2(const Tensor& other) const { return xgrad::logaddexp2(*this, other); }
Tensor Tensor::xlogy(const Tensor& other) const { return xgrad::xlogy(*this, other); }
Tensor Tensor::xlogy(const Scalar& other) const { return xgrad::xlogy(*this, other); }
Tensor Tensor::log_softmax(int64_t dim, std::optional<ScalarType> dtype) const { return xgrad::log_softmax(*this, dim, dtype); }
Tensor Tensor::logsumexp(IntArrayRef dim, bool keepdim) const { return xgrad::logsumexp(*this, dim, keepdim); }
Tensor Tensor::matmul(const Tensor& other) const { return xgrad::matmul(*this, other); }
std::tuple<Tensor, Tensor> Tensor::aminmax(std::optional<int64_t> dim, bool keepdim) const { return xgrad::aminmax(*this, dim, keepdim); }
std::tuple<Tensor, Tensor> Tensor::max(int64_t dim, bool keepdim) const { return xgrad::max(*this, dim, keepdim); }
Tensor Tensor::amax(IntArrayRef dim, bool keepdim) const { return xgrad::amax(*this, dim, keepdim); }
Tensor Tensor::mean(std::optional<ScalarType> dtype) const { return xgrad::mean(*this, dtype); }
Tensor Tensor::mean(OptionalIntArrayRef dim, bool keepdim, std::optional<ScalarType> dtype) const { return xgrad::mean(*this, dim, keepdim, dtype); }
std::tuple<Tensor, Tensor> Tensor::min(int64_t dim, bool keepdim) const { return xgrad::min(*this, dim, keepdim); }
Tensor Tensor::amin(IntArrayRef dim, bool keepdim) const { return xgrad::amin(*this, dim, keepdim); }
Tensor Tensor::mm(const Tensor& mat2) const { return xgrad::mm(*this, mat2); }
Tensor Tensor::mul(const Tensor& other) const { return xgrad::mul(*this, other); }
Tensor Tensor::mul(const Scalar& other) const { return xgrad::mul(*this, other); }
Tensor Tensor::mv(const Tensor& vec) const { return xgrad::mv(*this, vec); }
Tensor Tensor::narrow(int64_t dim, int64_t start, int64_t length) const { return xgrad::narrow(*this, dim, start, length); }
Tensor Tensor::permute(IntArrayRef dims) const { return xgrad::permute(*this, dims); }
Tensor Tensor::movedim(IntArrayRef source, IntArrayRef destination) const { return xgrad::movedim(*this, source, destination); }
Tensor Tensor::movedim(int64_t source, int64_t destination) const { return xgrad::movedim(*this, source, destination); }
Tensor Tensor::reciprocal() const { return xgrad::reciprocal(*this); }
Tensor Tensor::neg() const { return xgrad::neg(*this); }
Tensor Tensor::negative() const { return xgrad::negative(*this); }
Tensor Tensor::tile(IntArrayRef reps) const { return xgrad::tile(*this, reps); }
Tensor Tensor::repeat_interleave(const Tensor& repeats, std::optional<int64_t> dim, std::optional<int64_t> output_size) const {
  return xgrad::repeat_interleave(*this, repeats, dim, output_size);
}
Tensor Tensor::repeat_interleave(int64_t repeats, std::optional<int64_t> dim, std::optional<int64_t> output_size) const {
  return xgrad::repeat_interleave(*this, repeats, dim, output_size);
}
Tensor Tensor::reshape(IntArrayRef shape) const { return xgrad::reshape(*this, shape); }
Tensor Tensor::round() const { return xgrad::round(*this); }
Tensor Tensor::round(int64_t decimals) const { return xgrad::round(*this, decimals); }
Tensor Tensor::relu() const { return xgrad::relu(*this); }
Tensor Tensor::hardshrink(const Scalar& lambd) const { return xgrad::hardshrink(*this, lambd); }
Tensor Tensor::rsqrt() const { return xgrad::rsqrt(*this); }
Tensor Tensor::select(int64_t dim, int64_t index) const { return xgrad::select(*this, dim, index); }
Tensor Tensor::sigmoid() const { return xgrad::sigmoid(*this); }
Tensor Tensor::sin() const { return xgrad::sin(*this); }
Tensor Tensor::sinh() const { return xgrad::sinh(*this); }
Tensor Tensor::slice(int64_t dim, std::optional<int64_t> start, std::optional<int64_t> end, int64_t step) const {
  return xgrad::slice(*this, dim, start, end, step);
}
Tensor Tensor::softmax(int64_t dim, std::optional<ScalarType> dtype) const { return xgrad::softmax(*this, dim, dtype); }
std::vector<Tensor> Tensor::split(int64_t split_size, int64_t dim) const { return xgrad::split(*this, split_size, dim); }
std::vector<Tensor> Tensor::split(IntArrayRef split_size, int64_t dim) const { return xgrad::split(*this, split_size, dim); }
std::vector<Tensor> Tensor::split_with_sizes(IntArrayRef split_sizes, int64_t dim) const { return xgrad::split_with_sizes(*this, split_sizes, dim); }
Tensor Tensor::squeeze() const { return xgrad::squeeze(*this); }
Tensor Tensor::squeeze(int64_t dim) const { return xgrad::squeeze(*this, dim); }
Tensor Tensor::sum(std::optional<ScalarType> dtype) const { return xgrad::sum(*this, dtype); }
Tensor Tensor::sum(OptionalIntArrayRef dim, bool keepdim, std::optional<ScalarType> dtype) const { return xgrad::sum(*this, dim, keepdim, dtype); }
Tensor Tensor::sqrt() const { return xgrad::sqrt(*this); }
Tensor Tensor::square() const { return xgrad::square(*this); }
Tensor Tensor::std(bool unbiased) const { return xgrad::std(*this, unbiased); }
Tensor Tensor::std(OptionalIntArrayRef dim, bool unbiased, bool keepdim) const { return xgrad::std(*this, dim, unbiased, keepdim); }
Tensor Tensor::std(OptionalIntArrayRef dim, std::optional<int64_t> correction, bool keepdim) const {
  return xgrad::std(*this, dim, correction, keepdim);
}
Tensor Tensor::prod(std::optional<ScalarType> dtype) const { return xgrad::prod(*this, dtype); }
Tensor Tensor::prod(int64_t dim, bool keepdim, std::optional<ScalarType> dtype) const { return xgrad::prod(*this, dim, keepdim, dtype); }
Tensor Tensor::t() const { return xgrad::t(*this); }
Tensor Tensor::tan() const { return xgrad::tan(*this); }
Tensor Tensor::tanh() const { return xgrad::tanh(*this); }
Tensor Tensor::transpose(int64_t dim0, int64_t dim1) const { return xgrad::transpose(*this, dim0, dim1); }
Tensor Tensor::flip(IntArrayRef dims) const { return xgrad::flip(*this, dims); }
Tensor Tensor::roll(IntArrayRef shifts, IntArrayRef dims) const { return xgrad::roll(*this, shifts, dims); }
Tensor Tensor::trunc() const { return xgrad::trunc(*this); }
Tensor Tensor::unsqueeze(int64_t dim) const { return xgrad::unsqueeze(*this, dim); }
Tensor Tensor::var(bool unbiased) const { return xgrad::var(*this, unbiased); }
Tensor Tensor::var(OptionalIntArrayRef dim, bool unbiased, bool keepdim) const { return xgrad::var(*this, dim, unbiased, keepdim); }
Tensor Tensor::var(OptionalIntArrayRef dim, std::optional<int64_t> correction, bool keepdim) const {
  return xgrad::var(*this, dim, correction, keepdim);
}
Tensor Tensor::where(const Tensor& condition, const Tensor& other) const { return xgrad::where(condition, *this, other); }
Tensor Tensor::norm(const Scalar& p) const { return xgrad::norm(*this, p); }
Tensor Tensor::norm(const std::optional<Scalar>& p, IntArrayRef dim, bool keepdim) const { return xgrad::norm(*this, p, dim, keepdim); }
Tensor Tensor::sub(const Tensor& other, const Scalar& alpha) const { return xgrad::sub(*this, other, alpha); }
Tensor Tensor::sub(const Scalar& other, const Scalar& alpha) const { return xgrad::sub(*this, other, alpha); }
Tensor Tensor::addmm(const Tensor& mat1, const Tensor& mat2, const Scalar& beta, const Scalar& alpha) const {
  return xgrad::addmm(*this, mat1, mat2, beta, alpha);
}
std::vector<Tensor> Tensor::unbind(int64_t dim) const { return xgrad::unbind(*this, dim); }
Tensor Tensor::masked_fill(const Tensor& mask, const Scalar& value) const { return xgrad::masked_fill(*this, mask, value); }
Tensor Tensor::masked_fill(const Tensor& mask, const Tensor& value) const { return xgrad::masked_fill(*this, mask, value); }
Tensor Tensor::index_add(int64_t dim, const Tensor& index, const Tensor& source, const Scalar& alpha) const {
  return xgrad::index_add(*this, dim, index, source, alpha);
}
Tensor Tensor::index_fill(int64_t dim, const Tensor& index, const Scalar& value) const { return xgrad::index_fill(*this, dim, index, value); }
Tensor Tensor::index_fill(int64_t dim, const Tensor& index, const Tensor& value) const { return xgrad::index_fill(*this, dim, index, value); }
Tensor Tensor::scatter(int64_t dim, const Tensor& index, const Tensor& src) const { return xgrad::scatter(*this, dim, index, src); }
Tensor Tensor::scatter(int64_t dim, const Tensor& index, const Scalar& value) const { return xgrad::scatter(*this, dim, index, value); }
Tensor Tensor::scatter(int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce) const {
  return xgrad::scatter(*this, dim, index, src, reduce);
}
Tensor Tensor::scatter(int64_t dim, const Tensor& index, const Scalar& value, std::string_view reduce) const {
  return xgrad::scatter(*this, dim, index, value, reduce);
}
Tensor Tensor::scatter_add(int64_t dim, const Tensor& index, const Tensor& src) const { return xgrad::scatter_add(*this, dim, index, src); }
Tensor Tensor::bitwise_and(const Scalar& other) const { return xgrad::bitwise_and(*this, other); }
Tensor Tensor::bitwise_and(const Tensor& other) const { return xgrad::bitwise_and(*this, other); }
Tensor Tensor::bitwise_or(const Scalar& other) const { return xgrad::bitwise_or(*this, other); }
Tensor Tensor::bitwise_or(const Tensor& other) const { return xgrad::bitwise_or(*this, other); }
Tensor Tensor::bitwise_xor(const Scalar& other) const { return xgrad::bitwise_xor(*this, other); }
Tensor Tensor::bitwise_xor(const Tensor& other) const { return xgrad::bitwise_xor(*this, other); }
Tensor Tensor::diag(int64_t diagonal) const { return xgrad::diag(*this, diagonal); }
Tensor Tensor::triu(int64_t diagonal) const { return xgrad::triu(*this, diagonal); }
Tensor Tensor::tril(int64_t diagonal) const { return xgrad::tril(*this, diagonal); }
Tensor Tensor::trace() const { return xgrad::trace(*this); }
Tensor Tensor::ne(const Scalar& other) const { return xgrad::ne(*this, other); }
Tensor Tensor::ne(const Tensor& other) const { return xgrad::ne(*this, other); }
Tensor Tensor::eq(const Scalar& other) const { return xgrad::eq(*this, other); }
Tensor Tensor::eq(const Tensor& other) const { return xgrad::eq(*this, other); }
Tensor Tensor::ge(const Scalar& other) const { return xgrad::ge(*this, other); }
Tensor Tensor::ge(const Tensor& other) const { return xgrad::ge(*this, other); }
Tensor Tensor::le(const Scalar& other) const { return xgrad::le(*this, other); }
Tensor Tensor::le(const Tensor& other) const { return xgrad::le(*this, other); }
Tensor Tensor::gt(const Scalar& other) const { return xgrad::gt(*this, other); }
Tensor Tensor::gt(const Tensor& other) const { return xgrad::gt(*this, other); }
Tensor Tensor::lt(const Scalar& other) const { return xgrad::lt(*this, other); }
Tensor Tensor::lt(const Tensor& other) const { return xgrad::lt(*this, other); }
Tensor Tensor::take(const Tensor& index) const { return xgrad::take(*this, index); }
Tensor Tensor::take_along_dim(const Tensor& indices, std::optional<int64_t> dim) const { return xgrad::take_along_dim(*this, indices, dim); }
Tensor Tensor::index_select(int64_t dim, const Tensor& index) const { return xgrad::index_select(*this, dim, index); }
Tensor Tensor::masked_select(const Tensor& mask) const { return xgrad::masked_select(*this, mask); }
Tensor Tensor::nonzero() const { return xgrad::nonzero(*this); }
Tensor Tensor::gather(int64_t dim, const Tensor& index, bool sparse_grad) const { return xgrad::gather(*this, dim, index, sparse_grad); }
Tensor Tensor::addcmul(const Tensor& tensor1, const Tensor& tensor2, const Scalar& value) const {
  return xgrad::addcmul(*this, tensor1, tensor2, value);
}
Tensor Tensor::addcdiv(const Tensor& tensor1, const Tensor& tensor2, const Scalar& value) const {
  return xgrad::addcdiv(*this, tensor1, tensor2, value);
}
Tensor Tensor::cholesky(bool upper) const { return xgrad::cholesky(*this, upper); }
std::tuple<Tensor, Tensor> Tensor::qr(bool some) const { return xgrad::qr(*this, some); }
Tensor Tensor::erfinv() const { return xgrad::erfinv(*this); }
Tensor Tensor::sign() const { return xgrad::sign(*this); }
Tensor Tensor::atan2(const Tensor& other) const { return xgrad::atan2(*this, other); }
Tensor Tensor::lerp(const Tensor& end, const Scalar& weight) const { return xgrad::lerp(*this, end, weight); }
Tensor Tensor::lerp(const Tensor& end, const Tensor& weight) const { return xgrad::lerp(*this, end, weight); }
Tensor Tensor::fmod(const Scalar& other) const { return xgrad::fmod(*this, other); }
Tensor Tensor::fmod(const Tensor& other) const { return xgrad::fmod(*this, other); }
Tensor Tensor::remainder(const Scalar& other) const { return xgrad::remainder(*this, other); }
Tensor Tensor::remainder(const Tensor& other) const { return xgrad::remainder(*this, other); }
Tensor Tensor::min() const { return xgrad::min(*this); }
Tensor Tensor::fmin(const Tensor& other) const { return xgrad::fmin(*this, other); }
Tensor Tensor::max() const { return xgrad::max(*this); }
Tensor Tensor::fmax(const Tensor& other) const { return xgrad::fmax(*this, other); }
Tensor Tensor::maximum(const Tensor& other) const { return xgrad::maximum(*this, other); }
Tensor Tensor::max(const Tensor& other) const { return xgrad::max(*this, other); }
Tensor Tensor::minimum(const Tensor& other) const { return xgrad::minimum(*this, other); }
Tensor Tensor::min(const Tensor& other) const { return xgrad::min(*this, other); }
std::tuple<Tensor, Tensor> Tensor::sort(int64_t dim, bool descending) const { return xgrad::sort(*this, dim, descending); }
std::tuple<Tensor, Tensor> Tensor::sort(std::optional<bool> stable, int64_t dim, bool descending) const {
  return xgrad::sort(*this, stable, dim, descending);
}
Tensor Tensor::argsort(int64_t dim, bool descending) const { return xgrad::argsort(*this, dim, descending); }
Tensor Tensor::argsort(bool stable, int64_t dim, bool descending) const { return xgrad::argsort(*this, stable, dim, descending); }
std::tuple<Tensor, Tensor> Tensor::topk(int64_t k, int64_t dim, bool largest, bool sorted) const {
  return xgrad::topk(*this, k, dim, largest, sorted);
}
Tensor Tensor::all() const { return xgrad::all(*this); }
Tensor Tensor::any() const { return xgrad::any(*this); }
bool Tensor::equal(const Tensor& other) const { return xgrad::equal(*this, other); }
Tensor Tensor::pow(const Tensor& exponent) const { return xgrad::pow(*this, exponent); }
Tensor Tensor::pow(const Scalar& exponent) const { return xgrad::pow(*this, exponent); }
Tensor Tensor::isfinite() const { return xgrad::isfinite(*this); }
Tensor Tensor::isinf() const { return xgrad::isinf(*this); }
Tensor Tensor::det() const { return xgrad::det(*this); }
std::tuple<Tensor, Tensor> Tensor::slogdet() const { return xgrad::slogdet(*this); }
Tensor Tensor::inverse() const { return xgrad::inverse(*this); }
Tensor Tensor::inner(const Tensor& other) const { return xgrad::inner(*this, other); }
Tensor Tensor::outer(const Tensor& vec2) const { return xgrad::outer(*this, vec2); }
Tensor Tensor::ger(const Tensor& vec2) const { return xgrad::ger(*this, vec2); }

Tensor Tensor::view(IntArrayRef size) const { return xgrad::view(*this, size); }
Tensor Tensor::new_empty(IntArrayRef size, TensorOptions options) const { return empty(size, inherit(*this, options)); }
Tensor Tensor::new_zeros(IntArrayRef size, TensorOptions options) const { return zeros(size, inherit(*this, options)); }
Tensor Tensor::new_ones(IntArrayRef size, TensorOptions options) const { return ones(size, inherit(*this, options)); }
Tensor Tensor::new_full(IntArrayRef size, const Scalar& fill_value, TensorOptions options) const {
  return full(size, fill_value, inherit(*this, options));
}
Tensor Tensor::expand_as(const Tensor& other) const { return expand(other.sizes()); }
Tensor Tensor::reshape_as(const Tensor& other) const { return reshape(other.sizes()); }
Tensor Tensor::view_as(const Tensor& other) const { return view(other.sizes()); }
Tensor Tensor::type_as(const Tensor& other) const { return to(other.dtype()); }

Tensor Tensor::operator-() const { return neg(); }
Tensor Tensor::operator~() const { return bitwise_not(); }

}}  // namespace torch::xgrad
