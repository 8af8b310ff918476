// c10's logging macros: what is checked, evaluated and thrown; what is written goes to the error stream.
#include <c10/util/Logging.h>
#include <torch/torch.h>

#include <ATen/record_function.h>

static int evaluated = 0;
static int counted(int value) {
  ++evaluated;
  return value;
}

static torch::Tensor measured(const torch::Tensor& x) {
  RECORD_FUNCTION("measured", std::vector<c10::IValue>({x}));
  {
    RECORD_USER_SCOPE("inside");
    return x * 2;
  }
}

int main() {
  CHECK(counted(1) == 1) << "never";
  CHECK_EQ(counted(2), 2) << "never";
  CHECK_NE(counted(2), 3);
  CHECK_LT(1, counted(2));
  CHECK_LE(2, counted(2));
  CHECK_GT(counted(3), 2);
  CHECK_GE(counted(3), 3) << " never";
  std::cout << evaluated << "\n";
  DCHECK(true) << "never";
  DCHECK_EQ(1, 1);
  int number = 7;
  std::cout << *CHECK_NOTNULL(&number) << "\n";
  if (number > 3) CHECK(true);
  else std::cout << "the other branch\n";
  LOG(INFO) << "a line of " << number;
  LOG_IF(WARNING, number < 3) << counted(1);
  LOG_IF(WARNING, number > 3) << counted(1);
  std::cout << evaluated << "\n";
  C10_LOG_API_USAGE_ONCE("compat.logging");
  CAFFE_ENFORCE(number == 7, "seven");
  CAFFE_ENFORCE_EQ(number, 7);
  CAFFE_ENFORCE_GT(number, 6, "more than ", 6);
  for (const int kind : {0, 1, 2, 3}) {
    try {
      if (kind == 0) CAFFE_ENFORCE(number == 8, "it is ", number);
      if (kind == 1) CAFFE_ENFORCE_LT(number, 7, "below");
      if (kind == 2) CAFFE_THROW("thrown ", number);
      if (kind == 3) CAFFE_ENFORCE_EQ(number, 8);
      std::cout << "passed\n";
    } catch (const c10::Error& e) {
      const std::string text = e.what();
      std::cout << kind << " " << (text.find("it is 7") != std::string::npos) << (text.find("below") != std::string::npos)
                << (text.find("thrown 7") != std::string::npos) << (text.find("7 vs 8") != std::string::npos) << "\n";
    }
  }
  std::cout << measured(torch::ones({2})) << "\n";
  // What libtorch's headers bring of the standard library's.
  std::queue<int> queue;
  std::list<int> list{1, 2};
  std::complex<double> z(1, 2);
  assert(queue.empty());
  std::cout << list.size() << std::norm(z) << INT_MAX << std::bitset<4>(5) << std::stack<int>().size() << "\n";
}
