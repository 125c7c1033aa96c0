// libtorch behind a C interface. Operators are found by name and called with tagged arguments, so a new one needs no line here.
// Every exported function returns 0 or a count, and -1 when it failed: semblance_error() then has the reason, for this thread.
// A tensor crosses as an owned reference to its TensorImpl, given back with semblance_free; a null one is "no tensor".

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/autocast_mode.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <c10/core/GradMode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/cuda.h>
#include <torch/version.h>

#include "tensors.h"

#include <chrono>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#define TORCH_AT_LEAST(major, minor) (TORCH_VERSION_MAJOR > (major) || (TORCH_VERSION_MAJOR == (major) && TORCH_VERSION_MINOR >= (minor)))

// Present where libtorch's BLAS is OpenBLAS.
extern "C" void openblas_set_num_threads(int) __attribute__((weak));

thread_local std::string last_error;

namespace {

// The same numbers as ValueKind on the managed side.
enum Kind : int32_t {
  None = 0, TensorKind = 1, Integer = 2, Real = 3, Boolean = 4, IntegerList = 5, TensorList = 6, OptionalTensorList = 7,
  String = 8, DeviceKind = 9, RealList = 10,
};

// One argument or result. Lists and strings point at memory of the caller that outlives the call; a device is its kind, with the index in length.
struct Value {
  int32_t kind;
  int32_t length;
  union {
    int64_t integer;
    double real;
    Handle tensor;
    const int64_t* integers;
    const double* reals;
    const Handle* tensors;
    const char* text;
  };
};

// What a thread's calls use again: one access to the thread's own memory and no allocation for each.
struct CallMemory {
  torch::jit::Stack stack;
  std::vector<Value> results;
};

thread_local CallMemory call_memory;

c10::IValue boxed(const Value& value) {
  switch (value.kind) {
    case None: return {};
    case TensorKind: return borrow(value.tensor);
    case Integer: return value.integer;
    case Real: return value.real;
    case Boolean: return value.integer != 0;
    case IntegerList: return c10::List<int64_t>(c10::IntArrayRef(value.integers, value.length));
    case RealList: return c10::List<double>(c10::ArrayRef<double>(value.reals, value.length));
    case TensorList: return c10::List<at::Tensor>(borrow(value.tensors, value.length));
    case OptionalTensorList: {
      c10::List<decltype(c10::IValue().toOptional<at::Tensor>())> list;
      list.reserve(value.length);
      for (int32_t i = 0; i < value.length; i++) {
        if (value.tensors[i] == nullptr) list.push_back({}); else list.push_back(borrow(value.tensors[i]));
      }
      return list;
    }
    case String: return std::string(value.text, value.length);
    case DeviceKind: return c10::Device(static_cast<c10::DeviceType>(value.integer), static_cast<c10::DeviceIndex>(value.length));
  }
  TORCH_CHECK(false, "an argument has the unknown kind ", value.kind);
}

void add_result(std::vector<Value>& results, c10::IValue&& value) {
  Value result{};
  if (value.isTensor()) {
    result.kind = TensorKind;
    result.tensor = give(std::move(value).toTensor());
  } else if (value.isTensorList()) {
    for (at::Tensor& tensor : std::move(value).toTensorVector()) add_result(results, std::move(tensor));
    return;
  } else if (value.isInt()) {
    result.kind = Integer;
    result.integer = value.toInt();
  } else if (value.isDouble()) {
    result.kind = Real;
    result.real = value.toDouble();
  } else if (value.isBool()) {
    result.kind = Boolean;
    result.integer = value.toBool();
  } else {
    TORCH_CHECK(value.isNone(), "a result is of a kind that is not handed on: ", value.tagKind());
  }
  results.push_back(result);
}

// An operator in use. The commonest signatures are called as C++ calls them, without a stack of tagged values in between; all others, and these when they are given anything
// else, are called by the schema.
struct Operator {
  using Unary = at::Tensor(const at::Tensor&);
  using Binary = at::Tensor(const at::Tensor&, const at::Tensor&);
  using Scaled = at::Tensor(const at::Tensor&, const at::Tensor&, const at::Scalar&);

  explicit Operator(const c10::OperatorHandle& found) : handle(found) {
    const auto& schema = found.schema();
    const auto& arguments = schema.arguments();
    auto is_tensor = [](const c10::Argument& argument) { return argument.type()->kind() == c10::TypeKind::TensorType && argument.alias_info() == nullptr; };
    if (schema.returns().size() != 1 || !is_tensor(schema.returns()[0]) || arguments.empty() || !is_tensor(arguments[0])) return;
    if (arguments.size() == 1) unary.emplace(handle.typed<Unary>());
    if (arguments.size() < 2 || !is_tensor(arguments[1])) return;
    if (arguments.size() == 2) binary.emplace(handle.typed<Binary>());
    if (arguments.size() == 3 && arguments[2].type()->kind() == c10::TypeKind::NumberType && arguments[2].default_value().has_value()) {
      scaled.emplace(handle.typed<Scaled>());
      scale = arguments[2].default_value()->toScalar();
    }
  }

  // Undefined when the arguments are of other kinds.
  at::Tensor direct(const Value* arguments, int32_t count) const {
    if (count == 1 && unary.has_value() && arguments[0].kind == TensorKind) return unary->call(as_tensor(arguments[0]));
    if (count != 2 || arguments[0].kind != TensorKind || arguments[1].kind != TensorKind) return {};
    if (binary.has_value()) return binary->call(as_tensor(arguments[0]), as_tensor(arguments[1]));
    return scaled.has_value() ? scaled->call(as_tensor(arguments[0]), as_tensor(arguments[1]), scale) : at::Tensor();
  }

  c10::OperatorHandle handle;

 private:
  // A tensor is a counted pointer and nothing else, and the caller holds it meanwhile: it need not be counted here.
  static const at::Tensor& as_tensor(const Value& value) {
    static_assert(sizeof(at::Tensor) == sizeof(Handle));
    return reinterpret_cast<const at::Tensor&>(value.tensor);
  }

  std::optional<c10::TypedOperatorHandle<Unary>> unary;
  std::optional<c10::TypedOperatorHandle<Binary>> binary;
  std::optional<c10::TypedOperatorHandle<Scaled>> scaled;
  at::Scalar scale;
};

c10::Device device_of(int32_t kind, int32_t index) {
  return {static_cast<c10::DeviceType>(kind), static_cast<c10::DeviceIndex>(index)};
}

// Frees the managed side's context with the last copy of the hook.
struct Hook {
  int32_t (*call)(void*, Handle, Handle*);
  void (*release)(void*);
  void* context;
  ~Hook() { release(context); }
};

}  // namespace

SEMBLANCE const char* semblance_error() { return last_error.c_str(); }

SEMBLANCE const char* semblance_version() { return TORCH_VERSION; }

// ---- operators

SEMBLANCE int32_t semblance_find(const char* name, const char* overload, const Operator** found) {
  return guarded([&] {
    auto handle = c10::Dispatcher::singleton().findSchema({name, overload});
    TORCH_CHECK(handle.has_value(), "libtorch " TORCH_VERSION " has no operator ", name, *overload == 0 ? "" : ".", overload);
    *found = new Operator(*handle);  // one for each operator in use, kept as long as the process
    return 0;
  });
}

// Arguments left out at the end take the schema's defaults. The results stay readable until this thread's next call.
SEMBLANCE int32_t semblance_call(const Operator* op, const Value* arguments, int32_t count, const Value** first) {
  return guarded([&] {
    CallMemory& memory = call_memory;
    if (at::Tensor direct = op->direct(arguments, count); direct.defined()) {
      memory.results.clear();
      add_result(memory.results, std::move(direct));
      *first = memory.results.data();
      return 1;
    }

    const auto& schema = op->handle.schema().arguments();
    TORCH_CHECK(static_cast<size_t>(count) <= schema.size(), "takes ", schema.size(), " arguments, ", count, " were given");
    torch::jit::Stack stack = std::move(memory.stack);  // taken out, so that a call within this one finds none and a refusal leaves nothing behind
    stack.reserve(schema.size());
    for (int32_t i = 0; i < count; i++) stack.push_back(boxed(arguments[i]));
    for (size_t i = count; i < schema.size(); i++) {
      const auto& standard = schema[i].default_value();
      TORCH_CHECK(standard.has_value(), "argument ", schema[i].name(), " is missing");
      stack.push_back(*standard);
    }
    op->handle.callBoxed(&stack);
    memory.results.clear();
    for (c10::IValue& value : stack) add_result(memory.results, std::move(value));
    stack.clear();
    memory.stack = std::move(stack);
    *first = memory.results.data();
    return static_cast<int32_t>(memory.results.size());
  });
}

// ---- tensors and memory

SEMBLANCE void semblance_free(Handle tensor) {
  guarded([&] {
    Owner::reclaim(tensor).reset();
    return 0;
  });
}

// A second reference to the same tensor.
SEMBLANCE int32_t semblance_share(Handle tensor, Handle* shared) {
  return guarded([&] {
    *shared = give(borrow(tensor));
    return 0;
  });
}

SEMBLANCE int32_t semblance_from_memory(const void* data, int64_t bytes, const int64_t* shape, int32_t rank, int32_t dtype, Handle* made) {
  return guarded([&] {
    at::Tensor tensor = at::empty(c10::IntArrayRef(shape, rank), at::TensorOptions(static_cast<at::ScalarType>(dtype)));
    TORCH_CHECK(static_cast<int64_t>(tensor.nbytes()) == bytes, "a tensor of shape ", tensor.sizes(), " and type ", tensor.scalar_type(), " holds ",
                tensor.nbytes(), " bytes, ", bytes, " were given");
    if (bytes > 0) std::memcpy(tensor.data_ptr(), data, bytes);
    *made = give(std::move(tensor));
    return 0;
  });
}

SEMBLANCE int32_t semblance_to_memory(Handle handle, void* data, int64_t bytes) {
  return guarded([&] {
    at::NoGradGuard no_grad;
    at::Tensor tensor = borrow(handle).detach().to(at::kCPU).contiguous();
    TORCH_CHECK(static_cast<int64_t>(tensor.nbytes()) == bytes, "the tensor holds ", tensor.nbytes(), " bytes, ", bytes, " were asked for");
    if (bytes > 0) std::memcpy(data, tensor.data_ptr(), bytes);
    return 0;
  });
}

SEMBLANCE int32_t semblance_rank(Handle tensor) { return static_cast<int32_t>(tensor->dim()); }

SEMBLANCE void semblance_shape(Handle tensor, int64_t* shape) {
  auto sizes = tensor->sizes();
  std::copy(sizes.begin(), sizes.end(), shape);
}

SEMBLANCE int32_t semblance_dtype(Handle tensor) { return static_cast<int32_t>(c10::typeMetaToScalarType(tensor->dtype())); }

SEMBLANCE int32_t semblance_device(Handle tensor, int32_t* index) {
  auto device = tensor->device();
  *index = device.has_index() ? device.index() : 0;
  return static_cast<int32_t>(device.type());
}

SEMBLANCE int64_t semblance_bytes(Handle tensor) { return tensor->has_storage() ? static_cast<int64_t>(tensor->storage().nbytes()) : 0; }

// The first element, on the tensor's own device; the caller keeps the tensor alive while it uses the address.
SEMBLANCE int32_t semblance_data(Handle tensor, void** address) {
  return guarded([&] {
    *address = borrow(tensor).data_ptr();
    return 0;
  });
}

SEMBLANCE int32_t semblance_is_contiguous(Handle tensor) { return tensor->is_contiguous() ? 1 : 0; }

// ---- autograd

SEMBLANCE int32_t semblance_requires_grad(Handle tensor) { return tensor->requires_grad() ? 1 : 0; }

SEMBLANCE int32_t semblance_is_leaf(Handle handle) { return guarded([&] { return borrow(handle).is_leaf() ? 1 : 0; }); }

SEMBLANCE int32_t semblance_set_requires_grad(Handle handle, int32_t value) {
  return guarded([&] {
    at::Tensor tensor = borrow(handle);
    TORCH_CHECK(value != 0 || tensor.is_leaf(), "only a leaf can stop requiring a gradient: call Detach() on this result instead");
    tensor.set_requires_grad(value != 0);
    return 0;
  });
}

SEMBLANCE int32_t semblance_grad(Handle handle, Handle* gradient) {
  return guarded([&] {
    *gradient = give(borrow(handle).grad());
    return 0;
  });
}

SEMBLANCE int32_t semblance_set_grad(Handle handle, Handle gradient) {
  return guarded([&] {
    borrow(handle).mutable_grad() = borrow(gradient);
    return 0;
  });
}

SEMBLANCE int32_t semblance_backward(Handle handle, Handle gradient, int32_t keep_graph, int32_t create_graph) {
  return guarded([&] {
    torch::autograd::backward({borrow(handle)}, {borrow(gradient)}, keep_graph != 0, create_graph != 0);
    return 0;
  });
}

// A gradient that does not exist comes back as null.
SEMBLANCE int32_t semblance_gradients(Handle output, const Handle* inputs, int32_t count, Handle gradient, int32_t keep_graph, int32_t create_graph,
                                      Handle* gradients) {
  return guarded([&] {
    auto made = torch::autograd::grad({borrow(output)}, borrow(inputs, count), {borrow(gradient)}, keep_graph != 0, create_graph != 0, true);
    for (int32_t i = 0; i < count; i++) gradients[i] = give(std::move(made[i]));
    return 0;
  });
}

SEMBLANCE int32_t semblance_set_grad_mode(int32_t enabled) {
  bool before = c10::GradMode::is_enabled();
  c10::GradMode::set_enabled(enabled != 0);
  return before ? 1 : 0;
}

SEMBLANCE int32_t semblance_grad_mode() { return c10::GradMode::is_enabled() ? 1 : 0; }

// The callback writes what replaces the gradient (or null: nothing does) and returns 0; another answer stops the backward pass.
SEMBLANCE int32_t semblance_register_hook(Handle handle, int32_t (*call)(void*, Handle, Handle*), void (*release)(void*), void* context) {
  auto hook = std::shared_ptr<Hook>(new Hook{call, release, context});
  return guarded([&] {
    borrow(handle).register_hook([hook](const at::Tensor& gradient) {
      Handle replacement = nullptr;
      int32_t status = hook->call(hook->context, give(gradient), &replacement);
      TORCH_CHECK(status == 0, "a gradient hook failed");
      return replacement == nullptr ? gradient : at::Tensor(Owner::reclaim(replacement));
    });
    return 0;
  });
}

// ---- autocast

SEMBLANCE int32_t semblance_autocast(int32_t device, int32_t* dtype) {
  return guarded([&] {
    auto type = static_cast<c10::DeviceType>(device);
#if TORCH_AT_LEAST(2, 4)
    *dtype = static_cast<int32_t>(at::autocast::get_autocast_dtype(type));
    return at::autocast::is_autocast_enabled(type) ? 1 : 0;
#else
    *dtype = static_cast<int32_t>(at::autocast::get_lower_precision_fp_from_device_type(type));
    return (type == c10::kCUDA ? at::autocast::is_enabled() : at::autocast::is_cpu_enabled()) ? 1 : 0;
#endif
  });
}

SEMBLANCE int32_t semblance_set_autocast(int32_t device, int32_t enabled, int32_t dtype) {
  return guarded([&] {
    auto type = static_cast<c10::DeviceType>(device);
    auto lower = static_cast<at::ScalarType>(dtype);
#if TORCH_AT_LEAST(2, 4)
    at::autocast::set_autocast_enabled(type, enabled != 0);
    at::autocast::set_autocast_dtype(type, lower);
#else
    if (type == c10::kCUDA) {
      at::autocast::set_enabled(enabled != 0);
      at::autocast::set_autocast_gpu_dtype(lower);
    } else {
      at::autocast::set_cpu_enabled(enabled != 0);
      at::autocast::set_autocast_cpu_dtype(lower);
    }
#endif
    return 0;
  });
}

// Casts of weights are kept until the outermost region ends.
SEMBLANCE int32_t semblance_autocast_nest(int32_t inwards) {
  return guarded([&] {
    if (inwards != 0) return at::autocast::increment_nesting();
    int depth = at::autocast::decrement_nesting();
    if (depth == 0) at::autocast::clear_cache();
    return depth;
  });
}

SEMBLANCE int32_t semblance_autocast_forget() {
  return guarded([&] {
    at::autocast::clear_cache();
    return 0;
  });
}

// ---- randomness, devices, threads

SEMBLANCE int32_t semblance_seed(int64_t seed) {
  return guarded([&] {
    at::manual_seed(static_cast<uint64_t>(seed));
    return 0;
  });
}

SEMBLANCE int32_t semblance_random_state(int32_t device, int32_t index, Handle* state) {
  return guarded([&] {
    auto generator = at::globalContext().defaultGenerator(device_of(device, index));
    std::lock_guard<std::mutex> lock(generator.mutex());
    *state = give(generator.get_state());
    return 0;
  });
}

SEMBLANCE int32_t semblance_set_random_state(int32_t device, int32_t index, Handle state) {
  return guarded([&] {
    auto generator = at::globalContext().defaultGenerator(device_of(device, index));
    std::lock_guard<std::mutex> lock(generator.mutex());
    generator.set_state(borrow(state));
    return 0;
  });
}

SEMBLANCE int32_t semblance_cuda_devices() { return guarded([&] { return static_cast<int32_t>(torch::cuda::device_count()); }); }

SEMBLANCE int32_t semblance_cuda_synchronize(int32_t index) {
  return guarded([&] {
    torch::cuda::synchronize(index);
    return 0;
  });
}

SEMBLANCE int32_t semblance_threads() { return guarded([&] { return at::get_num_threads(); }); }

// OpenBLAS with threads of its own does not ask OpenMP how many to use.
SEMBLANCE int32_t semblance_set_threads(int32_t count) {
  return guarded([&] {
    at::set_num_threads(count);
    if (openblas_set_num_threads != nullptr) openblas_set_num_threads(count);
    return 0;
  });
}

SEMBLANCE int32_t semblance_configuration(const char** text) {
  return guarded([&] {
    static const std::string configuration = at::show_config() + at::get_parallel_info();
    *text = configuration.c_str();
    return 0;
  });
}

// ---- benchmark

// Seconds that libtorch itself takes to add two one-element tensors `count` times, freeing the sums `together` at a time: what the binding's overhead is measured against.
SEMBLANCE int32_t semblance_measure_add(int64_t count, int64_t together, double* seconds) {
  return guarded([&] {
    at::NoGradGuard no_grad;
    at::Tensor a = at::ones({1}), b = at::ones({1});
    std::vector<at::Tensor> sums;
    sums.reserve(together);
    auto start = std::chrono::steady_clock::now();
    for (int64_t i = 0; i < count; i++) {
      if (static_cast<int64_t>(sums.size()) == together) sums.clear();
      sums.push_back(a.add(b));
    }
    sums.clear();
    *seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return 0;
  });
}
