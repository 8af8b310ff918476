// c10's checks and warnings, and who hears of them.
#include <torch/torch.h>

struct Listener : c10::WarningHandler {
  void process(const c10::SourceLocation& place, const std::string& text, bool verbatim) override {
    std::cout << "heard: " << text << (verbatim ? " verbatim" : "") << (place.line > 0 ? "" : " nowhere") << "\n";
  }
};

void complain(int n) {
  TORCH_WARN("complaint ", n, " of ", std::vector<int64_t>{1, 2}.size());
  TORCH_WARN_ONCE("only once, n = ", n);
}

template <class F> void attempt(F f) {
  try {
    f();
    std::cout << "fine\n";
  } catch (const c10::IndexError& e) {
    std::cout << "index: " << e.what_without_backtrace() << "\n";
  } catch (const c10::ValueError& e) {
    std::cout << "value: " << e.what_without_backtrace() << "\n";
  } catch (const c10::TypeError& e) {
    std::cout << "type: " << e.what_without_backtrace() << "\n";
  } catch (const c10::NotImplementedError& e) {
    std::cout << "not implemented: " << e.what_without_backtrace() << "\n";
  } catch (const c10::LinAlgError& e) {
    std::cout << "linear algebra: " << e.what_without_backtrace() << "\n";
  } catch (const c10::Error& e) {
    std::cout << "error: " << e.what_without_backtrace() << "\n";
  }
}

int main() {
  Listener listener;
  c10::WarningHandler* before = c10::Warning::get_warning_handler();
  c10::Warning::set_warning_handler(&listener);
  std::cout << (c10::Warning::get_warning_handler() == &listener) << (before != nullptr) << c10::Warning::get_warnAlways() << "\n";
  complain(1);
  complain(2);
  c10::Warning::set_warnAlways(true);
  complain(3);
  {
    c10::Warning::WarnAlways seldom(false);
    complain(4);
  }
  c10::Warning::warn({"f", "file.cpp", 7}, "by hand", true);
  {
    Listener other;
    c10::Warning::WarningHandlerGuard guard(&other);
    std::cout << (c10::Warning::get_warning_handler() == &other) << "\n";
  }
  std::cout << (c10::Warning::get_warning_handler() == &listener) << "\n";
  torch::nn::Module module;
  module.register_parameter("weight", torch::Tensor(), /*requires_grad=*/false);
  module.register_parameter("bias", torch::Tensor());
  c10::Warning::set_warning_handler(before);

  const int n = 3;
  attempt([&] { TORCH_CHECK(n == 3, "n is ", n); });
  attempt([&] { TORCH_CHECK(n == 4, "n is ", n, " of ", torch::kFloat, " and ", c10::IntArrayRef({2, 3})); });
  attempt([&] { TORCH_CHECK_INDEX(n < 3, "index ", n); });
  attempt([&] { TORCH_CHECK_VALUE(n < 3, "value ", n); });
  attempt([&] { TORCH_CHECK_TYPE(n < 3, "type ", n); });
  attempt([&] { TORCH_CHECK_NOT_IMPLEMENTED(n < 3, "nothing for ", n); });
  attempt([&] { TORCH_CHECK_LINALG(n < 3, "matrix ", n); });
  attempt([&] { TORCH_CHECK_ARG(n < 3, 2, "too large"); });
  attempt([&] { TORCH_CHECK_WITH(ValueError, n < 3, "with ", n); });
  attempt([&] { AT_ERROR("at ", n); });
  attempt([&] { throw c10::Error({__func__, __FILE__, 1}, "thrown"); });
  try {
    torch::linalg::inv(torch::zeros({2, 2}));
  } catch (const c10::LinAlgError&) {
    std::cout << "a singular matrix\n";
  }
  try {
    TORCH_INTERNAL_ASSERT(n < 3, "inside ", n);
  } catch (const c10::Error& e) {
    const std::string text = e.what_without_backtrace();
    std::cout << (text.find("n < 3") == 0) << (text.find("INTERNAL ASSERT FAILED at") != std::string::npos)
              << (text.find("inside 3") != std::string::npos) << "\n";
  }
}
