# A header as doxygen reads it: names as programs write them, xgrad::nn::Linear, not torch::xgrad::nn::Linear, and the lists of operations, which have
# no namespace of their own, in theirs.
FNR == 1 { in_list = FILENAME ~ /\/tensor\/operations\// }
in_list && /^#ifdef XGRAD_METHOD$/ { print "namespace xgrad {"; next }
in_list && /^#(else|endif)/ { if (!closed++) print "}"; else print ""; next }
in_list && /^#include/ { print ""; next }
/^namespace xgrad = torch::xgrad;|^namespace torch \{$|^\}  \/\/ namespace torch$/ { print ""; next }
{
  sub(/^inline namespace xgrad \{$/, "namespace xgrad {")
  sub(/namespace torch \{ inline namespace xgrad \{/, "namespace xgrad {")
  if (/\/\/ namespace torch::xgrad/) sub(/\}/, "")
  print
}
