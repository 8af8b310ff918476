#include "../rules.h"

namespace graphs {

std::vector<Operation> product_operations() {
  return {
      GRAPHS_CALL(mm_rule, torch::mm(x, y)),
      GRAPHS_CALL(mm_rule, torch::matmul(x, y)),
      GRAPHS_CALL(mm_rule, x.mm(y)),
      GRAPHS_CALL(bmm_rule, torch::bmm(x, y)),
      GRAPHS_CALL(mv_rule, torch::mv(x, y)),
      GRAPHS_CALL(dot_rule, torch::dot(x, y)),
      GRAPHS_CALL(outer_rule, torch::outer(x, y)),
      GRAPHS_CALL(matmul_rule, torch::inner(x, y.transpose(0, -1))),
      GRAPHS_CALL(matmul_rule, torch::matmul(y.transpose(0, -1), x.transpose(0, -1))),
      GRAPHS_CALL(addmm_rule, torch::addmm(x, y, z, a, b)),
      GRAPHS_CALL(addmm_rule, torch::addmm(x, y, z)),
      GRAPHS_CALL(addmv_rule, torch::addmv(x, y, z, a, b)),
      GRAPHS_CALL(baddbmm_rule, torch::baddbmm(x, y, z, a, b)),
      GRAPHS_CALL(linear_rule, torch::linear(x, y)),
      GRAPHS_CALL(linear_rule, torch::linear(x, y, z)),
      GRAPHS_CALL(linear_rule, F::linear(x, y, z)),
      GRAPHS_CALL(linear_rule, torch::relu(torch::linear(x, y, z))),
      GRAPHS_CALL(bilinear_rule, F::bilinear(x, y, z, w)),
      GRAPHS_CALL(square_rule, torch::matmul(x, x.transpose(-2, -1)) + torch::eye(x.size(-1), x.options())),
      GRAPHS_CALL(square_rule, torch::linalg_det(x)),
      GRAPHS_CALL(square_rule, torch::trace(x)),
      GRAPHS_CALL(square_rule, torch::linalg_matrix_norm(x)),
      GRAPHS_CALL(symmetric_rule, torch::linalg_inv(x)),
      GRAPHS_CALL(symmetric_rule, torch::linalg_cholesky(x)),
      GRAPHS_CALL(symmetric_rule, torch::linalg_slogdet(x)),
      GRAPHS_CALL(symmetric_rule, torch::linalg_svdvals(x)),
      GRAPHS_CALL(symmetric_rule, torch::linalg_qr(x)),
      GRAPHS_CALL(symmetric_rule, x.inverse()),
      GRAPHS_CALL(solve_rule, torch::linalg_solve(x, y)),
      GRAPHS_CALL(solve_rule, torch::linalg_solve_triangular(x, y, flag)),
  };
}

}  // namespace graphs
