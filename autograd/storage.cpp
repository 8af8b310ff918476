#include <xgrad/autograd/storage.h>

#include <new>

#include <xgrad/autograd/memory.h>

namespace xgrad {

namespace {
// The header takes one cache line in front of the data.
constexpr size_t kHeader = 64;
static_assert(sizeof(StorageImpl) <= kHeader);
}  // namespace

Storage Storage::allocate(size_t nbytes) {
  if (nbytes > SIZE_MAX - kHeader) throw std::bad_alloc();
  auto* block = static_cast<std::byte*>(memory::allocate(kHeader + nbytes));
  auto* s = new (block) StorageImpl;
  s->data_ = block + kHeader;
  s->nbytes_ = nbytes;
  return Storage(IntrusivePtr<StorageImpl>::adopt(s));
}

Storage Storage::foreign(void* data, size_t nbytes, std::function<void(void*)> deleter) {
  std::function<void(void*)>* owned = nullptr;
  StorageImpl* s = nullptr;
  try {
    owned = new std::function<void(void*)>(deleter);
    s = new (memory::allocate(kHeader)) StorageImpl;
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
  size_t block = kHeader + s->nbytes_;
  if (s->deleter_) {
    if (*s->deleter_) (*s->deleter_)(s->data_);
    delete s->deleter_;
    block = kHeader;
  }
  s->~StorageImpl();
  memory::deallocate(s, block);
}

}  // namespace xgrad
