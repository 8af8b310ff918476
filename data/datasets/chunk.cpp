#include <xgrad/data/datasets/chunk.h>

namespace torch { inline namespace xgrad { namespace data::datasets {

void detail::check_chunk_options(size_t preloader_count, size_t batch_size, size_t cache_size, size_t cross_chunk_shuffle_count) {
  XGRAD_CHECK(preloader_count > 0, "[ChunkDatasetOptions] Preloader count is 0. At least one preloader needs to be specified: preloader_count.");
  XGRAD_CHECK(batch_size > 0, "[ChunkDatasetOptions] Batch size is 0. A positive batch size needs to be specified: batch_size.");
  XGRAD_CHECK(cache_size > 0, "[ChunkDatasetOptions] Cache size is 0. A positive cache size needs to be specified: cache_size.");
  XGRAD_CHECK(cache_size >= batch_size, "[ChunkDatasetOptions] Cache size is less than batch size. Cache needs to be large enough to hold at least ",
              "one batch: cache_size is ", cache_size, ", batch_size is ", batch_size);
  XGRAD_CHECK(cross_chunk_shuffle_count > 0, "[ChunkDatasetOptions] cross_chunk_shuffle_count needs to be greater than 0.");
}

}}}  // namespace torch::xgrad::data::datasets
