// Says what is wrong with a text that should be XML.
#pragma once

#include <cctype>
#include <set>
#include <string>
#include <vector>

/// Empty for well-formed elements: every tag ended in order, attributes quoted and named once, references known, no control characters.
inline std::string what_is_wrong_with(const std::string& xml) {
  std::vector<std::string> open;
  size_t at = 0;
  const auto near = [&] { return " near: " + xml.substr(at, 60); };
  const auto check_text = [&](const std::string& text) -> std::string {
    for (size_t i = 0; i < text.size(); ++i) {
      const auto c = static_cast<unsigned char>(text[i]);
      if (c < ' ' && c != '\n' && c != '\t' && c != '\r') return "a control character";
      if (c == '<') return "< in a text";
      if (c != '&') continue;
      const std::string name = text.substr(i, text.find(';', i) - i + 1);
      if (!std::set<std::string>{"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"}.count(name)) return "an unknown reference " + name;
    }
    return "";
  };
  while (at < xml.size()) {
    const size_t tag = std::min(xml.find('<', at), xml.size());
    if (const std::string wrong = check_text(xml.substr(at, tag - at)); !wrong.empty()) return wrong + near();
    at = tag;
    if (at == xml.size()) break;
    if (xml[at + 1] == '/') {
      const size_t end = xml.find('>', at);
      const std::string name = xml.substr(at + 2, end - at - 2);
      if (open.empty() || open.back() != name) return "an end without a beginning, " + name + near();
      open.pop_back();
      at = end + 1;
      continue;
    }
    size_t i = at + 1;
    while (i < xml.size() && std::isalnum(static_cast<unsigned char>(xml[i]))) ++i;
    const std::string name = xml.substr(at + 1, i - at - 1);
    if (name.empty()) return "a tag without a name" + near();
    std::set<std::string> attributes;
    for (;;) {
      while (i < xml.size() && std::isspace(static_cast<unsigned char>(xml[i]))) ++i;
      if (i >= xml.size()) return "a tag without an end" + near();
      if (xml[i] == '>' || xml[i] == '/') break;
      const size_t equals = xml.find('=', i);
      if (equals == std::string::npos || (xml[equals + 1] != '\'' && xml[equals + 1] != '"')) return "an attribute without quotes" + near();
      if (!attributes.insert(xml.substr(i, equals - i)).second) return "an attribute twice" + near();
      const size_t end = xml.find(xml[equals + 1], equals + 2);
      if (const std::string wrong = check_text(xml.substr(equals + 2, end - equals - 2)); !wrong.empty()) return wrong + near();
      i = end + 1;
    }
    if (xml[i] == '/') ++i;
    else open.push_back(name);
    at = i + 1;
  }
  return open.empty() ? "" : "no end of " + open.back();
}

/// How often a text occurs.
inline size_t times(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++count;
  return count;
}
