"""The peer of `./run bench search`: FAISS, inner product of unit vectors.

Arguments: files of vectors and queries (float32 rows), width, threads. Lines on standard input, each answered with one line:
`flat COUNT TOP` asks the flat index for the first COUNT queries in one call, seconds; `flat-found COUNT TOP` the items found, query by query;
`build CELLS` frees the flat index and builds IVF,Flat, seconds; `ivf COUNT TOP PROBES` and `ivf-found COUNT TOP PROBES` ask it;
`ivf-each COUNT TOP PROBES` asks question by question, seconds; `memory` is what the process holds, in bytes.
"""
import sys
import time

import faiss
import numpy as np

# About as many as our side trains with, and the fewest that FAISS takes without complaint; its own choice, 256, would take six times as long.
POINTS_PER_CELL = 40

width, threads = int(sys.argv[3]), int(sys.argv[4])
faiss.omp_set_num_threads(threads)
vectors = np.memmap(sys.argv[1], np.float32, "r").reshape(-1, width)
queries = np.fromfile(sys.argv[2], np.float32).reshape(-1, width)
flat = faiss.IndexFlatIP(width)
flat.add(vectors)
ivf = None


def build(cells):
    global flat, ivf
    flat = None
    start = time.perf_counter()
    quantizer = faiss.IndexFlatIP(width)
    ivf = faiss.IndexIVFFlat(quantizer, width, cells, faiss.METRIC_INNER_PRODUCT)
    ivf.quantizer_kept = quantizer
    ivf.cp.max_points_per_centroid = POINTS_PER_CELL
    ivf.train(vectors)
    ivf.add(vectors)
    return time.perf_counter() - start


def memory():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("RssAnon")) * 1024


print("ready", flush=True)
for line in sys.stdin:
    work, *numbers = line.split()
    numbers = [int(number) for number in numbers]
    if work == "build":
        print(build(*numbers), flush=True)
    elif work == "memory":
        print(memory(), flush=True)
    else:
        index = flat
        if work.startswith("ivf"):
            index = ivf
            index.nprobe = numbers[2]
        start = time.perf_counter()
        if work == "ivf-each":
            for query in range(numbers[0]):
                index.search(queries[query : query + 1], numbers[1])
        else:
            _, found = index.search(queries[: numbers[0]], numbers[1])
        seconds = time.perf_counter() - start
        print(*(found.ravel().tolist() if work.endswith("found") else [seconds]), flush=True)
