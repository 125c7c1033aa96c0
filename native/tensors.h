// What the sources of libsemblance_tensors share: how tensors cross, and how failures are told.
#pragma once

#include <ATen/ATen.h>

#include <string>
#include <vector>

#define SEMBLANCE extern "C" __attribute__((visibility("default")))

using Handle = c10::TensorImpl*;
using Owner = c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>;

// Why this thread's last call failed.
extern thread_local std::string last_error;

template <typename Body>
int32_t guarded(Body&& body) noexcept {
  try {
    return body();
  } catch (const c10::Error& error) {
    last_error = error.what_without_backtrace();
  } catch (const std::exception& error) {
    last_error = error.what();
  } catch (...) {
    last_error = "an exception of an unknown kind";
  }
  return -1;
}

inline at::Tensor borrow(Handle handle) {
  return handle == nullptr ? at::Tensor() : at::Tensor(Owner::reclaim_copy(handle));
}

inline Handle give(at::Tensor tensor) {
  return tensor.defined() ? tensor.unsafeReleaseTensorImpl() : nullptr;
}

inline std::vector<at::Tensor> borrow(const Handle* handles, int32_t count) {
  std::vector<at::Tensor> tensors;
  tensors.reserve(count);
  for (int32_t i = 0; i < count; i++) tensors.push_back(borrow(handles[i]));
  return tensors;
}
