"""The peers of `./run bench evaluation`: image re-identification as the field scores and re-ranks it, in NumPy and in Cython.

All of them take the whole distance matrix. `numpy` is a whole stable sort and a loop over queries, ours; the others are run from their repositories, where these are.
Arguments: a folder with query.f32, gallery.f32 (rows of unit vectors), query.ids, gallery.ids (int32 pairs: identity, camera), the width, and the folder of the peers'
repositories. Lines on standard input:
  peers                          answered by the names that can be run
  rank NAME float32|float64      answered by seconds, rank-1, rank-5, rank-10, mAP
  rerank                         k-reciprocal re-ranking by the reference code, then `rank numpy` of the result: the same answer; seconds are of the re-ranking. The squared
                                 distances that it works with, queries first, are left in squared.f32 in the folder
  reranked                       the last answer to rerank
  memory                         answered by the peak in bytes
"""
import glob
import importlib.util
import os
import resource
import subprocess
import sys
import time

import numpy as np

folder, width, repositories = sys.argv[1], int(sys.argv[2]), sys.argv[3]
RANKS = 50


def load(name):
    vectors = np.fromfile(os.path.join(folder, f"{name}.f32"), np.float32).reshape(-1, width)
    identity, camera = np.fromfile(os.path.join(folder, f"{name}.ids"), np.int32).reshape(-1, 2).T
    return vectors, identity, camera


def by_numpy(distances, q_identity, g_identity, q_camera, g_camera, ranks):
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
    return np.mean(curves, axis=0), np.mean(precisions)


def module(path):
    spec = importlib.util.spec_from_file_location(os.path.basename(path).split(".")[0], path)
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def compiled(cylib):
    """The Cython module of a folder, built there where it is not yet."""
    for _ in range(2):
        built = glob.glob(os.path.join(cylib, "rank_cy*.so"))
        if built:
            return module(built[0]).evaluate_cy
        subprocess.run([sys.executable, "setup.py", "build_ext", "--inplace"], cwd=cylib, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    raise FileNotFoundError(cylib)


def rankers():
    known = {"numpy": by_numpy}
    for name, find in (
        ("torchreid", lambda: module(os.path.join(repositories, "deep-person-reid/torchreid/metrics/rank.py")).eval_market1501),
        ("torchreid-cython", lambda: compiled(os.path.join(repositories, "deep-person-reid/torchreid/metrics/rank_cylib"))),
        ("fast-reid-cython", lambda: compiled(os.path.join(repositories, "fast-reid/fastreid/evaluation/rank_cylib"))),
    ):
        try:
            known[name] = find()
        except (OSError, ImportError, subprocess.CalledProcessError) as problem:
            print(f"evaluation.py: no {name}: {problem}", file=sys.stderr)
    return known


def rank(name, precision):
    q, g = (vectors.astype(precision, copy=False) for vectors in (queries, gallery))
    # fast-reid gives the average precision of each query, and INP after it.
    curve, precisions, *_ = known[name](1 - q @ g.T, q_identity, g_identity, q_camera, g_camera, RANKS)
    return curve, np.mean(precisions)


def rerank():
    reference = module(os.path.join(repositories, "person-re-ranking/python-version/re_ranking_ranklist.py")).re_ranking
    start = time.perf_counter()
    # Unsquared: the reference squares what it is given.
    q_g, q_q, g_g = (np.sqrt(np.maximum(2 - 2 * (a @ b.T), 0)) for a, b in ((queries, gallery), (queries, queries), (gallery, gallery)))
    np.fill_diagonal(q_q, 0)
    np.fill_diagonal(g_g, 0)
    distances = reference(q_g, q_q, g_g)
    seconds = time.perf_counter() - start
    with open(os.path.join(folder, "squared.f32"), "wb") as file:
        for left, right in ((q_q, q_g), (q_g.T, g_g)):
            for a, b in zip(left, right):
                np.power(np.concatenate((a, b)), 2).tofile(file)
    return seconds, by_numpy(distances, q_identity, g_identity, q_camera, g_camera, RANKS)


def answer(seconds, curve, precision):
    print(seconds, *(repr(float(figure)) for figure in (curve[0], curve[4], curve[9], precision)), flush=True)


(queries, q_identity, q_camera), (gallery, g_identity, g_camera) = load("query"), load("gallery")
known = rankers()
print("ready", flush=True)
for line in sys.stdin:
    work, *words = line.split()
    if work == "peers":
        print(*known, *(["rerank"] if os.path.isdir(os.path.join(repositories, "person-re-ranking")) else []), flush=True)
    elif work == "memory":
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, flush=True)
    elif work == "rerank":
        reranked = rerank()
        answer(reranked[0], *reranked[1])
    elif work == "reranked":
        answer(reranked[0], *reranked[1])
    else:
        start = time.perf_counter()
        figures = rank(*words)
        answer(time.perf_counter() - start, *figures)
