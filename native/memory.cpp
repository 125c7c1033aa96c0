// Keeps large freed blocks for the next tensor of their size, in place of libtorch's own allocator, which hands them back to the system at once.
// The steps of a training run ask for the same sizes over and over, and pages fresh from the system cost a fault and a clearing each.
// SEMBLANCE_MEMORY=system leaves libtorch its own.

#include <c10/core/CPUAllocator.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <list>
#include <map>
#include <mutex>
#include <unordered_map>

namespace {

class Keeper final : public c10::Allocator {
 public:
  explicit Keeper(c10::Allocator* system) : system_(system) {}

  // One of these two overrides libtorch's; newer versions dropped the const.
  c10::DataPtr allocate(size_t bytes) { return find(bytes); }
  c10::DataPtr allocate(size_t bytes) const { return const_cast<Keeper*>(this)->find(bytes); }
  void copy_data(void* to, const void* from, size_t bytes) const { std::memcpy(to, from, bytes); }
  c10::DeleterFnPtr raw_deleter() const override { return &release; }

 private:
  struct Idle {
    void* data;
    size_t size;
  };

  // Smaller ones are well kept by malloc.
  static constexpr size_t kSmallest = size_t{1} << 20;

  c10::DataPtr find(size_t bytes) {
    if (bytes < kSmallest) {
      return system_->allocate(bytes);
    }

    size_t size = rounded(bytes);
    std::lock_guard<std::mutex> lock(mutex_);
    auto fitting = by_size_.lower_bound(size);
    if (fitting != by_size_.end() && fitting->first <= size + size / 4) {
      // Of several of a size the one that was freed last: it is the likeliest to be in a cache still.
      fitting = std::prev(by_size_.upper_bound(fitting->first));
      Idle block = *fitting->second;
      forget(fitting);
      return taken(block.data, block.size);
    }

    trim(size);
    return taken(system_->raw_allocate(size), size);
  }

  c10::DataPtr taken(void* data, size_t size) {
    sizes_[data] = size;
    used_bytes_ += size;
    most_used_ = std::max(most_used_, used_bytes_);
    return {data, data, &release, c10::Device(c10::kCPU)};
  }

  // Never holds more than an eighth above the most that was ever in use at once: what lay idle longest goes first.
  void trim(size_t wanted) {
    size_t most = std::max(most_used_, used_bytes_ + wanted);
    while (!by_age_.empty() && used_bytes_ + idle_bytes_ + wanted > most + most / 8) {
      auto oldest = by_size_.lower_bound(by_age_.front().size);
      while (oldest->second != by_age_.begin()) ++oldest;
      void* data = by_age_.front().data;
      forget(oldest);
      system_->raw_deallocate(data);
    }
  }

  void forget(std::multimap<size_t, std::list<Idle>::iterator>::iterator block) {
    idle_bytes_ -= block->first;
    by_age_.erase(block->second);
    by_size_.erase(block);
  }

  void give_back(void* data) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      auto block = sizes_.find(data);
      if (block != sizes_.end()) {
        used_bytes_ -= block->second;
        idle_bytes_ += block->second;
        by_size_.emplace(block->second, by_age_.insert(by_age_.end(), {data, block->second}));
        sizes_.erase(block);
        return;
      }
    }

    system_->raw_deallocate(data);
  }

  // Up to the next eighth of a power of two, so that lengths that differ a little share blocks.
  static size_t rounded(size_t bytes) {
    size_t step = (size_t{1} << (63 - __builtin_clzll(bytes))) / 8;
    return (bytes + step - 1) / step * step;
  }

  static void release(void* data);

  c10::Allocator* system_;
  std::mutex mutex_;
  std::list<Idle> by_age_;
  std::multimap<size_t, std::list<Idle>::iterator> by_size_;
  std::unordered_map<void*, size_t> sizes_;
  size_t idle_bytes_ = 0, used_bytes_ = 0, most_used_ = 0;
};

// Lives as long as the process: tensors may be freed after static objects.
Keeper* keeper;

void Keeper::release(void* data) { keeper->give_back(data); }

// At load, before the first tensor.
[[maybe_unused]] const bool installed = [] {
  const char* choice = std::getenv("SEMBLANCE_MEMORY");
  if (choice == nullptr || std::strcmp(choice, "system") != 0) {
    keeper = new Keeper(c10::GetCPUAllocator());
    c10::SetCPUAllocator(keeper, /*priority=*/1);
  }
  return true;
}();

}  // namespace
