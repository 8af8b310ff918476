// Glyphs of the characters in pictures of pixels. Internal.
#pragma once

#include <cstdint>
#include <string_view>

#include <xgrad/autograd/core/namespace.h>

namespace torch { inline namespace xgrad { namespace inspect {

constexpr int kGlyphWidth = 10, kGlyphHeight = 20, kGlyphBaseline = 16;

/// Whether the glyph of a character (Latin-1; of every other one a box) has ink at a column from the left and a row from the top.
bool glyph_has_ink(uint32_t character, int column, int row);

}}}  // namespace torch::xgrad::inspect
