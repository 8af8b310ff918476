// Runs a program and compares what it prints with a recorded text: compare RECORDED PROGRAM..., the program being one word
// or, after an emulator, several.
// The text must be equal, blanks before numbers aside; whole numbers must be equal; others may differ by one in the last printed digit.
#include <cctype>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

struct Token {
  std::string text;
  bool number = false;
  int line = 1;
};

static size_t digits(const std::string& s, size_t i) {
  while (i < s.size() && std::isdigit(static_cast<unsigned char>(s[i]))) ++i;
  return i;
}

// The end of the number that starts at i, or i when none does.
static size_t number_end(const std::string& s, size_t i) {
  size_t p = s[i] == '-' ? i + 1 : i;
  if (s.compare(p, 3, "nan") == 0 || s.compare(p, 3, "inf") == 0) return p + 3;
  size_t end = digits(s, p);
  if (end == p) return i;
  if (end < s.size() && s[end] == '.') end = digits(s, end + 1);
  if (end + 1 < s.size() && s[end] == 'e' && (s[end + 1] == '-' || s[end + 1] == '+')) end = digits(s, end + 2);
  return end;
}

static std::vector<Token> tokens(const std::string& s) {
  std::vector<Token> out;
  int line = 1;
  bool after_letter = false;
  for (size_t i = 0; i < s.size();) {
    size_t end = after_letter ? i : number_end(s, i);
    const bool number = end > i;
    if (!number) end = i + 1;
    after_letter = !number && std::isalpha(static_cast<unsigned char>(s[i]));
    if (s[i] != ' ') out.push_back({s.substr(i, end - i), number, line});
    if (s[i] == '\n') ++line;
    i = end;
  }
  return out;
}

// What one in the last printed digit is worth; 0 for a whole number.
static double last_digit(const std::string& number) {
  const size_t e = number.find('e'), point = number.find('.');
  if (point == std::string::npos && e == std::string::npos) return 0;
  const size_t mantissa_end = e == std::string::npos ? number.size() : e;
  const double decimals = point == std::string::npos ? 0 : static_cast<double>(mantissa_end - point - 1);
  const double exponent = e == std::string::npos ? 0 : std::atof(number.c_str() + e + 1);
  return std::pow(10.0, exponent - decimals);
}

static bool agree(const Token& expected, const Token& actual) {
  if (expected.text == actual.text) return true;
  if (!expected.number || !actual.number) return false;
  const double unit = std::max(last_digit(expected.text), last_digit(actual.text));
  return std::abs(std::atof(expected.text.c_str()) - std::atof(actual.text.c_str())) <= 1.01 * unit;
}

static std::string output_of(const std::string& program) {
  std::FILE* pipe = popen(program.c_str(), "r");
  if (!pipe) return {};
  std::string text;
  char block[4096];
  for (size_t n; (n = std::fread(block, 1, sizeof block, pipe)) > 0;) text.append(block, n);
  const int status = pclose(pipe);
  if (status != 0) {
    std::cout << text << "\n" << program << " ended with status " << status << "\n";
    std::exit(1);
  }
  return text;
}

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  std::string program;
  for (int i = 2; i < argc; ++i) program += std::string(i == 2 ? "'" : " '") + argv[i] + "'";
  std::ifstream file(argv[1]);
  std::stringstream recorded;
  recorded << file.rdbuf();
  const std::string expected = recorded.str(), actual = output_of(program);
  const std::vector<Token> e = tokens(expected), a = tokens(actual);
  size_t numbers = 0, other_digits = 0, i = 0;
  for (; i < e.size() && i < a.size() && agree(e[i], a[i]); ++i) {
    numbers += e[i].number;
    other_digits += e[i].text != a[i].text;
  }
  if (e.empty() || i < e.size() || i < a.size()) {
    std::cout << actual << "\nDiffers in line " << (i < a.size() ? a[i].line : 0) << ": expected '" << (i < e.size() ? e[i].text : "the end")
              << "' (line " << (i < e.size() ? e[i].line : 0) << "), got '" << (i < a.size() ? a[i].text : "the end") << "'\n";
    return 1;
  }
  std::cout << numbers << " numbers; ";
  if (expected == actual) std::cout << "the same character by character\n";
  else std::cout << other_digits << " differ by one in the last printed digit\n";
}
