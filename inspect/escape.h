// Text and numbers as formats of text want them. Internal.
#pragma once

#include <string>
#include <string_view>

#include <xgrad/autograd/core/export.h>

namespace torch { inline namespace xgrad { namespace inspect {

/// The text with every byte that is no part of valid UTF-8 replaced by U+FFFD.
std::string valid_utf8(std::string_view text);

/// The text for XML and HTML, in elements and in attributes of either quotes; control characters that XML cannot hold are replaced by U+FFFD.
std::string xml_escaped(std::string_view text);

/// The text as a JSON string, with its quotes.
std::string json_quoted(std::string_view text);

/// The text as a field of CSV (RFC 4180): in quotes where it has commas, quotes or ends of lines.
std::string csv_field(std::string_view text);

/// The shortest digits that read back as the same number, whatever the locale: "0.1", "1e-07", "nan", "inf", "-inf".
std::string number_text(double value);

/// The same as a JSON value; what JSON has no number for is a string, which Python's float() takes: "nan", "inf", "-inf".
std::string json_number(double value);

/// With this many digits behind the point, 0 to 17.
std::string fixed_text(double value, int decimals);

/// At most `digits` significant digits, without zeros at the end: "0.0123", "12300", "1.2e-09".
std::string short_text(double value, int digits = 4);

/// A count with its thousands apart: "1,234,567".
std::string grouped_text(long long count);

/// In the largest unit of which there is one: "1.2 MB", "345 B", 1 kB being 1000 B.
std::string bytes_text(double bytes);

/// "1.2 ms", "345 ns".
std::string time_text(double seconds);

/// Characters as a reader counts them: code points of the UTF-8 text.
size_t characters(std::string_view text);

/// The bytes in base64 (RFC 4648), padded.
std::string base64(std::string_view bytes);

}}}  // namespace torch::xgrad::inspect
