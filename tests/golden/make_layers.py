#!/usr/bin/python3
"""Makes tests/golden/layers/*.safetensors: what PyTorch's own layers, losses, optimisers and schedules compute, forward and gradient.

Run from anywhere:  /usr/bin/python3 tests/golden/make_layers.py
Made with PyTorch 1.13.0a0 (Debian 12, python3-torch), one thread, seed 20240607 and the case's name.
SHA256SUMS beside the files shows that nobody edited them by hand (sha256sum --check SHA256SUMS).

Inputs and parameters are float32 numbers; the answers are computed in float64 and rounded once, so they do not depend on the
processor and a difference is the fault of the code under test. Only "initialise" is drawn and kept in float32, bit for bit.

Names in a file:  input.X  parameter.X  buffer.X  upstream.X (weights of the output's sum, which is what is differentiated)
                  output.X  gradient.X (of an input)  gradient.parameter.X  after.X (a buffer after the forward pass)
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
from torch import nn

PYTORCH = "1.13.0a0"
SEED = 20240607
FOLDER = pathlib.Path(__file__).parent / "layers"
DTYPES = {numpy.dtype(numpy.float32): "F32", numpy.dtype(numpy.float64): "F64", numpy.dtype(numpy.int64): "I64", numpy.dtype(numpy.bool_): "BOOL"}


def save(name, tensors, facts=None):
    """The safetensors format by hand: eight bytes of header length, the header, the bytes."""
    arrays = {}
    for key, value in tensors.items():
        array = value.detach().numpy() if isinstance(value, torch.Tensor) else numpy.asarray(value)
        arrays[key] = numpy.ascontiguousarray(array).reshape(array.shape)
    header = {"__metadata__": {"pytorch": torch.__version__, "seed": str(SEED), **{k: str(v) for k, v in (facts or {}).items()}}}
    offset = 0
    order = sorted(arrays, key=lambda key: (-arrays[key].itemsize, key))
    for key in order:
        array = arrays[key]
        header[key] = {"dtype": DTYPES[array.dtype], "shape": list(array.shape), "data_offsets": [offset, offset + array.nbytes]}
        offset += array.nbytes
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    (FOLDER / f"{name}.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + b"".join(arrays[key].tobytes() for key in order))


def seed(name):
    torch.manual_seed(SEED + zlib.crc32(name.encode()))


def single(tensor):
    """Numbers that float32 holds exactly, as float64."""
    return tensor.float().double()


def randn(*shape):
    return single(torch.randn(*shape))


def rounded(tensor):
    return tensor.detach().float() if tensor.is_floating_point() else tensor.detach()


def case(name, inputs, forward, module=None, **facts):
    """Runs forward(**inputs) -> dict of outputs, differentiates the sum of all outputs weighted by random upstream gradients."""
    inputs = {key: value.clone().requires_grad_(value.is_floating_point()) for key, value in inputs.items()}
    tensors = {f"input.{key}": rounded(value) for key, value in inputs.items()}
    if module is not None:
        module.double()
        for parameter in module.parameters():
            parameter.data = single(parameter.data)
        tensors |= {f"parameter.{key}": rounded(value).clone() for key, value in module.named_parameters()}
        tensors |= {f"buffer.{key}": rounded(value).clone() for key, value in module.named_buffers()}
    outputs = forward(**inputs)
    loss = 0
    for key, value in outputs.items():
        tensors[f"output.{key}"] = rounded(value)
        upstream = randn(*value.shape) if value.dim() else torch.tensor(1.0, dtype=torch.float64)
        tensors[f"upstream.{key}"] = rounded(upstream)
        loss = loss + (value * upstream).sum()
    loss.backward()
    for key, value in inputs.items():
        if value.grad is not None:
            tensors[f"gradient.{key}"] = rounded(value.grad)
    if module is not None:
        tensors |= {f"gradient.parameter.{key}": rounded(value.grad) for key, value in module.named_parameters() if value.grad is not None}
        tensors |= {f"after.{key}": rounded(value) for key, value in module.named_buffers()}
    save(name, tensors, facts)


def shuffle(module):
    """Parameters and running statistics away from their trivial first values."""
    for key, value in module.named_parameters():
        if value.dim() < 2:
            value.data = torch.randn_like(value) * 0.5 + (1 if key.endswith("weight") else 0)
    for key, value in module.named_buffers():
        if key.endswith("running_mean"):
            value.copy_(torch.randn_like(value))
        if key.endswith("running_var"):
            value.copy_(torch.rand_like(value) + 0.5)
    return module


def layer(name, make, shape, train=True, integer_below=None, **facts):
    seed(name)
    module = shuffle(make()).train(train)
    x = torch.randint(0, integer_below, shape) if integer_below else randn(*shape)
    case(name, {"x": x}, lambda x: {"y": module(x)}, module, **facts)


def layers():
    layer("linear", lambda: nn.Linear(7, 5), (2, 3, 7))
    layer("linear-without-bias", lambda: nn.Linear(7, 5, bias=False), (4, 7))
    layer("conv2d", lambda: nn.Conv2d(3, 6, (3, 2), stride=(2, 1), padding=(1, 0)), (2, 3, 9, 7))
    layer("conv2d-groups", lambda: nn.Conv2d(4, 8, 3, padding=2, dilation=2, groups=2, bias=False), (2, 4, 6, 5))
    layer("batch-norm-1d-train", lambda: nn.BatchNorm1d(5), (6, 5))
    layer("batch-norm-1d-eval", lambda: nn.BatchNorm1d(5), (6, 5), train=False)
    layer("batch-norm-1d-sequence", lambda: nn.BatchNorm1d(5, eps=1e-3, momentum=0.3), (3, 5, 4))
    layer("batch-norm-2d-train", lambda: nn.BatchNorm2d(4), (3, 4, 5, 2))
    layer("batch-norm-2d-eval", lambda: nn.BatchNorm2d(4), (3, 4, 5, 2), train=False)
    layer("layer-norm", lambda: nn.LayerNorm(12, eps=1e-6), (2, 3, 12))
    layer("embedding", lambda: nn.Embedding(9, 4, padding_idx=0), (3, 5), integer_below=9)
    layer("max-pool-2d", lambda: nn.MaxPool2d(3, stride=2, padding=1), (2, 3, 8, 5))
    layer("average-pool-2d", lambda: nn.AvgPool2d((2, 3), stride=(2, 1)), (2, 3, 8, 5))
    layer("adaptive-average-pool-2d", lambda: nn.AdaptiveAvgPool2d((3, 2)), (2, 3, 8, 5))
    layer("adaptive-average-pool-2d-one", lambda: nn.AdaptiveAvgPool2d(1), (2, 3, 8, 5))
    layer("relu", nn.ReLU, (3, 11))
    layer("gelu", nn.GELU, (3, 11))
    layer("tanh", nn.Tanh, (3, 11))
    layer("sigmoid", nn.Sigmoid, (3, 11))
    layer("dropout-eval", lambda: nn.Dropout(0.4), (3, 11), train=False)
    layer("sequential", lambda: nn.Sequential(nn.Conv2d(3, 4, 3, padding=1, bias=False), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2), nn.AdaptiveAvgPool2d(1),
                                              nn.Flatten(), nn.Linear(4, 2)), (3, 3, 8, 4))


def padding(batch, length):
    """True where there is no token: a different number of trailing places in each row, none in the first."""
    return torch.arange(length)[None] >= (length - 2 * torch.arange(batch))[:, None]


def attention():
    name = "attention"
    seed(name)
    module = shuffle(nn.MultiheadAttention(8, 2, batch_first=True))
    mask = padding(3, 6)

    def forward(x, mask):
        y, weights = module(x, x, x, key_padding_mask=mask, average_attn_weights=False)
        return {"y": y, "weights": weights}
    case(name, {"x": randn(3, 6, 8), "mask": mask}, forward, module, heads=2)

    name = "attention-cross"
    seed(name)
    cross = shuffle(nn.MultiheadAttention(8, 4, batch_first=True, bias=False))

    def forward_cross(query, memory):
        return {"y": cross(query, memory, memory, need_weights=False)[0]}
    case(name, {"query": randn(2, 3, 8), "memory": randn(2, 5, 8)}, forward_cross, cross, heads=4)

    name = "attention-masked"
    seed(name)
    masked = shuffle(nn.MultiheadAttention(8, 2, batch_first=True))
    causal = torch.ones(5, 5).triu(1).bool()

    def forward_masked(x, memory, attention, mask):
        return {"y": masked(x, memory, x, attn_mask=attention, key_padding_mask=mask)[0]}
    case(name, {"x": randn(2, 5, 8), "memory": randn(2, 5, 8), "attention": causal, "mask": padding(2, 5)}, forward_masked, masked, heads=2)

    for name, first, activation in (("encoder-post-norm", False, "relu"), ("encoder-pre-norm", True, "gelu")):
        seed(name)
        block = shuffle(nn.TransformerEncoderLayer(8, 2, 16, dropout=0.1, activation=activation, norm_first=first, batch_first=True))
        for part in (block.dropout, block.dropout1, block.dropout2):
            part.p = 0.0
        block.self_attn.dropout = 0.0  # train mode without chance, so that no fast path of eval mode is taken

        def forward_block(x, mask, block=block):
            return {"y": block(x, src_key_padding_mask=mask)}
        case(name, {"x": randn(3, 6, 8), "mask": padding(3, 6)}, forward_block, block, heads=2)

    name = "encoder-stack"
    seed(name)
    stack = shuffle(nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, activation="gelu", norm_first=True, batch_first=True), 2, nn.LayerNorm(8)))
    case(name, {"x": randn(2, 4, 8)}, lambda x: {"y": stack(x)}, stack, heads=2)


def losses():
    def loss(name, forward, **inputs):
        seed(name)
        case(name, {key: make() for key, make in inputs.items()}, forward)

    target = lambda: torch.tensor([3, 0, -100, 6, 2, -100, 3])
    loss("cross-entropy", lambda logits, target: {"loss": F.cross_entropy(logits, target)}, logits=lambda: randn(7, 9), target=target)
    loss("cross-entropy-smooth", lambda logits, target: {"loss": F.cross_entropy(logits, target, label_smoothing=0.1)}, logits=lambda: 3 * randn(7, 9), target=target)
    loss("cross-entropy-ignore", lambda logits, target: {"loss": F.cross_entropy(logits, target, ignore_index=3)}, logits=lambda: randn(7, 9),
         target=lambda: torch.tensor([3, 0, 1, 6, 2, 8, 3]))
    loss("l1", lambda x, y: {"loss": F.l1_loss(x, y)}, x=lambda: randn(3, 5), y=lambda: randn(3, 5))
    loss("mse", lambda x, y: {"loss": F.mse_loss(x, y)}, x=lambda: randn(3, 5), y=lambda: randn(3, 5))
    loss("kl", lambda x, y: {"loss": F.kl_div(F.log_softmax(x, -1), F.softmax(y, -1), reduction="batchmean")}, x=lambda: randn(4, 6), y=lambda: randn(4, 6))
    loss("normalize", lambda x: {"y": F.normalize(x, dim=-1)}, x=lambda: randn(4, 6))
    loss("softmax", lambda x: {"softmax": x.softmax(1), "log": x.log_softmax(-1), "sum": x.logsumexp(0)}, x=lambda: 4 * randn(4, 6))


def resizing():
    """A table of positions moved to another grid, as explicit sizes (a scale factor would sample elsewhere)."""
    for name, source, target in (("larger", (4, 2), (7, 5)), ("smaller", (8, 8), (6, 3)), ("same", (6, 3), (6, 3))):
        seed(f"bicubic-{name}")
        case(f"bicubic-{name}", {"x": randn(1, 3, *source)},
             lambda x, target=target: {"y": F.interpolate(x, size=target, mode="bicubic", align_corners=False)}, height=target[0], width=target[1])


SHAPES = [(5, 4), (5,), (3, 2, 2), (17,)]


def optimiser(name, make, steps=6, clip=None):
    """Two groups (the first two tensors, the others); gradients and parameters before, parameters after every step."""
    seed(name)
    parameters = [nn.Parameter(randn(*shape)) for shape in SHAPES]
    tensors = {f"before.{i}": rounded(p).clone() for i, p in enumerate(parameters)}
    optimizer = make([parameters[:2], parameters[2:]])
    rates = [group["lr"] for group in optimizer.param_groups]
    for step in range(steps):
        factor = 1 - 0.5 * step / steps
        for group, rate in zip(optimizer.param_groups, rates):
            group["lr"] = rate * factor
        for i, parameter in enumerate(parameters):
            parameter.grad = randn(*parameter.shape)
            tensors[f"step{step}.gradient.{i}"] = rounded(parameter.grad).clone()
        if step == 2:
            parameters[3].grad = None  # a parameter that took no part
            del tensors["step2.gradient.3"]
        if clip is not None:
            tensors[f"step{step}.norm"] = torch.nn.utils.clip_grad_norm_([p for p in parameters if p.grad is not None], clip).detach()
            tensors |= {f"step{step}.clipped.{i}": rounded(p.grad).clone() for i, p in enumerate(parameters) if p.grad is not None}
        optimizer.step()
        tensors |= {f"step{step}.after.{i}": rounded(p).clone() for i, p in enumerate(parameters)}
    save(name, tensors, {"steps": steps, "clip": clip})


def optimisers():
    def groups(g, scale, decay):
        return [{"params": g[0], "lr": 0.05, "weight_decay": decay}, {"params": g[1], "lr": 0.05 * scale, "weight_decay": 0.0}]
    optimiser("sgd", lambda g: torch.optim.SGD(groups(g, 1, 0), lr=1))
    optimiser("sgd-momentum", lambda g: torch.optim.SGD(groups(g, 2, 5e-2), lr=1, momentum=0.9))
    optimiser("sgd-nesterov", lambda g: torch.optim.SGD(groups(g, 0.1, 5e-2), lr=1, momentum=0.8, nesterov=True))
    optimiser("adam", lambda g: torch.optim.Adam(groups(g, 2, 5e-2), lr=1))
    optimiser("adamw", lambda g: torch.optim.AdamW(groups(g, 2, 5e-2), lr=1))
    optimiser("adamw-betas", lambda g: torch.optim.AdamW(groups(g, 0.5, 0.3), lr=1, betas=(0.8, 0.95), eps=1e-6))
    optimiser("adamw-clipped", lambda g: torch.optim.AdamW(groups(g, 1, 5e-2), lr=1), clip=6.0)


def schedules():
    def factors(make):
        optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=1.0)
        schedule = make(optimizer)
        rates = []
        for _ in range(31):
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            schedule.step()
        return numpy.array(rates)

    s = torch.optim.lr_scheduler
    warm, total, floor = 5, 30, 0.1

    def warmed(make):
        return lambda o: s.SequentialLR(o, [s.LinearLR(o, 1 / warm, total_iters=warm - 1), make(o)], [warm])
    save("schedules", {
        "cosine": factors(lambda o: s.CosineAnnealingLR(o, total, eta_min=floor)),
        "linear": factors(lambda o: s.LinearLR(o, 1.0, floor, total_iters=total)),
        "cosine-warm": factors(warmed(lambda o: s.CosineAnnealingLR(o, total - warm, eta_min=floor))),
        "linear-warm": factors(warmed(lambda o: s.LinearLR(o, 1.0, floor, total_iters=total - warm))),
    }, {"warmup": warm, "total": total, "floor": floor})


def initialise():
    """First values straight after the seed: the same draws in the same order give the same bits."""
    tensors = {}

    def drawn(name, make):
        torch.manual_seed(SEED)
        made = make()
        if isinstance(made, nn.Module):
            tensors.update({f"{name}.{key}": value.detach().clone() for key, value in made.state_dict().items()})
        else:
            tensors[name] = made.detach()

    drawn("linear", lambda: nn.Linear(7, 5))
    drawn("conv2d", lambda: nn.Conv2d(4, 6, 3, groups=2))
    drawn("batch-norm-2d", lambda: nn.BatchNorm2d(3))
    drawn("layer-norm", lambda: nn.LayerNorm(3))
    drawn("embedding", lambda: nn.Embedding(5, 3, padding_idx=2))
    drawn("attention", lambda: nn.MultiheadAttention(8, 2))
    drawn("encoder", lambda: nn.TransformerEncoderLayer(8, 2, 12))
    drawn("normal", lambda: nn.init.normal_(torch.empty(4, 5), 0.5, 2.0))
    drawn("uniform", lambda: nn.init.uniform_(torch.empty(4, 5), -0.5, 2.0))
    drawn("truncated-normal", lambda: nn.init.trunc_normal_(torch.empty(40, 5), 0.1, 1.5, -2.0, 2.0))
    drawn("xavier-uniform", lambda: nn.init.xavier_uniform_(torch.empty(4, 5), 1.5))
    drawn("xavier-normal", lambda: nn.init.xavier_normal_(torch.empty(4, 5)))
    drawn("kaiming-uniform", lambda: nn.init.kaiming_uniform_(torch.empty(4, 5, 3, 3), nonlinearity="relu"))
    drawn("kaiming-normal-out", lambda: nn.init.kaiming_normal_(torch.empty(4, 5, 3, 3), mode="fan_out", nonlinearity="relu"))
    save("initialise", tensors)


if __name__ == "__main__":
    assert torch.__version__ == PYTORCH, f"these files are made with PyTorch {PYTORCH}, this is {torch.__version__}"
    torch.set_num_threads(1)
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.safetensors"):
        old.unlink()
    for make in (layers, attention, losses, resizing, optimisers, schedules, initialise):
        make()
    files = sorted(FOLDER.glob("*.safetensors"))
    sums = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files]
    (FOLDER / "SHA256SUMS").write_text("".join(sums))
    print(f"{len(files)} files, {sum(file.stat().st_size for file in files)} bytes")
