#!/usr/bin/env bash
# The names in torch::nn that libtorch's headers offer to programs, one a line: nn_names.sh [FOLDER OF torch/nn.h]. compat/nn.list is
# made of them.
set -eu
cd "${1:-/usr/include/torch/csrc/api/include}/torch/nn"

# last_words NAMESPACE: the last word of each line, with the namespace in front.
last_words() { sed -E "s/.*\b(\w+)\W*$/$1\1/"; }
modules() {
  grep -rhoE 'TORCH_MODULE(_IMPL)?\(\w+' modules
  grep -rhoE '^class (TORCH_API )?\w+ : public (torch::nn::)?ModuleHolder' modules | sed 's/ :.*//'
  grep -hoE '^class (TORCH_API )?\w+ ' modules/container/{any,any_value,named_any}.h module.h cloneable.h pimpl.h
}
options() { grep -rhoE '^(struct TORCH_API|struct|class|using|typedef .*>) \w+Options' options; }
# The functions of some headers, by what their declarations begin with.
functions() { grep -rhoE "^($1) [A-Za-z_:<>, &]+ \w+\(" "${@:2}"; }
{
  modules | last_words ''
  options | grep -v FuncOptions | last_words ''
  options | grep FuncOptions | last_words functional::
  functions inline functional | last_words functional::
  functions TORCH_API init.h | last_words init::
  functions 'inline|TORCH_API' utils/clip_grad.h utils/convert_parameters.h | last_words utils::
  functions inline utils/rnn.h | last_words utils::rnn::
} | grep -vE '(^|::)(_\w*|M|Name|ConvNdOptions|\w*_helper|padding_unwrap|invert_permutation)$' | sort -u
