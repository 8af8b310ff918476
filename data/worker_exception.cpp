#include <xgrad/data/worker_exception.h>

#include <utility>

namespace torch { inline namespace xgrad { namespace data {

namespace {

std::string message_of(const std::exception_ptr& original) {
  std::string message = "Caught exception in DataLoader worker thread.";
  try {
    std::rethrow_exception(original);
  } catch (const std::exception& e) {
    message += std::string(" Original message: ") + e.what();
  } catch (...) {}
  return message;
}

}  // namespace

WorkerException::WorkerException(std::exception_ptr original)
    : Error(message_of(original)), original_exception(std::move(original)), message(what()) {}
WorkerException::~WorkerException() = default;

}}}  // namespace torch::xgrad::data
