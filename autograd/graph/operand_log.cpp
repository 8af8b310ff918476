#include <xgrad/autograd/graph/operand_log.h>

#include <utility>

#include <xgrad/autograd/graph/node.h>

namespace torch { inline namespace xgrad {

__thread OperandLog* OperandLog::innermost_ = nullptr;

OperandLog::OperandLog(Wanted wanted) : wanted_(wanted), outer_(std::exchange(innermost_, this)) {}

void OperandLog::stop() {
  if (!std::exchange(stopped_, true)) innermost_ = outer_;
}

const OperandLog::Operands* OperandLog::find(const Node& node) const {
  const auto found = entries_.find(&node);
  return found != entries_.end() && found->second.sequence == node.sequence_nr() ? &found->second.operands : nullptr;
}

void OperandLog::note(const Node& node, ArrayRef<const Tensor*> operands) {
  for (OperandLog* log = innermost_; log; log = log->outer_) {
    if (!node.operation() || !log->wanted_(*node.operation())) continue;
    Entry entry{node.sequence_nr(), {}};
    entry.operands.reserve(operands.size());
    for (const Tensor* t : operands) entry.operands.push_back(t->defined() && !t->is_sparse() ? SavedTensor(*t) : SavedTensor());
    log->entries_.insert_or_assign(&node, std::move(entry));
  }
}

}}  // namespace torch::xgrad
