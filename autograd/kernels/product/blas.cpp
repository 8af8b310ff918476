#include <xgrad/autograd/kernels/product/blas.h>

#include <cblas.h>

#include <xgrad/autograd/kernels/hidden_access.h>

namespace torch { inline namespace xgrad { namespace kernels::blas {

void keep_single_threaded() {
  static const bool done = (openblas_set_num_threads(1), true);
  (void)done;
}

const char* core_name() { return openblas_get_corename(); }

namespace {

CBLAS_TRANSPOSE flag(bool transposed) { return transposed ? CblasTrans : CblasNoTrans; }

void call_gemm(CBLAS_TRANSPOSE ta, CBLAS_TRANSPOSE tb, int m, int n, int k, float alpha, const float* a, int lda, const float* b, int ldb, float beta,
               float* c, int ldc) {
  cblas_sgemm(CblasRowMajor, ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}
void call_gemm(CBLAS_TRANSPOSE ta, CBLAS_TRANSPOSE tb, int m, int n, int k, double alpha, const double* a, int lda, const double* b, int ldb,
               double beta, double* c, int ldc) {
  cblas_dgemm(CblasRowMajor, ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}

void call_gemv(CBLAS_TRANSPOSE t, int m, int n, float alpha, const float* a, int lda, const float* x, int incx, float beta, float* y, int incy) {
  cblas_sgemv(CblasRowMajor, t, m, n, alpha, a, lda, x, incx, beta, y, incy);
}
void call_gemv(CBLAS_TRANSPOSE t, int m, int n, double alpha, const double* a, int lda, const double* x, int incx, double beta, double* y, int incy) {
  cblas_dgemv(CblasRowMajor, t, m, n, alpha, a, lda, x, incx, beta, y, incy);
}

void call_trsm(CBLAS_SIDE side, CBLAS_UPLO uplo, CBLAS_DIAG diagonal, int m, int n, const float* a, int lda, float* b, int ldb) {
  cblas_strsm(CblasRowMajor, side, uplo, CblasNoTrans, diagonal, m, n, 1, a, lda, b, ldb);
}
void call_trsm(CBLAS_SIDE side, CBLAS_UPLO uplo, CBLAS_DIAG diagonal, int m, int n, const double* a, int lda, double* b, int ldb) {
  cblas_dtrsm(CblasRowMajor, side, uplo, CblasNoTrans, diagonal, m, n, 1, a, lda, b, ldb);
}

float call_dot(int n, const float* x, int incx, const float* y, int incy) { return cblas_sdot(n, x, incx, y, incy); }
double call_dot(int n, const double* x, int incx, const double* y, int incy) { return cblas_ddot(n, x, incx, y, incy); }

template <class T> void show_loads(const T* p, int64_t rows, int64_t columns, int64_t ld) {
  for (int64_t i = 0; i < rows; ++i) show_load(p + i * ld, columns);
}
template <class T> void show_loads(const T* p, int64_t rows, int64_t columns, Layout layout) {
  if (layout.transposed) show_loads(p, columns, rows, layout.ld);
  else show_loads(p, rows, columns, layout.ld);
}
template <class T> void show_stores(T* p, int64_t rows, int64_t columns, int64_t ld) {
  for (int64_t i = 0; i < rows; ++i) show_store(p + i * ld, columns);
}

// y = alpha * op(a) x + beta * y for a of rows x columns after op.
template <class T> void gemv(int rows, int columns, T alpha, const T* a, Layout la, const T* x, int incx, T beta, T* y, int incy) {
  if (la.transposed) call_gemv(CblasTrans, columns, rows, alpha, a, static_cast<int>(la.ld), x, incx, beta, y, incy);
  else call_gemv(CblasNoTrans, rows, columns, alpha, a, static_cast<int>(la.ld), x, incx, beta, y, incy);
}

}  // namespace

template <class T>
void gemm(int64_t rows, int64_t columns, int64_t depth, T alpha, const T* a, Layout la, const T* b, Layout lb, T beta, T* c, int64_t ldc) {
  keep_single_threaded();
  show_loads(a, rows, depth, la);
  show_loads(b, depth, columns, lb);
  show_stores(c, rows, columns, ldc);
  const int m = static_cast<int>(rows), n = static_cast<int>(columns), k = static_cast<int>(depth);
  if (n == 1) {
    gemv(m, k, alpha, a, la, b, static_cast<int>(lb.transposed ? 1 : lb.ld), beta, c, static_cast<int>(ldc));
  } else if (m == 1) {
    gemv(n, k, alpha, b, {!lb.transposed, lb.ld}, a, static_cast<int>(la.transposed ? la.ld : 1), beta, c, 1);
  } else {
    call_gemm(flag(la.transposed), flag(lb.transposed), m, n, k, alpha, a, static_cast<int>(la.ld), b, static_cast<int>(lb.ld), beta, c,
              static_cast<int>(ldc));
  }
}

template <class T> T dot(int64_t n, const T* x, int64_t x_stride, const T* y, int64_t y_stride) {
  keep_single_threaded();
  show_loads(x, n, 1, x_stride);
  show_loads(y, n, 1, y_stride);
  return call_dot(static_cast<int>(n), x, static_cast<int>(x_stride), y, static_cast<int>(y_stride));
}

template <class T> void solve_triangular(bool left, bool upper, bool unit, int64_t rows, int64_t columns, const T* a, T* b) {
  if (rows == 0 || columns == 0) return;
  keep_single_threaded();
  const int64_t order = left ? rows : columns;
  show_loads(a, order, order, order);
  show_stores(b, rows, columns, columns);
  call_trsm(left ? CblasLeft : CblasRight, upper ? CblasUpper : CblasLower, unit ? CblasUnit : CblasNonUnit, static_cast<int>(rows),
            static_cast<int>(columns), a, static_cast<int>(order), b, static_cast<int>(columns));
}

template void gemm(int64_t, int64_t, int64_t, float, const float*, Layout, const float*, Layout, float, float*, int64_t);
template void gemm(int64_t, int64_t, int64_t, double, const double*, Layout, const double*, Layout, double, double*, int64_t);
template float dot(int64_t, const float*, int64_t, const float*, int64_t);
template double dot(int64_t, const double*, int64_t, const double*, int64_t);
template void solve_triangular(bool, bool, bool, int64_t, int64_t, const float*, float*);
template void solve_triangular(bool, bool, bool, int64_t, int64_t, const double*, double*);

}}}  // namespace torch::xgrad::kernels::blas
