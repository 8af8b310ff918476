// A function at a point, with its derivatives there: recorded once, asked any number of times.
#pragma once

#include <memory>

#include <xgrad/autograd/func/function.h>

namespace torch { inline namespace xgrad { namespace func {

/// Calls f once when made, and keeps the record as long as it lives. f's inputs and outputs stand for vectors of all their elements;
/// J is the Jacobian there. Outputs that are integers or don't depend on the inputs have derivative zero.
///
///   const Linearized at(f, inputs);
///   variable_list gx = at.vjp(v), ty = at.jvp(t);
///
/// Throws for inputs that are not floating or undefined, and what f throws.
class XGRAD_API Linearized {
 public:
  Linearized(const ListMap& f, const variable_list& inputs, const Options& options = {});
  ~Linearized();
  Linearized(Linearized&&) noexcept;
  Linearized& operator=(Linearized&&) noexcept;

  /// f's outputs; part of the graph iff create_graph.
  const variable_list& outputs() const;
  /// What f was called with.
  const variable_list& inputs() const;
  /// J^T v, in the inputs' shapes: one backward pass. v: one tensor per output in its shape; an empty list stands for 1 and needs one output
  /// with one element.
  variable_list vjp(const variable_list& v) const;
  /// J t, in the outputs' shapes, by forward mode: as many operations as f. t: one tensor per input in its shape. Operations without a rule
  /// for tangents (linear algebra, normalisation, pooling, transposed convolutions, attention, recurrent layers, losses, indexing by tensors and
  /// what users define) are differentiated twice, each by itself: the first call of jvp() costs two backward passes there, further ones one.
  variable_list jvp(const variable_list& t) const;
  /// sum over k of the second derivative along directions[k], in the outputs' shapes; each direction one tensor per input. By forward mode:
  /// for K directions about as much as K + 1 calls of jvp().
  variable_list second_derivative(const std::vector<variable_list>& directions) const;

 private:
  class Record;
  std::unique_ptr<Record> record_;
};

}}}  // namespace torch::xgrad::func
