// An exception on its way from a worker thread to the training thread.
#pragma once

#include <exception>
#include <string>

#include <xgrad/autograd/core/error.h>

namespace torch { inline namespace xgrad { namespace data {

/// What iterating over a data loader throws where a worker's dataset or transform threw.
struct XGRAD_API WorkerException : public Error {
  explicit WorkerException(std::exception_ptr original);
  ~WorkerException() override;
  std::exception_ptr original_exception;
  /// "Caught exception in DataLoader worker thread. Original message: ..."
  std::string message;
};

}}}  // namespace torch::xgrad::data
