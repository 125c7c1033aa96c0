"""The peer of `./run bench optimiser`: torch.optim.AdamW over the same shapes.

Arguments: threads, shapes as JSON. Lines on standard input: `loop` or `foreach`; the answer is the seconds of one step.
"""
import json
import sys
import time

import torch

torch.set_num_threads(int(sys.argv[1]))
torch.manual_seed(0)
shapes = json.loads(sys.argv[2])
optimisers = {}


def make(foreach):
    parameters = [torch.nn.Parameter(torch.randn(shape) * 0.02) for shape in shapes]
    for parameter in parameters:
        parameter.grad = torch.randn_like(parameter) * 0.01
    return torch.optim.AdamW(parameters, lr=1e-4, betas=(0.9, 0.98), eps=1e-6, weight_decay=0.1, foreach=foreach)


print("ready", flush=True)
for line in sys.stdin:
    way = line.strip()
    if way not in optimisers:
        optimisers[way] = make(way == "foreach")
    start = time.perf_counter()
    optimisers[way].step()
    print(time.perf_counter() - start, flush=True)
