// The families of operations by name.
#pragma once

#include <string>

namespace graphs {

/// From now on operations of this family are drawn ten times as often; throws for a name that is none.
void draw_more_of(const std::string& family);

}  // namespace graphs
