#include <xgrad/distributed/agreement.h>

#include <algorithm>
#include <cstdint>

#include <xgrad/autograd/core/error.h>
#include <xgrad/distributed/all_reduce.h>

namespace torch { inline namespace xgrad { namespace distributed {

std::string broadcast_text(const std::string& text, int root, const Communicator& communicator) {
  uint64_t length = text.size();
  const Collective call(communicator.transport(), CollectiveKind::Agreement, kByte, {int64_t{root}});
  broadcast_flat(call, &length, sizeof length, root);
  std::string result = communicator.rank() == root ? text : std::string(length, '\0');
  broadcast_flat(call, result.data(), length, root);
  return result;
}

std::vector<std::string> all_gather_texts(const std::string& text, const Communicator& communicator) {
  std::vector<std::string> texts(static_cast<size_t>(communicator.size()));
  for (int rank = 0; rank < communicator.size(); ++rank) texts[static_cast<size_t>(rank)] = broadcast_text(text, rank, communicator);
  return texts;
}

void check_same_lines(const char* operation, const char* what, const std::vector<std::string>& lines, const Communicator& communicator) {
  std::string joined;
  for (const std::string& line : lines) joined += line + '\n';
  const std::string theirs = broadcast_text(joined, 0, communicator);
  std::string problem;
  size_t begin = 0;
  for (size_t i = 0; problem.empty() && (i < lines.size() || begin < theirs.size()); ++i) {
    const size_t end = theirs.find('\n', begin);
    const std::string other = begin < theirs.size() ? theirs.substr(begin, end - begin) : "none", mine = i < lines.size() ? lines[i] : "none";
    if (mine != other) {
      problem = xgrad::detail::concatenate("[", operation, "] rank ", communicator.rank(), " differs from rank 0 at ", what, " ", i, ": it has ",
                                           mine, ", rank 0 has ", other);
    }
    begin = end == std::string::npos ? theirs.size() : end + 1;
  }
  // Nearly always nobody has a problem: then no texts are sent around.
  uint8_t any = !problem.empty();
  Workspace workspace;
  const Collective call(communicator.transport(), CollectiveKind::Agreement, kByte, {}, operation);
  all_reduce_flat(call, kByte, ReduceOp::Max, &any, 1, workspace);
  if (!any) return;
  for (const std::string& text : all_gather_texts(problem, communicator)) XGRAD_CHECK(text.empty(), text);
}

}}}  // namespace torch::xgrad::distributed
