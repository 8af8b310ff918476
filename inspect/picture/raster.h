// Drawings as pixels. Internal.
#pragma once

#include <string>

#include <xgrad/inspect/picture/picture.h>

namespace torch { inline namespace xgrad { namespace inspect {

/// The picture as a PNG file with 1.5 * `scale` pixels for each of the drawing's. Throws a ValueError when there would be none, or more than 2^28.
std::string raster_png(const Picture& picture, double scale);

}}}  // namespace torch::xgrad::inspect
