// What processes that train one model together compute over the batches of all of them, with its gradient.

#include "carrier.h"
#include "tensors.h"

#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <tuple>
#include <vector>

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

const Carrier* group_of(AutogradContext* context) { return reinterpret_cast<const Carrier*>(context->saved_data["group"].toInt()); }

struct Gather : torch::autograd::Function<Gather> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& rows, int64_t group) {
    context->saved_data["group"] = group;
    context->saved_data["rows"] = rows.size(0);
    return group_of(context)->gather(rows);
  }

  // Each process's loss may read every row: a row's gradient is the sum of what all of them say.
  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const Carrier* group = group_of(context);
    at::Tensor all = gradients[0].to(gradients[0].scalar_type() == at::kDouble ? at::kDouble : at::kFloat).contiguous().clone();
    group->sum(all);
    int64_t rows = context->saved_data["rows"].toInt();
    return {all.narrow(0, group->rank * rows, rows).to(gradients[0].scalar_type()), at::Tensor()};
  }
};

// Batch normalisation by mean and variance over the batches of all processes.
struct BatchNorm : torch::autograd::Function<BatchNorm> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, at::Tensor running_mean,
                            at::Tensor running_variance, int64_t group, double momentum, double epsilon) {
    context->saved_data["group"] = group;
    int64_t channels = x.size(1);
    at::Tensor own_mean, own_variance;
    std::tie(own_mean, own_variance) = at::batch_norm_update_stats(x.to(at::kFloat).contiguous(), {}, {}, 0);
    at::Tensor own = at::cat({own_mean.to(at::kDouble), own_variance.to(at::kDouble), at::full({1}, static_cast<double>(x.numel() / channels), own_mean.options().dtype(at::kDouble))});
    at::Tensor all = group_of(context)->gather(own.unsqueeze(0));
    at::Tensor counts = all.narrow(1, 2 * channels, 1), means = all.narrow(1, 0, channels), variances = all.narrow(1, channels, channels);
    double count = counts.sum().item<double>();
    at::Tensor mean = (means * counts).sum(0) / count;
    at::Tensor variance = ((variances + (means - mean).square()) * counts).sum(0) / count;
    running_mean.mul_(1 - momentum).add_(mean.to(running_mean.scalar_type()), momentum);
    running_variance.mul_(1 - momentum).add_((variance * (count / std::max(count - 1, 1.0))).to(running_variance.scalar_type()), momentum);
    mean = mean.to(weight.scalar_type());
    variance = variance.to(weight.scalar_type());
    context->save_for_backward({x, weight, mean, variance});
    context->saved_data["count"] = count;
    context->saved_data["epsilon"] = epsilon;
    return std::get<0>(at::native_batch_norm(x, weight, bias, mean, variance, false, 0, epsilon));
  }

  // With x^ = (x - mean) / s: dx = w / s (dy - mean(dy) - x^ mean(dy x^)), where both means are over all processes and the first term is that of fixed statistics.
  static variable_list backward(AutogradContext* context, variable_list gradients) {
    variable_list saved = context->get_saved_variables();
    const at::Tensor &x = saved[0], &weight = saved[1], &mean = saved[2], &variance = saved[3];
    double count = context->saved_data["count"].toDouble(), epsilon = context->saved_data["epsilon"].toDouble();
    at::Tensor dx, dweight, dbias;
    at::Tensor scale = (variance + epsilon).rsqrt();
    std::tie(dx, dweight, dbias) =
        at::native_batch_norm_backward(gradients[0].contiguous(), x, weight, mean, variance, mean, scale, false, epsilon, {true, true, true});
    at::Tensor sums = at::cat({dbias, dweight}).to(at::kDouble);
    group_of(context)->sum(sums);
    sums = (sums / count).to(weight.scalar_type());
    int64_t channels = weight.size(0);
    at::Tensor slope = -weight * scale.square() * sums.narrow(0, channels, channels);
    at::Tensor shift = -weight * scale * sums.narrow(0, 0, channels) - slope * mean;
    std::vector<int64_t> wide(x.dim(), 1);
    wide[1] = channels;
    dx.add_(shift.reshape(wide).to(dx.scalar_type())).addcmul_(x.to(dx.scalar_type()), slope.reshape(wide).to(dx.scalar_type()));
    return {dx, dweight, dbias, at::Tensor(), at::Tensor(), at::Tensor(), at::Tensor(), at::Tensor()};
  }
};

}  // namespace

// Waits for the others, at a file of this machine or at a port of the first one's.
SEMBLANCE int32_t semblance_group_join(const char* file, const char* host, int32_t port, int32_t rank, int32_t size, int64_t seconds, const Carrier** joined) {
  return guarded([&] {
    std::chrono::seconds patience(seconds);
    *joined = (file != nullptr ? carrier_over_memory(file, rank, size, patience) : carrier_over_gloo(host, port, rank, size, patience)).release();
    return 0;
  });
}

SEMBLANCE void semblance_group_leave(const Carrier* group) {
  guarded([&] {
    delete group;
    return 0;
  });
}

// In place.
SEMBLANCE int32_t semblance_group_sum(const Carrier* group, Handle handle) {
  return guarded([&] {
    at::NoGradGuard no_grad;
    at::Tensor tensor = borrow(handle).detach();
    group->sum(tensor);
    return 0;
  });
}

// In place.
SEMBLANCE int32_t semblance_group_spread(const Carrier* group, Handle handle) {
  return guarded([&] {
    at::NoGradGuard no_grad;
    at::Tensor tensor = borrow(handle).detach();
    group->spread(tensor);
    return 0;
  });
}

SEMBLANCE int32_t semblance_group_gather(const Carrier* group, Handle rows, Handle* all) {
  return guarded([&] {
    *all = give(Gather::apply(borrow(rows), reinterpret_cast<int64_t>(group)));
    return 0;
  });
}

SEMBLANCE int32_t semblance_group_batch_norm(const Carrier* group, Handle x, Handle weight, Handle bias, Handle running_mean, Handle running_variance, double momentum,
                                             double epsilon, Handle* normalised) {
  return guarded([&] {
    *normalised = give(BatchNorm::apply(borrow(x), borrow(weight), borrow(bias), borrow(running_mean).detach(), borrow(running_variance).detach(),
                                        reinterpret_cast<int64_t>(group), momentum, epsilon));
    return 0;
  });
}
