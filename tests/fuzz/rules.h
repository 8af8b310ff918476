// How the arguments of an operation are chosen: one rule for each kind of call. Of an operation that edits, x is a value that
// may be edited and the others broadcast into it.
#pragma once

#include "chooser.h"

namespace graphs {

struct Family {
  int first, last;  // places in operations()
  int weight;
};
const std::vector<Family>& families();
int total_weight();

// x, and numbers a, b and a flag, which are always there; x of any dtype, floating, in the operation's domain
bool any_rule(Chooser&, Step&);
bool floating_rule(Chooser&, Step&);
bool positive_rule(Chooser&, Step&);
bool probability_rule(Chooser&, Step&);
bool integer_rule(Chooser&, Step&);  // x and y are integers or Bool, alike in shape
// y broadcasts with x, z with both; y and z have x's shape
bool pair_rule(Chooser&, Step&);
bool triple_rule(Chooser&, Step&);
bool same_rule(Chooser&, Step&);
bool choice_rule(Chooser&, Step&);  // z is a mask of x's shape, y broadcasts with x
// i is an axis, p are axes; i, j are two axes and k an offset; p is an order of all axes
bool axis_rule(Chooser&, Step&);
bool floating_axis_rule(Chooser&, Step&);
bool even_axis_rule(Chooser&, Step&);
bool axes_rule(Chooser&, Step&);
bool two_axes_rule(Chooser&, Step&);
bool order_rule(Chooser&, Step&);
bool ranked_rule(Chooser&, Step&);  // as axis_rule; j of [1, size]
// i is an axis and: j an index; j, k, l start, end and step; j, k start and length; p sizes that add up; j pieces; p, q a division
bool select_rule(Chooser&, Step&);
bool slice_rule(Chooser&, Step&);
bool narrow_rule(Chooser&, Step&);
bool split_rule(Chooser&, Step&);
bool new_axis_rule(Chooser&, Step&);
bool unflatten_rule(Chooser&, Step&);
// p is a shape: of as many elements; to expand to; repeats of axes; shifts q of axes p
bool shape_rule(Chooser&, Step&);
bool expand_rule(Chooser&, Step&);
bool repeat_rule(Chooser&, Step&);
bool roll_rule(Chooser&, Step&);
bool flat_roll_rule(Chooser&, Step&);
bool square_rule(Chooser&, Step&);       // x ends in square matrices
bool matrix_rule(Chooser&, Step&);       // x has two axes or more, i is a diagonal
bool flat_matrix_rule(Chooser&, Step&);  // x is a vector or a matrix, i a diagonal
bool symmetric_rule(Chooser&, Step&);    // a well conditioned square matrix
bool solve_rule(Chooser&, Step&);        // and y with as many rows
// products: shapes that fit
bool mm_rule(Chooser&, Step&);
bool bmm_rule(Chooser&, Step&);
bool mv_rule(Chooser&, Step&);
bool dot_rule(Chooser&, Step&);
bool outer_rule(Chooser&, Step&);
bool matmul_rule(Chooser&, Step&);
bool addmm_rule(Chooser&, Step&);
bool addmv_rule(Chooser&, Step&);
bool baddbmm_rule(Chooser&, Step&);
bool linear_rule(Chooser&, Step&);
bool bilinear_rule(Chooser&, Step&);
bool prelu_rule(Chooser&, Step&);
// y (and z) are indices: along axis i; one axis; of several axes; values w or z
bool gather_rule(Chooser&, Step&);
bool scatter_rule(Chooser&, Step&);
bool index_select_rule(Chooser&, Step&);
bool index_add_rule(Chooser&, Step&);
bool take_rule(Chooser&, Step&);
bool mask_rule(Chooser&, Step&);
bool row_mask_rule(Chooser&, Step&);
bool one_index_rule(Chooser&, Step&);      // y for axis 0; z values
bool last_index_rule(Chooser&, Step&);     // y for the second axis; z values
bool two_indices_rule(Chooser&, Step&);    // y and w for the first two axes; z values
bool outer_indices_rule(Chooser&, Step&);  // y and w for axes 0 and 2 of three or more; z values
bool embedding_rule(Chooser&, Step&);
bool repeats_rule(Chooser&, Step&);  // y repeats for each index of axis i
// xs
bool cat_rule(Chooser&, Step&);
bool stack_rule(Chooser&, Step&);
bool vectors_rule(Chooser&, Step&);
bool broadcast_rule(Chooser&, Step&);
// losses: y the target, i the reduction
bool loss_rule(Chooser&, Step&);
bool probability_loss_rule(Chooser&, Step&);
bool weighted_probability_loss_rule(Chooser&, Step&);  // z the weight, w pos_weight
bool label_loss_rule(Chooser&, Step&);                 // z weights of classes
bool distance_rule(Chooser&, Step&);
bool names_rule(Chooser&, Step&);      // y labels in rows of x, -1 behind the last
bool sign_loss_rule(Chooser&, Step&);  // y of 0 and 1
bool triplet_rule(Chooser&, Step&);    // x, y, z rows
bool ctc_rule(Chooser&, Step&);        // x log probabilities, y labels, p and q lengths
bool class_rule(Chooser&, Step&);      // x rows of classes, y a label for each, z weights of classes
// images: x [batch,] channels, `axes` further ones
template <int axes> bool image_rule(Chooser&, Step&);        // p sizes of an image
template <int axes> bool window_rule(Chooser&, Step&);       // p kernel, q padding, i stride, j dilation
template <int axes> bool unpool_rule(Chooser&, Step&);       // windows of 2, x has twice as many elements along each axis
template <int axes> bool convolution_rule(Chooser&, Step&);  // y weight, z bias, p stride, q padding, i groups, j dilation, k output padding
template <int axes> bool transposed_rule(Chooser&, Step&);
template <int axes> bool grid_rule(Chooser&, Step&);     // y a grid
template <int axes> bool padding_rule(Chooser&, Step&);  // p pads, no wider than the axis less 1
bool affine_rule(Chooser&, Step&);                       // x [n, 2, 3], p the size
bool columns_rule(Chooser&, Step&);                      // x what unfold gives of p, by kernels of q
bool shuffle_rule(Chooser&, Step&);                      // i a factor of x's channels (squared) and sizes
bool normalised_rule(Chooser&, Step&);  // x of two axes and more; y, z weight and bias, w and xs[0] mean and variance of channels; i groups
bool layer_rule(Chooser&, Step&);       // p the last sizes of x, y and z of them
// recurrence and attention
template <int gates> bool recurrent_rule(Chooser&, Step&);  // xs parameters of i layers; y, z states of j elements, flag bidirectional, k batch first
template <int gates> bool packed_rule(Chooser&, Step&);     // the same with w batch sizes
template <int gates> bool cell_rule(Chooser&, Step&);       // y, z states, xs the parameters
bool sequence_rule(Chooser&, Step&);                        // x of two or three axes; i layers, j units, k and l 0 or 1; p lengths
bool scores_rule(Chooser&, Step&);                          // x, y, z query, key, value of equal width; w a mask
bool heads_rule(Chooser&, Step&);                           // x [steps, batch, 2 i], y [steps, batch, 2 i], z a mask of padded keys, w one of scores
bool bags_rule(Chooser&, Step&);                            // x a table, y indices, z offsets, w weights; i the mode
// xs leaves to be trained
bool trained_rule(Chooser&, Step&);
// further matrices
bool pair_of_matrices_rule(Chooser&, Step&);  // equal in the last two sizes but for rows
bool chain_rule(Chooser&, Step&);             // xs matrices that can be multiplied
bool sorted_rule(Chooser&, Step&);            // x ascending, y of any shape
bool thirds_rule(Chooser&, Step&);            // x and y have axis i of 3 elements
bool slot_rule(Chooser&, Step&);              // select_rule with y in the place of what is selected
// sweeps
bool grad_rule(Chooser&, Step&);
bool backward_rule(Chooser&, Step&);
bool differentiable_rule(Chooser&, Step&);
bool leaf_rule(Chooser&, Step&);

}  // namespace graphs
