// What the program of a page of docs/ is made of: see snippets.awk.
#pragma once

namespace docs {

/// Prints the line at which a block begins, between what the blocks print.
void begins(int line);
/// Runs a section's function. What it prints cannot depend on a seed that another section has set: it begins with an arbitrary one.
void section(void (*function)());
/// All sections; each page defines it.
void run();

}  // namespace docs
