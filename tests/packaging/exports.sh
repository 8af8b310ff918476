#!/usr/bin/env bash
# What shared libraries export is on purpose: names of torch::xgrad, with the version of the release, that public headers declare, and what types are.
# What is for the tests and the components alone, which link the same library, is listed here. exports.sh PREFIX CXX
set -eu
prefix=$1 cxx=$2
internal='
  add_into add_to_sum allocate_in_order_of allocate_with_channels_innermost allocate_with_strides append_memory as_strided_adjoint as_strided_part
  as_strided_zeroed begins blas_core check_in_place Collective columns_of contiguous_as copy_elements copy_in_order_of copy_in_place_of copy_of
  crc32_of differentiate_in_place differentiate_through fills_memory finish floating_result_type geometry_of has_channels_innermost innermost_
  instruction_set kept_launches_epoch launch_as_written launch_observer LaunchRecorder link Link make_sparse make_view may_write_directly ModuleCalls
  most_tile_products most_vector_products note_forward note_inputs Observe observe OperandLog outdate_kept_launches own_rows pass_on
  pointwise pointwise_into progress_text queue_callback read_file rebase_history refuse_second_sweep replace_file report running_node scale_rows short_number
  step_observer strided_range strides_in_order_of take_shape Trace with_channels_innermost write_in_place write_png
'
soversion=$(pkg-config --modversion "$(find "$prefix" -name xgrad.pc)" | sed 's/\.[^.]*$//')
fail() { echo "$1" $(head -20 <<< "$2"); exit 1; }

symbols=
for library in $(find "$prefix" -name 'libxgrad*.so'); do
  defined=$(nm -D --defined-only "$library" | awk '$2 != "A" { print $3 }')
  other=$(grep -v "@@XGRAD_$soversion\$" <<< "$defined" || true)
  [ -z "$other" ] || fail "$library exports without the version XGRAD_$soversion:" "$other"
  foreign=$(grep -vE '^_ZT[IS]|5torch5xgrad' <<< "$defined" || true)
  [ -z "$foreign" ] || fail "$library exports what is not in torch::xgrad:" "$foreign"
  echo "$(basename "$library") exports $(wc -l <<< "$defined") symbols"
  symbols+=$defined$'\n'
done

# The last name of each function, method and variable before its template's arguments: that of a class for its constructors and operators.
exported=$(awk '
  !/^_ZN[rVKRO]*5torch/ { next }
  {
    sub(/^_ZN[rVKRO]*/, "")
    while (match($0, /^[0-9]+/)) {
      n = substr($0, 1, RLENGTH) + 0
      last = substr($0, RLENGTH + 1, n)
      $0 = substr($0, RLENGTH + n + 1)
    }
    print last
  }' <<< "$symbols" | LC_ALL=C sort -u)

cd "$prefix/include"
declared=$(find xgrad xgrad-torch/torch -name '*.h' ! -name xtensor.h ! -path "*/distributed/mpi.h" | sed 's,^xgrad-torch/,,; s/.*/#include <&>/' |
  "$cxx" -std=c++17 ${CXXFLAGS-} -I . -I xgrad-torch -E -P -x c++ - 2> /dev/null | grep -oE '[A-Za-z_][A-Za-z_0-9]*' | LC_ALL=C sort -u)
hidden=$(LC_ALL=C comm -23 <(echo "$exported") <(echo "$declared"))
listed=$(tr -s ' ' '\n' <<< "$internal" | grep . | LC_ALL=C sort)
unknown=$(LC_ALL=C comm -23 <(echo "$hidden") <(echo "$listed"))
stale=$(LC_ALL=C comm -13 <(echo "$hidden") <(echo "$listed"))
[ -z "$unknown" ] || fail "exported, but declared by no public header:" "$unknown"
[ -z "$stale" ] || fail "listed here, but not exported, or public now:" "$stale"
echo "$(wc -l <<< "$exported") names, $(wc -l <<< "$hidden") of them for the tests and components alone"
