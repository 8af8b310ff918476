// Internal.
#pragma once

#include <string>

#include <xgrad/autograd/core/namespace.h>

namespace torch { inline namespace xgrad { namespace io {

/// True iff the text is UTF-8, by the shortest forms and without surrogates.
bool is_utf8(const std::string& text);

}}}  // namespace torch::xgrad::io
