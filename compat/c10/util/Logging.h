// LOG(severity), CHECK(condition) and their kin, each unless the program has one of that name already. Not part of <torch/torch.h>, as frameworks for
// tests have a CHECK too.
#pragma once
#pragma GCC system_header  // for macros without further arguments, which pedants warn of before C++20

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <sstream>
#include <string_view>
#include <utility>

#include <c10/util/Exception.h>

namespace torch { inline namespace xgrad { namespace logging {

enum Severity : int { INFO, WARNING, ERROR, FATAL };

/// The least severity that is written: what the environment variable TORCH_CPP_LOG_LEVEL says by name or number, else WARNING.
inline Severity least_severity() {
  static const Severity least = [] {
    const char* const text = std::getenv("TORCH_CPP_LOG_LEVEL");
    const std::string_view level = text ? text : "";
    constexpr std::string_view kNames[] = {"INFO", "WARNING", "ERROR", "FATAL"};
    for (int s = INFO; s <= FATAL; ++s)
      if (level == kNames[s] || (level.size() == 1 && level[0] == '0' + s)) return static_cast<Severity>(s);
    return WARNING;
  }();
  return least;
}

/// A line of the log, written to std::cerr at its end: "[W net.cpp:12] text". One that is FATAL ends the program.
class Line {
 public:
  Line(Severity severity, const char* file, int line) : severity_(severity) {
    const std::string_view path = file;
    text_ << '[' << "IWEF"[severity] << ' ' << path.substr(path.rfind('/') + 1) << ':' << line << "] ";
  }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;
  ~Line() {
    if (severity_ >= least_severity() || severity_ == FATAL) std::cerr << text_.str() << std::endl;
    if (severity_ == FATAL) std::abort();
  }
  std::ostream& stream() { return text_; }

 private:
  Severity severity_;
  std::ostringstream text_;
};

/// Makes both branches of a conditional void.
struct Voidify {
  void operator&(std::ostream&) const {}
};

template <class T> T&& not_null(T&& pointer, const char* file, int line, const char* text) {
  if (pointer == nullptr) Line(FATAL, file, line).stream() << '\'' << text << "' Must be non NULL";
  return std::forward<T>(pointer);
}

}}}  // namespace torch::xgrad::logging

#define XGRAD_LOG_LINE(severity) ::torch::xgrad::logging::Line(::torch::xgrad::logging::severity, __FILE__, __LINE__).stream()
#define XGRAD_LOG_IF(severity, condition) !(condition) ? static_cast<void>(0) : ::torch::xgrad::logging::Voidify() & XGRAD_LOG_LINE(severity)
#define XGRAD_CHECK_OR_DIE(condition, text) XGRAD_LOG_IF(FATAL, !(condition)) << "Check failed: " text " "
#define XGRAD_COMPARED_OR_DIE(a, b, op) XGRAD_LOG_IF(FATAL, !((a)op(b))) << "Check failed: " #a " " #op " " #b " (" << (a) << " vs. " << (b) << ") "

#ifndef LOG
#define LOG(severity) XGRAD_LOG_LINE(severity)
#define LOG_IF(severity, condition) XGRAD_LOG_IF(severity, condition)
#define VLOG_IS_ON(verbosity) false
#define VLOG(verbosity) XGRAD_LOG_IF(INFO, VLOG_IS_ON(verbosity))
#endif
#define C10_LOG_EVERY_MS(severity, ms) XGRAD_LOG_LINE(severity)
#define C10_LOG_FIRST_N(severity, n) XGRAD_LOG_LINE(severity)
#define C10_LOG_EVERY_N(severity, n) XGRAD_LOG_LINE(severity)
#define C10_LOG_API_USAGE_ONCE(...) static_cast<void>(0)

#ifndef CHECK
#define CHECK(condition) XGRAD_CHECK_OR_DIE(condition, #condition)
#endif
#ifndef CHECK_EQ
#define CHECK_EQ(a, b) XGRAD_COMPARED_OR_DIE(a, b, ==)
#define CHECK_NE(a, b) XGRAD_COMPARED_OR_DIE(a, b, !=)
#define CHECK_LE(a, b) XGRAD_COMPARED_OR_DIE(a, b, <=)
#define CHECK_LT(a, b) XGRAD_COMPARED_OR_DIE(a, b, <)
#define CHECK_GE(a, b) XGRAD_COMPARED_OR_DIE(a, b, >=)
#define CHECK_GT(a, b) XGRAD_COMPARED_OR_DIE(a, b, >)
#define CHECK_NOTNULL(pointer) ::torch::xgrad::logging::not_null(pointer, __FILE__, __LINE__, #pointer)
#endif

// Where NDEBUG is defined they are compiled and never evaluated.
#ifndef DCHECK
#ifdef NDEBUG
#define XGRAD_DEBUG_ONLY while (false)
#else
#define XGRAD_DEBUG_ONLY
#endif
#define DLOG(severity) XGRAD_DEBUG_ONLY XGRAD_LOG_LINE(severity)
#define DCHECK(condition) XGRAD_DEBUG_ONLY XGRAD_CHECK_OR_DIE(condition, #condition)
#define DCHECK_EQ(a, b) XGRAD_DEBUG_ONLY XGRAD_COMPARED_OR_DIE(a, b, ==)
#define DCHECK_NE(a, b) XGRAD_DEBUG_ONLY XGRAD_COMPARED_OR_DIE(a, b, !=)
#define DCHECK_LE(a, b) XGRAD_DEBUG_ONLY XGRAD_COMPARED_OR_DIE(a, b, <=)
#define DCHECK_LT(a, b) XGRAD_DEBUG_ONLY XGRAD_COMPARED_OR_DIE(a, b, <)
#define DCHECK_GE(a, b) XGRAD_DEBUG_ONLY XGRAD_COMPARED_OR_DIE(a, b, >=)
#define DCHECK_GT(a, b) XGRAD_DEBUG_ONLY XGRAD_COMPARED_OR_DIE(a, b, >)
#endif

// These throw.
#define CAFFE_ENFORCE(condition, ...) TORCH_CHECK(condition, ##__VA_ARGS__)
#define CAFFE_ENFORCE_EQ(a, b, ...) TORCH_CHECK((a) == (b), #a " == " #b ". ", (a), " vs ", (b), ". ", ##__VA_ARGS__)
#define CAFFE_ENFORCE_NE(a, b, ...) TORCH_CHECK((a) != (b), #a " != " #b ". ", (a), " vs ", (b), ". ", ##__VA_ARGS__)
#define CAFFE_ENFORCE_LE(a, b, ...) TORCH_CHECK((a) <= (b), #a " <= " #b ". ", (a), " vs ", (b), ". ", ##__VA_ARGS__)
#define CAFFE_ENFORCE_LT(a, b, ...) TORCH_CHECK((a) < (b), #a " < " #b ". ", (a), " vs ", (b), ". ", ##__VA_ARGS__)
#define CAFFE_ENFORCE_GE(a, b, ...) TORCH_CHECK((a) >= (b), #a " >= " #b ". ", (a), " vs ", (b), ". ", ##__VA_ARGS__)
#define CAFFE_ENFORCE_GT(a, b, ...) TORCH_CHECK((a) > (b), #a " > " #b ". ", (a), " vs ", (b), ". ", ##__VA_ARGS__)
#define CAFFE_THROW(...) AT_ERROR(__VA_ARGS__)
