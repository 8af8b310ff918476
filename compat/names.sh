#!/usr/bin/env bash
# The names that libtorch's headers offer to programs in one of its namespaces, one a line: names.sh nn|data|optim [FOLDER OF torch/nn.h].
# compat/nn.list and its like are made of them.
set -eu
cd "${2:-/usr/include/torch/csrc/api/include}/torch"

# last_words NAMESPACE: the last word of each line, with the namespace in front.
last_words() { sed -E "s/.*\b(\w+)\W*$/$1\1/"; }
# The functions of some headers, by what their declarations begin with.
functions() { grep -rhoE "^($1) [A-Za-z_:<>, &]+ \w+\(" "${@:2}"; }

nn_modules() {
  grep -rhoE 'TORCH_MODULE(_IMPL)?\(\w+' modules
  grep -rhoE '^class (TORCH_API )?\w+ : public (torch::nn::)?ModuleHolder' modules | sed 's/ :.*//'
  grep -hoE '^class (TORCH_API )?\w+ ' modules/container/{any,any_value,named_any}.h module.h cloneable.h pimpl.h
}
nn_options() { grep -rhoE '^(struct TORCH_API|struct|class|using|typedef .*>) \w+Options' options; }
nn() {
  cd nn
  {
    nn_modules | last_words ''
    nn_options | grep -v FuncOptions | last_words ''
    nn_options | grep FuncOptions | last_words functional::
    functions inline functional | last_words functional::
    functions TORCH_API init.h | last_words init::
    functions 'inline|TORCH_API' utils/clip_grad.h utils/convert_parameters.h | last_words utils::
    functions inline utils/rnn.h | last_words utils::rnn::
  } | grep -vE '(^|::)(_\w*|M|Name|ConvNdOptions|\w*_helper|padding_unwrap|invert_permutation)$'
}

# The types, aliases and functions that begin a line of a header, those of namespaces in $1 aside.
declared() {
  awk -v aside="$1" '
    $1 == "namespace" && $2 ~ "^(" aside ")$" { skip = $2 }
    skip != "" { if ($0 ~ "^} //+ *namespace " skip) skip = ""; next }
    /^(class|struct|using) / { sub(/TORCH_API /, ""); sub(/[^A-Za-z0-9_].*/, "", $2); print $2; next }
    /^[A-Za-z]/ && match($0, /(^|[ >])[a-z_]+\(/) { name = substr($0, RSTART, RLENGTH - 1); sub(/^[ >]/, "", name); print name }' "${@:2}"
}
data() {
  cd data
  declared 'detail|serialize|datasets|samplers|transforms|example' ./*.h dataloader/*.h
  for space in datasets samplers transforms; do declared 'detail|serialize' $space/*.h | sed "s/^/$space::/"; done
  grep -A 1 '^namespace example' example.h | declared none - | sed 's/^/example::/'
}

# Not the names of other namespaces that a header declares to know them.
optim() { declared none optim/*.h optim/schedulers/*.h | grep -vE '^(_.*|at|Tensor|InputArchive|OutputArchive)$'; }

"$1" | sort -u
