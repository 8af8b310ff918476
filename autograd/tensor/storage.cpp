#include <xgrad/autograd/tensor/storage.h>

#include <new>

#include <xgrad/autograd/tensor/storage_block.h>

namespace torch { inline namespace xgrad {

Storage Storage::allocate(size_t nbytes) { return Storage(IntrusivePtr<StorageImpl>::adopt(StorageBlock::create(nbytes, 0))); }

Storage Storage::foreign(void* data, size_t nbytes, std::function<void(void*)> deleter) {
  std::function<void(void*)>* owned = nullptr;
  StorageImpl* s = nullptr;
  try {
    owned = new std::function<void(void*)>(deleter);
    s = new (memory::take_block(sizeof(StorageImpl), memory::BlockUse::kData)) StorageImpl;
  } catch (...) {
    delete owned;
    if (deleter) deleter(data);
    throw;
  }
  s->data_ = data;
  s->nbytes_ = nbytes;
  s->deleter_ = owned;
  return Storage(IntrusivePtr<StorageImpl>::adopt(s));
}

void StorageImpl::destroy(StorageImpl* s) {
  if (!s->is_foreign()) return StorageBlock::destroy(s);
  if (*s->deleter_) (*s->deleter_)(s->data_);
  delete s->deleter_;
  s->~StorageImpl();
  memory::give_block(s, sizeof(StorageImpl), memory::BlockUse::kData);
}

}}  // namespace torch::xgrad
