"""The peer of `./run bench search`: FAISS's flat index (inner product of unit vectors).

Arguments: files of gallery and queries (float32 rows), width, threads. Lines on standard input: `search COUNT TOP` asks the first COUNT queries in one call and answers
with seconds; `found COUNT TOP` answers with the items found, query by query.
"""
import sys
import time

import faiss
import numpy as np

width, threads = int(sys.argv[3]), int(sys.argv[4])
faiss.omp_set_num_threads(threads)
index = faiss.IndexFlatIP(width)
index.add(np.fromfile(sys.argv[1], np.float32).reshape(-1, width))
queries = np.fromfile(sys.argv[2], np.float32).reshape(-1, width)
print("ready", flush=True)
for line in sys.stdin:
    work, count, top = line.split()
    start = time.perf_counter()
    _, found = index.search(queries[: int(count)], int(top))
    seconds = time.perf_counter() - start
    print(*(found.ravel().tolist() if work == "found" else [seconds]), flush=True)
