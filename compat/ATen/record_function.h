// Marks of scopes for libtorch's profiler. There is none here, so they cost nothing and their arguments are not evaluated, as in libtorch while
// no profiler runs; xgrad's own profile (xgrad/inspect/inspect.h) goes by operation and module.
#pragma once
#pragma GCC system_header  // for macros without further arguments, which pedants warn of before C++20

#define RECORD_FUNCTION(name, inputs, ...) static_cast<void>(0)
#define RECORD_FUNCTION_WITH_SCOPE(scope, name, inputs, ...) static_cast<void>(0)
#define RECORD_USER_SCOPE(name) static_cast<void>(0)
#define RECORD_USER_SCOPE_WITH_INPUTS(name, inputs) static_cast<void>(0)
#define RECORD_TORCHSCRIPT_FUNCTION(name, inputs) static_cast<void>(0)
