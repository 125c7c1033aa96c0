"""The peer of `./run bench evaluation`: image re-identification as the field scores it, in NumPy.

The whole distance matrix, a whole sort of every row, then a loop over queries that drops what shares the query's identity and camera.
Arguments: a folder with query.f32, gallery.f32 (rows of unit vectors), query.ids, gallery.ids (int32 pairs: identity, camera), and the width.
Lines on standard input: `rank float32|float64`, answered by seconds, rank-1, rank-5, rank-10, mAP; `memory`, answered by the peak in bytes.
"""
import os
import resource
import sys
import time

import numpy as np


def load(name):
    vectors = np.fromfile(os.path.join(sys.argv[1], f"{name}.f32"), np.float32).reshape(-1, int(sys.argv[2]))
    identity, camera = np.fromfile(os.path.join(sys.argv[1], f"{name}.ids"), np.int32).reshape(-1, 2).T
    return vectors, identity, camera


def rank(query, gallery, ranks=50):
    (q_vectors, q_identity, q_camera), (g_vectors, g_identity, g_camera) = query, gallery
    distances = 1 - q_vectors @ g_vectors.T
    order = np.argsort(distances, axis=1, kind="stable")
    matches = g_identity[order] == q_identity[:, None]
    curves, precisions = [], []
    for i in range(len(q_identity)):
        keep = ~((g_identity[order[i]] == q_identity[i]) & (g_camera[order[i]] == q_camera[i]))
        hits = matches[i][keep].astype(np.float64)
        if not hits.any():
            continue
        found = hits.cumsum()
        curves.append(np.minimum(found[:ranks], 1))
        precisions.append((found / np.arange(1, len(hits) + 1) * hits).sum() / hits.sum())
    curve = np.mean(curves, axis=0)
    return curve[0], curve[4], curve[9], np.mean(precisions)


sets = load("query"), load("gallery")
print("ready", flush=True)
for line in sys.stdin:
    work, *words = line.split()
    if work == "memory":
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, flush=True)
        continue
    start = time.perf_counter()
    figures = rank(*((vectors.astype(words[0], copy=False), identity, camera) for vectors, identity, camera in sets))
    print(time.perf_counter() - start, *(repr(float(figure)) for figure in figures), flush=True)
