#include "../modules.h"
#include "../rules.h"

namespace graphs {

std::vector<Operation> attention_operations() {
  return {
      GRAPHS_CALL(scores_rule, torch::_scaled_dot_product_attention(x, y, z, w, 0., true)),
      GRAPHS_CALL(scores_rule, torch::_scaled_dot_product_attention(x, y, z, {}, 0., true, true)),
      GRAPHS_CALL(scores_rule, torch::_scaled_dot_product_attention(x, y, z, {}, 0.4, true)),
      GRAPHS_CALL(scores_rule, torch::_scaled_dot_product_attention(x, y, z)),
      GRAPHS_CALL(heads_rule, called(nn::MultiheadAttention(nn::MultiheadAttentionOptions(2 * i, i)), x, y, y, z, true, w)),
      GRAPHS_CALL(heads_rule,
                  called(nn::MultiheadAttention(nn::MultiheadAttentionOptions(2 * i, i).bias(flag).add_bias_kv(true)), x, y, y, z, flag, w)),
      GRAPHS_CALL(heads_rule,
                  called(nn::MultiheadAttention(nn::MultiheadAttentionOptions(2 * i, i).add_zero_attn(true).dropout(0.3)), x, y, y, z, true, w)),
      GRAPHS_CALL(heads_rule, called(nn::MultiheadAttention(nn::MultiheadAttentionOptions(2 * i, i).dropout(flag ? 0.5 : 0)), x, x, x)),
      GRAPHS_CALL(heads_rule, called(nn::TransformerEncoderLayer(nn::TransformerEncoderLayerOptions(2 * i, i).dim_feedforward(3).dropout(0)), x)),
      GRAPHS_CALL(heads_rule,
                  called(nn::TransformerEncoderLayer(
                             nn::TransformerEncoderLayerOptions(2 * i, i).dim_feedforward(3).dropout(flag ? 0.3 : 0).activation(torch::kGELU)),
                         x)),
      GRAPHS_CALL(heads_rule, called(nn::TransformerEncoderLayer(nn::TransformerEncoderLayerOptions(2 * i, i).dim_feedforward(3).dropout(0.2)), x,
                                     nn::TransformerImpl::generate_square_subsequent_mask(x.size(0)).to(x.scalar_type()))),
      GRAPHS_CALL(heads_rule, called(nn::TransformerDecoderLayer(nn::TransformerDecoderLayerOptions(2 * i, i).dim_feedforward(3).dropout(0)), x, y)),
      GRAPHS_CALL(heads_rule, called(nn::TransformerDecoderLayer(
                                         nn::TransformerDecoderLayerOptions(2 * i, i).dim_feedforward(3).dropout(0.3).activation(torch::kGELU)),
                                     x, y, Tensor(), w, Tensor(), z)),
      GRAPHS_CALL(heads_rule, called(nn::TransformerEncoder(nn::TransformerEncoderOptions(
                                         nn::TransformerEncoderLayerOptions(2 * i, i).dim_feedforward(3).dropout(0), 2)),
                                     x)),
      GRAPHS_CALL(heads_rule, called(nn::TransformerDecoder(nn::TransformerDecoderOptions(
                                         nn::TransformerDecoderLayerOptions(2 * i, i).dim_feedforward(3).dropout(0), 2)),
                                     x, y)),
      GRAPHS_CALL(heads_rule, called(nn::Transformer(nn::TransformerOptions(2 * i, i, 1, 1).dim_feedforward(3).dropout(flag ? 0.2 : 0)), y, x)),
  };
}

}  // namespace graphs
