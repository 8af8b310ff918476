#!/usr/bin/env bash
# Fails on an #include that points upward, and on a namespace without xgrad: layering.sh SOURCE
set -eu
cd "$1"
bad=0

# refuse FOLDER PATTERN: no file in FOLDER may include <xgrad/PATTERN...>
refuse() {
  [ -d "$1" ] || return 0
  if grep -rnE --include='*.h' --include='*.cpp' "#include [<\"](xgrad/)?($2)" "$1"; then
    echo "$1 must not include $2"
    bad=1
  fi
}
refuse autograd 'nn/|optim/|data/|io/|examples/|tests/|xgrad\.h|torch/'
refuse autograd/kernels 'autograd/(ops|tensor\.|tensor_impl|node|record|saved|engine|sweep|catalogue|pointwise|operators|in_place|anomaly)'
refuse nn 'optim/|data/|examples/|tests/|xgrad\.h|torch/'
refuse optim 'nn/|data/|examples/|tests/|xgrad\.h|torch/'
refuse data 'nn/|optim/|examples/|tests/|xgrad\.h|torch/'
refuse io 'optim/|data/|examples/|tests/|xgrad\.h|torch/'

# Clang gives what is declared in `namespace torch::nn {` another symbol than g++ does: see autograd/namespace.h.
if grep -rnE --include='*.h' --include='*.cpp' '^ *namespace torch::' autograd nn optim data io; then
  echo "open it as: namespace torch { inline namespace xgrad { namespace ..."
  bad=1
fi
exit $bad
