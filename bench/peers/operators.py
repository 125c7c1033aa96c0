"""The peer of `./run bench operators`: small operators called from Python.

Argument: threads. Lines on standard input: NAME COUNT; the answer is the seconds of COUNT calls.
"""
import sys
import timeit

import torch

torch.set_num_threads(int(sys.argv[1]))
tensors = {"a": torch.ones(1), "b": torch.ones(1), "x": torch.ones(4, 8)}
calls = {"add": "a + b", "softmax": "x.softmax(-1)", "reshape": "x.reshape(2, 16)", "sum": "x.sum([1], keepdim=True)"}
print("ready", flush=True)
for line in sys.stdin:
    name, count = line.split()
    with torch.no_grad():
        print(timeit.timeit(calls[name], globals=tensors, number=int(count)), flush=True)
