// Whether all ranks mean the same, said in words.
#pragma once

#include <string>
#include <vector>

#include <xgrad/distributed/communicator.h>

namespace torch { inline namespace xgrad { namespace distributed {

/// The text of rank `root`, on all ranks.
XGRAD_API std::string broadcast_text(const std::string& text, int root, const Communicator& communicator);
/// The texts of all ranks.
XGRAD_API std::vector<std::string> all_gather_texts(const std::string& text, const Communicator& communicator);

/// Compares lines with those of rank 0. All ranks throw the same sentence if any differs: "[operation] rank 2 differs from rank 0 at <what>
/// 3: it has <line>, rank 0 has <line>"; a line too many or too few counts.
XGRAD_API void check_same_lines(const char* operation, const char* what, const std::vector<std::string>& lines, const Communicator& communicator);

}}}  // namespace torch::xgrad::distributed
