#!/usr/bin/python3
"""Makes tests/golden/methods/*.safetensors: the parts of AXM-Net and LCR²S written a second time, in plain PyTorch, from axm-net.md and lcr2s.md.

Run from anywhere:  /usr/bin/python3 tests/golden/make_methods.py
Made with PyTorch 1.13.0a0 (Debian 12, python3-torch), one thread, seed 20231016 and the case's name.
SHA256SUMS beside the files shows that nobody edited them by hand (sha256sum --check SHA256SUMS).

Weights and inputs are float32 numbers; answers and gradients are computed in float64 and rounded once.
Blocks are spelt out step by step, heads and pairs as loops; normalisations use running statistics, as in evaluation.

Names in a file:  weight.X  input.X  output.X  gradient.X (of weight or input X: of the sum of all outputs, each weighed by input.weigh_OUTPUT where it is no scalar)
"""

import hashlib
import json
import math
import pathlib
import struct
import zlib

import numpy
import torch
import torch.nn.functional as F

PYTORCH = "1.13.0a0"
SEED = 20231016
FOLDER = pathlib.Path(__file__).parent / "methods"
DTYPES = {numpy.dtype(numpy.float32): "F32", numpy.dtype(numpy.int64): "I64", numpy.dtype(numpy.bool_): "BOOL"}


class Case:
    """Draws weights and inputs, runs the reference, takes the gradients."""

    def __init__(self, name):
        torch.manual_seed(SEED + zlib.crc32(name.encode()))
        self.name, self.weights, self.buffers, self.inputs, self.labels = name, {}, {}, {}, {}

    def leaf(self, values):
        return values.float().double().requires_grad_()

    def weight(self, key, *shape, around=0.0, scale=None):
        scale = scale if scale is not None else (0.3 if len(shape) < 2 else math.sqrt(2 / max(1, math.prod(shape[1:]))))
        self.weights[key] = self.leaf(around + scale * torch.randn(*shape))
        return self.weights[key]

    def norm(self, key, channels):
        self.weight(f"{key}.weight", channels, around=1.0)
        self.weight(f"{key}.bias", channels)
        self.buffers[f"{key}.running_mean"] = (0.3 * torch.randn(channels)).double()
        self.buffers[f"{key}.running_var"] = (torch.rand(channels) + 0.5).double()
        self.buffers[f"{key}.num_batches_tracked"] = torch.zeros((), dtype=torch.int64)

    def input(self, key, *shape):
        self.inputs[key] = self.leaf(torch.randn(*shape))
        return self.inputs[key]

    def save(self, **outputs):
        total = 0
        for key, value in outputs.items():
            if value.dim() > 0:
                self.labels[f"weigh_{key}"] = torch.randn(value.shape).double()
                value = (value * self.labels[f"weigh_{key}"]).sum()
            total = total + value
        total.backward()
        tensors = {f"weight.{key}": value for key, value in {**self.weights, **self.buffers}.items()}
        tensors |= {f"input.{key}": value for key, value in {**self.inputs, **self.labels}.items()}
        tensors |= {f"output.{key}": value for key, value in outputs.items()}
        tensors |= {f"gradient.{key}": value.grad for key, value in {**self.weights, **self.inputs}.items() if value.grad is not None}
        write(self.name, {key: value.detach().float() if value.is_floating_point() else value for key, value in tensors.items()})


def write(name, tensors):
    """The safetensors format by hand: eight bytes of header length, the header, the bytes."""
    arrays = {key: numpy.ascontiguousarray(value.numpy()).reshape(tuple(value.shape)) for key, value in tensors.items()}
    header = {"__metadata__": {"pytorch": torch.__version__, "seed": str(SEED)}}
    offset = 0
    order = sorted(arrays, key=lambda key: (-arrays[key].itemsize, key))
    for key in order:
        header[key] = {"dtype": DTYPES[arrays[key].dtype], "shape": list(arrays[key].shape), "data_offsets": [offset, offset + arrays[key].nbytes]}
        offset += arrays[key].nbytes
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    (FOLDER / f"{name}.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + b"".join(arrays[key].tobytes() for key in order))


# AXM-Net ---------------------------------------------------------------------------------------------------------------------------------------

def batch_norm(case, key, x):
    shape = (1, -1, 1, 1)
    mean, variance = case.buffers[f"{key}.running_mean"].view(shape), case.buffers[f"{key}.running_var"].view(shape)
    return (x - mean) / (variance + 1e-5).sqrt() * case.weights[f"{key}.weight"].view(shape) + case.weights[f"{key}.bias"].view(shape)


def pointwise(case, key, x, out, relu=True):
    """PW(a -> b) of section 3.2: the 1x1 convolution as a product."""
    kernel = case.weight(f"{key}.conv.weight", out, x.shape[1], 1, 1)
    case.norm(f"{key}.bn", out)
    y = batch_norm(case, f"{key}.bn", torch.einsum("oi,bihw->bohw", kernel[:, :, 0, 0], x))
    return y.relu() if relu else y


def light(case, key, x, kernel):
    """Lite3 of section 3.2: channels are mixed first, then each is filtered by itself."""
    m = x.shape[1]
    mix, filters = case.weight(f"{key}.conv1.weight", m, m, 1, 1), case.weight(f"{key}.conv2.weight", m, 1, *kernel)
    case.norm(f"{key}.bn", m)
    y = torch.einsum("oi,bihw->bohw", mix[:, :, 0, 0], x)
    rows, columns = kernel[0] // 2, kernel[1] // 2
    padded = F.pad(y, (columns, columns, rows, rows))
    height, width = y.shape[2:]
    y = sum(filters[:, 0, i, j].view(1, -1, 1, 1) * padded[:, :, i:i + height, j:j + width] for i in range(kernel[0]) for j in range(kernel[1]))
    return batch_norm(case, f"{key}.bn", y).relu()


def axm_block(name, kernel, size, incoming, outgoing, gated=True):
    """Section 3.3: one gate, the same for all four scales."""
    case = Case(name)
    x = case.input("x", 2, incoming, *size)
    m = outgoing // 4
    entered = pointwise(case, "conv1", x, m)
    if gated:
        hidden = max(1, m // 16)
        w1, b1 = case.weight("gate.fc1.weight", hidden, m, 1, 1), case.weight("gate.fc1.bias", hidden, around=0.5)
        w2, b2 = case.weight("gate.fc2.weight", m, hidden, 1, 1), case.weight("gate.fc2.bias", m)
    fused = 0
    for r in range(1, 5):
        u = entered
        for place in range(r):
            u = light(case, f"conv2{'abcd'[r - 1]}" + ("" if r == 1 else f".{place}"), u, kernel)
        if gated:
            pooled = u.mean((2, 3))
            g = torch.sigmoid((pooled @ w1[:, :, 0, 0].T + b1).relu() @ w2[:, :, 0, 0].T + b2)
            u = u * g[:, :, None, None]
        fused = fused + u
    left = pointwise(case, "conv3", fused, outgoing, relu=False)
    shortcut = x if incoming == outgoing else pointwise(case, "downsample", x, outgoing, relu=False)
    case.save(y=(left + shortcut).relu())


def global_context():
    """Section 5.1, steps 1 to 4."""
    case = Case("axm-global-context")
    c, hidden, length = 16, 4, 7
    x = case.input("x", 2, c, 1, length)
    w, b = case.weight("mask.weight", 1, c, 1, 1), case.weight("mask.bias", 1)
    a, b_a = case.weight("squeeze.weight", hidden, c, 1, 1), case.weight("squeeze.bias", hidden)
    s, b_b = case.weight("spread.weight", c, hidden, 1, 1), case.weight("spread.bias", c)
    f = x[:, :, 0]                                                              # (N, C, L)
    attention = F.softmax(torch.einsum("c,ncl->nl", w[0, :, 0, 0], f) + b, 1)
    context = (attention[:, None] * f).sum(2)
    d = (context @ a[:, :, 0, 0].T + b_a).relu() @ s[:, :, 0, 0].T + b_b
    case.save(y=(f + d[:, :, None])[:, :, None])


def non_local():
    """Section 5.1, the first version's pairwise attention, as embedded Gaussian: y_j = x_j + W sum_k softmax_k(theta_j . phi_k) g_k."""
    case = Case("axm-non-local")
    c, inner, length = 16, 8, 7
    x = case.input("x", 2, c, 1, length)
    maps = {key: (case.weight(f"{key}.weight", inner, c, 1, 1), case.weight(f"{key}.bias", inner)) for key in ("theta", "phi", "g")}
    w, b = case.weight("spread.weight", c, inner, 1, 1), case.weight("spread.bias", c)
    f = x[:, :, 0].transpose(1, 2)                                              # (N, L, C)
    theta, phi, g = (f @ weight[:, :, 0, 0].T + bias for weight, bias in maps.values())
    rows = [[F.softmax(torch.stack([theta[n, j] @ phi[n, k] for k in range(length)]), 0) @ g[n] for j in range(length)] for n in range(2)]
    y = f + torch.stack([torch.stack(row) for row in rows]) @ w[:, :, 0, 0].T + b
    case.save(y=y.transpose(1, 2)[:, :, None])


def part_attention():
    """Section 5.3, steps 1 to 5: 14 rows make strips of 3, 3, 3, 3 and 2."""
    case = Case("axm-part-attention")
    c, hidden = 8, 2
    x = case.input("x", 2, c, 14, 3)
    w3, b3 = case.weight("squeeze.weight", hidden, c, 1, 1), case.weight("squeeze.bias", hidden, around=0.5)
    w4, b4 = case.weight("spread.weight", c, hidden, 1, 1), case.weight("spread.bias", c)
    strips = []
    for top, height in ((0, 3), (3, 3), (6, 3), (9, 3), (12, 2)):
        strip = x[:, :, top:top + height]
        p = strip.flatten(2).max(2).values
        s = torch.sigmoid((p @ w3[:, :, 0, 0].T + b3).relu() @ w4[:, :, 0, 0].T + b4)
        strips.append(strip * s[:, :, None, None])
    y = torch.cat(strips, 2)
    case.save(y=y, pooled=y.flatten(2).max(2).values)


# LCR²S -----------------------------------------------------------------------------------------------------------------------------------------

def draw_fusion(case, at, d):
    for key in ("weight", "bias"):
        case.weight(f"{at}norm.{key}", d, around=1.0 if key == "weight" else 0.0)
    case.weight(f"{at}attention.in_proj_weight", 3 * d, d)
    case.weight(f"{at}attention.in_proj_bias", 3 * d)
    case.weight(f"{at}attention.out_proj.weight", d, d)
    case.weight(f"{at}attention.out_proj.bias", d)


def fuse(case, at, d, heads, sample, support):
    """Section 4.2 for one sample and the support that it has, of any number: head by head."""
    w = case.weights
    z = torch.stack([sample, *support])
    z = (z - z.mean(1, keepdim=True)) / (z.var(1, unbiased=False, keepdim=True) + 1e-5).sqrt() * w[f"{at}norm.weight"] + w[f"{at}norm.bias"]
    projections = w[f"{at}attention.in_proj_weight"].split(d), w[f"{at}attention.in_proj_bias"].split(d)
    q, keys, values = (rows @ weight.T + bias for rows, weight, bias in zip((z[0], z, z), *projections))
    size = d // heads
    parts = []
    for a in range(heads):
        own = slice(a * size, (a + 1) * size)
        alpha = F.softmax(keys[:, own] @ q[own] / math.sqrt(size), 0)
        parts.append(alpha @ values[:, own])
    return sample + torch.cat(parts) @ w[f"{at}attention.out_proj.weight"].T + w[f"{at}attention.out_proj.bias"]


def fusion():
    case = Case("lcr2s-fusion")
    d, heads = 16, 4
    draw_fusion(case, "", d)
    f, s = case.input("f", 3, d), case.input("s", 3, 2, d)
    empty = torch.tensor([[False, False], [False, True], [True, True]])
    case.labels["empty"] = empty
    case.save(enriched=torch.stack([fuse(case, "", d, heads, f[i], [s[i, k] for k in range(2) if not empty[i, k]]) for i in range(3)]))


def unit(x):
    return x / x.pow(2).sum(1, keepdim=True).sqrt()


def projection_matching(v, t, y):
    """Section 4.3: KL(p || q), q the labels divided by their number."""
    total = 0
    for a, b in ((v, unit(t)), (t, unit(v))):
        for i in range(len(y)):
            p = F.softmax(a[i] @ b.T, 0)
            q = (y == y[i]).double() / (y == y[i]).sum()
            total = total + (p * (p.log() - (q + 1e-8).log())).sum() / len(y)
    return total


def task(case, v, t, y):
    logits = [x @ case.weights["classifier.weight"].T + case.weights["classifier.bias"] for x in (v, t)]
    return sum(-F.log_softmax(z, 1)[torch.arange(len(y)), y].mean() for z in logits), projection_matching(v, t, y)


def teacher():
    """Section 4 from raw features on. Nobody has more than two others, so K = 2 leaves nothing to chance."""
    case = Case("lcr2s-teacher")
    d, heads = 16, 4
    for at in ("image_fusion.", "text_fusion."):
        draw_fusion(case, at, d)
    case.weight("classifier.weight", 3, d)
    case.weight("classifier.bias", 3)
    v, t = case.input("v", 6, d), case.input("t", 6, d)
    y = torch.tensor([0, 1, 0, 2, 1, 0])
    case.labels["identities"] = y
    enriched = [torch.stack([fuse(case, at, d, heads, x[i], [x[j] for j in range(6) if j != i and y[j] == y[i]]) for i in range(6)])
                for at, x in (("image_fusion.", v), ("text_fusion.", t))]
    identity, match = task(case, *enriched, y)
    case.save(image=enriched[0], text=enriched[1], id=identity, match=match)


# Losses of pairs -------------------------------------------------------------------------------------------------------------------------------

def pairs(name, loss, d=6, identities=(0, 1, 0, 2), others=False):
    case = Case(name)
    v, t = case.input("image", len(identities), d), case.input("text", len(identities), d)
    y = torch.tensor(identities)
    case.labels["identities"] = y
    if others:
        a, b = torch.randn(len(identities), d).float().double(), torch.randn(len(identities), d).float().double()
        case.labels |= {"teacher_image": a, "teacher_text": b}
        case.save(loss=loss(v, t, a, b))
    else:
        case.save(loss=loss(v, t, y))


def affinity(v, t, y):
    matching, other = [], []
    for i in range(len(y)):
        for j in range(len(y)):
            s = F.cosine_similarity(v[i], t[j], dim=0)
            (matching if y[i] == y[j] else other).append(-torch.log(torch.sigmoid(s if y[i] == y[j] else 1 - s)))
    return torch.stack(matching).mean() + torch.stack(other).mean()


def triplet(v, t, y, margin=0.2, hardest=True):
    cosines = unit(v) @ unit(t).T
    total = 0
    for i in range(len(y)):
        strangers = [j for j in range(len(y)) if y[j] != y[i]]
        for row in (cosines[i], cosines[:, i]):
            costs = [(margin - cosines[i, i] + row[j]).relu() for j in strangers]
            total = total + (max(costs, key=float) if hardest else sum(costs)) / len(y)
    return total


def other_sentence(v, o, t, _, y=(0, 1, 0, 2), known=(True, False, True, True), margin=0.2):
    """SSAN's second ranking: another sentence o_i in t_i's place, every stranger, a margin that falls with its fit."""
    own, cosines, total = unit(v) @ unit(t).T, unit(v) @ unit(o).T, 0
    for i in (i for i in range(len(y)) if known[i]):
        fit = min(1.0, abs(cosines[i, i].item()) / abs(own[i, i].item()))
        for row in (cosines[i], cosines[:, i]):
            total = total + sum(((fit + 1) / 2 * margin - cosines[i, i] + row[j]).relu() for j in range(len(y)) if y[j] != y[i]) / len(y)
    return total


def features_plain(v, t, a, b):
    return sum((x - z).pow(2).mean() for x, z in ((v, a), (t, b))) / 2


def features(v, t, a, b):
    return sum((unit(x) - unit(z)).pow(2).sum() for x, z in ((v, a), (t, b))) / (2 * len(v))


def relations(v, t, a, b):
    return (unit(v) @ unit(t).T - unit(a) @ unit(b).T).pow(2).sum() / len(v)


def relations_kl(v, t, a, b):
    """Rows as distributions, the teacher's first, in both directions: mean_i KL(softmax R^Te_i || softmax R^St_i)."""
    student, guide = unit(v) @ unit(t).T, unit(a) @ unit(b).T
    total = 0
    for own, other in ((student, guide), (student.T, guide.T)):
        for i in range(len(v)):
            p, q = F.softmax(other[i], 0), F.softmax(own[i], 0)
            total = total + (p * (p.log() - q.log())).sum() / len(v)
    return total


if __name__ == "__main__":
    assert torch.__version__ == PYTORCH, f"these files are made with PyTorch {PYTORCH}, this is {torch.__version__}"
    torch.set_num_threads(1)
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.safetensors"):
        old.unlink()
    axm_block("axm-block-pictures", (3, 3), (6, 5), 16, 64)
    axm_block("axm-block-words", (1, 3), (1, 9), 64, 64)
    axm_block("axm-block-without-gate", (3, 3), (4, 4), 32, 32, gated=False)
    global_context()
    non_local()
    part_attention()
    fusion()
    teacher()
    pairs("affinity", affinity)
    pairs("triplet", triplet)
    pairs("ranking", lambda v, t, y: triplet(v, t, y, hardest=False))
    pairs("projection-matching", projection_matching)
    pairs("feature-distillation", features, others=True)
    pairs("feature-distillation-plain", features_plain, others=True)
    pairs("other-sentence", other_sentence, others=True)
    pairs("relation-distillation", relations, others=True)
    pairs("relation-distillation-kl", relations_kl, others=True)
    files = sorted(FOLDER.glob("*.safetensors"))
    (FOLDER / "SHA256SUMS").write_text("".join(f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files))
    print(f"{len(files)} files, {sum(file.stat().st_size for file in files)} bytes")
