// Methods of libtorch's Tensor for what is not here: a list for XGRAD_ABSENT_METHOD(name, what), read inside of class Tensor. No include guard.
#ifdef XGRAD_ABSENT_METHOD
#define XGRAD_ABSENT_METHODS(what, a, b, c, d) \
  XGRAD_ABSENT_METHOD(a, what) XGRAD_ABSENT_METHOD(b, what) XGRAD_ABSENT_METHOD(c, what) XGRAD_ABSENT_METHOD(d, what)
XGRAD_ABSENT_METHODS("sparse tensors", to_sparse, to_sparse_csr, to_sparse_csc, to_sparse_bsr)
XGRAD_ABSENT_METHODS("sparse tensors", sparse_mask, sparse_resize_, sparse_resize_and_clear_, resize_as_sparse_)
XGRAD_ABSENT_METHODS("sparse tensors", smm, sspaddmm, row_indices, ccol_indices)
XGRAD_ABSENT_METHOD(to_sparse_bsc, "sparse tensors")
XGRAD_ABSENT_METHOD(crow_indices, "sparse tensors")
XGRAD_ABSENT_METHOD(col_indices, "sparse tensors")
XGRAD_ABSENT_METHODS("named axes", names, opt_names, rename, rename_)
XGRAD_ABSENT_METHODS("named axes", refine_names, align_as, align_to, get_named_tensor_meta)
XGRAD_ABSENT_METHODS("quantised tensors", dequantize, int_repr, qscheme, quantizer)
XGRAD_ABSENT_METHOD(q_per_channel_scales, "quantised tensors")
XGRAD_ABSENT_METHOD(q_per_channel_zero_points, "quantised tensors")
XGRAD_ABSENT_METHOD(stft, "Fourier transforms")
XGRAD_ABSENT_METHOD(istft, "Fourier transforms")
XGRAD_ABSENT_METHOD(chalf, "complex numbers")
XGRAD_ABSENT_METHOD(to_padded_tensor, "nested tensors")
XGRAD_ABSENT_METHOD(to_mkldnn, "layouts of oneDNN")
#undef XGRAD_ABSENT_METHODS
#endif
