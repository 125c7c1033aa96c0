// How values cross between the processes that train together. Every process makes the same calls in the same order.
#pragma once

#include <ATen/ATen.h>

#include <chrono>
#include <memory>
#include <string>

struct Carrier {
  Carrier(int rank, int size) : rank(rank), size(size) {}
  virtual ~Carrier() = default;

  // Replaces a tensor by its sum over the processes: the same bits in each of them.
  virtual void sum(at::Tensor& tensor) const = 0;

  // Replaces a tensor by the first process's.
  virtual void spread(at::Tensor& tensor) const = 0;

  // Rows of all processes, one process after another; the same shape in each.
  virtual at::Tensor gather(const at::Tensor& rows) const = 0;

  const int rank;
  const int size;
};

// Processes of one machine, who meet at a file that does not exist before.
std::unique_ptr<Carrier> carrier_over_memory(const std::string& file, int rank, int size, std::chrono::milliseconds patience);

// Processes anywhere, who meet at a port of the first one's machine.
std::unique_ptr<Carrier> carrier_over_gloo(const std::string& host, int port, int rank, int size, std::chrono::milliseconds patience);
