// Attention of heads, whose rows lie in tensors in one of two ways, with its derivatives. Internal.
#pragma once

#include <array>

#include <xgrad/autograd/core/named_operation.h>
#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// Query, key and value of all heads. Either three tensors [batch, heads, rows, width]; or sequences [rows, batch, elements], in whose rows
/// lie the rows of all heads one after the other: query, key and value side by side in one tensor, query in one and key and value
/// in another, or three.
struct Heads {
  std::array<Tensor, 3> parts;
  int64_t heads = 0;  ///< in a row of a sequence; 0 for the first way

  int count() const { return parts[1].defined() ? parts[2].defined() ? 3 : 2 : 1; }
};

/// What the probabilities depend on besides.
struct HeadRules {
  const Operation* operation;
  bool causal = false;
  Tensor mask{};     ///< undefined, or broadcasts to [batch, heads, L, S]: booleans that say which keys are seen, or what is added to scores
  Tensor padding{};  ///< undefined, or bool [batch, S]: keys that nobody sees
  double dropout = 0;
};

/// The result, [batch, heads, L, width] or as sequences [L, batch, heads * width], and, if wanted, the probabilities after dropout,
/// [batch, heads, L, S]. Shapes and dtypes have been checked.
std::array<Tensor, 2> attend(const Heads& heads, const HeadRules& rules, bool need_weights);

}}  // namespace torch::xgrad
