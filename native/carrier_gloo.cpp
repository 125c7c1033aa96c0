// Between machines: libtorch's own c10d over Gloo, whose headers (Debian's libgloo-dev) the build may lack.

#include "carrier.h"

#ifdef SEMBLANCE_GLOO

#ifndef USE_C10D_GLOO
#define USE_C10D_GLOO
#endif
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#include <cstdlib>
#include <cstring>

namespace {

class Gloo final : public Carrier {
 public:
  Gloo(const std::string& host, int port, int rank, int size, std::chrono::milliseconds patience) : Carrier(rank, size) {
    c10d::TCPStoreOptions where;
    where.port = static_cast<uint16_t>(port);
    // Under torchrun the port may be its own already.
    const char* launcher = std::getenv("TORCHELASTIC_USE_AGENT_STORE");
    where.isServer = rank == 0 && (launcher == nullptr || std::strcmp(launcher, "True") != 0);
    where.numWorkers = static_cast<size_t>(size);
    where.timeout = patience;
    auto store = c10::make_intrusive<c10d::TCPStore>(host, where);
    auto options = c10d::ProcessGroupGloo::Options::create(patience);
    const char* interface = std::getenv("GLOO_SOCKET_IFNAME");
    bool here = host == "localhost" || host == "::1" || host.rfind("127.", 0) == 0;
    options->devices.push_back(here                   ? c10d::ProcessGroupGloo::createDeviceForHostname("127.0.0.1")
                               : interface != nullptr ? c10d::ProcessGroupGloo::createDeviceForInterface(interface)
                                                      : c10d::ProcessGroupGloo::createDefaultDevice());
    group_ = c10::make_intrusive<c10d::ProcessGroupGloo>(store, rank, size, options);
  }

  void sum(at::Tensor& tensor) const override {
    std::vector<at::Tensor> tensors{tensor};
    group_->allreduce(tensors)->wait();
  }

  void spread(at::Tensor& tensor) const override {
    std::vector<at::Tensor> tensors{tensor};
    group_->broadcast(tensors)->wait();
  }

  at::Tensor gather(const at::Tensor& rows) const override {
    // What Gloo does not carry crosses as the nearest type that holds it.
    auto type = rows.scalar_type();
    auto crossing = type == at::kBFloat16 ? at::kFloat : type == at::kBool ? at::kByte : type;
    std::vector<at::Tensor> own{rows.to(crossing).contiguous()};
    std::vector<std::vector<at::Tensor>> all(1);
    for (int i = 0; i < size; i++) all[0].push_back(at::empty_like(own[0]));
    group_->allgather(all, own)->wait();
    return at::cat(all[0], 0).to(type);
  }

 private:
  c10::intrusive_ptr<c10d::ProcessGroupGloo> group_;
};

}  // namespace

std::unique_ptr<Carrier> carrier_over_gloo(const std::string& host, int port, int rank, int size, std::chrono::milliseconds patience) {
  return std::make_unique<Gloo>(host, port, rank, size, patience);
}

#else

std::unique_ptr<Carrier> carrier_over_gloo(const std::string&, int, int, int, std::chrono::milliseconds) {
  TORCH_CHECK(false, "processes of several machines meet over Gloo, whose headers were missing when libsemblance_tensors was built: install libgloo-dev and build again");
}

#endif
