#!/usr/bin/python3
"""Makes tests/golden/checkpoints/*: small checkpoints as PyTorch itself writes them, in each of its formats, and expected.safetensors with what they hold.

Run from anywhere:  /usr/bin/python3 tests/golden/make_checkpoints.py
Made with PyTorch 1.13.0a0 (Debian 12, python3-torch), seed 20260102. SHA256SUMS beside the files shows that nobody edited them by hand.
PyTorch writes addresses into the older format, so legacy.pth and script.pt come out differently each time: make them again only with a reason.
Every file holds the same tensors under the same names, but for script.pt, whose tensors are those of its module.
"""

import collections
import hashlib
import json
import pathlib
import zipfile

import numpy
import torch
from torch import nn

import make_backbones

FOLDER = pathlib.Path(__file__).parent / "checkpoints"


def tensors():
    torch.manual_seed(20260102)
    base = torch.randn(4, 6)
    return collections.OrderedDict([
        ("float", base),
        ("transposed", base.t()),                      # the same storage, read down its columns
        ("part", base[1:3, 2:5]),                      # a window into it
        ("parameter", nn.Parameter(torch.randn(3))),
        ("double", torch.randn(2, 2).double()),
        ("half", torch.randn(5).half()),
        ("brain", torch.randn(5).bfloat16()),
        ("long", torch.tensor([-(2 ** 40), 3])),
        ("int", torch.tensor([1, -2], dtype=torch.int32)),
        ("short", torch.tensor([1, -2], dtype=torch.int16)),
        ("char", torch.tensor([1, -2], dtype=torch.int8)),
        ("byte", torch.tensor([1, 200], dtype=torch.uint8)),
        ("bool", torch.tensor([True, False, True])),
        ("scalar", torch.tensor(7)),
        ("empty", torch.zeros(0, 3)),
    ])


class Inner(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(3, 2)
        self.register_buffer("mask", torch.zeros(2).bool())
        self.sizes = [2, 3]

    def forward(self, x):
        return self.linear(x)


class Outer(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = Inner()
        self.scale = nn.Parameter(torch.randn(()))

    def forward(self, x):
        return self.inner(x) * self.scale


def irra():
    """CLIP's golden weights as IRRA wraps them, in half precision, with heads, an optimiser's state and a name that nobody knows."""
    with open(pathlib.Path(__file__).parent / "backbones" / "clip.safetensors", "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        data = file.read()
    model = {}
    for key, entry in header.items():
        if key.startswith("weight."):
            begin, end = entry["data_offsets"]
            values = numpy.frombuffer(data[begin:end], dtype=numpy.float32).reshape(entry["shape"])
            model[f"base_model.{key[len('weight.'):]}"] = torch.from_numpy(values.copy()).half()
    head = nn.Linear(6, 3)
    optimizer = torch.optim.Adam([head.bias])
    head.bias.grad = torch.ones(3)
    optimizer.step()
    model |= {"classifier.weight": head.weight, "classifier.bias": head.bias, "cross_attn.in_proj_weight": torch.ones(3, 1), "ln_post.weight": torch.ones(2), "odd": torch.ones(1)}
    torch.save({"model": model, "optimizer": optimizer.state_dict(), "iteration": 3}, FOLDER / "irra.pth")


def drop_debugging(path):
    """Takes out where on this machine each line of the script came from; the other entries stay, compressed or not, as they were."""
    with zipfile.ZipFile(path) as old:
        entries = [(entry, old.read(entry)) for entry in old.infolist() if not entry.filename.endswith(".debug_pkl")]
    with zipfile.ZipFile(path, "w") as new:
        for entry, data in entries:
            plain = zipfile.ZipInfo(entry.filename)
            new.writestr(plain, data, entry.compress_type)


def main():
    assert torch.__version__ == make_backbones.PYTORCH
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.iterdir():
        old.unlink()
    state = tensors()
    model = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))
    state_dict = model.state_dict()
    assert state_dict._metadata
    whole = {"state_dict": state, "model": state_dict, "epoch": 12, "loss": 0.25, "big": 2 ** 70, "notes": ["text", None, True, (1, 2)], "history": [torch.ones(1)]}
    torch.save(whole, FOLDER / "zip.pth")
    torch.save(whole, FOLDER / "legacy.pth", _use_new_zipfile_serialization=False)
    torch.save(whole, FOLDER / "protocol4.pth", pickle_protocol=4)
    irra()
    script = torch.jit.script(Outer())
    script.save(str(FOLDER / "script.pt"))
    drop_debugging(FOLDER / "script.pt")
    expected = {f"state_dict.{key}": value for key, value in state.items()}
    expected |= {f"model.{key}": value for key, value in state_dict.items()}
    expected |= {"history.0": torch.ones(1)}
    expected |= {f"script.{key}": value for key, value in script.state_dict().items()}
    make_backbones.FOLDER = FOLDER
    wide = {key: value.float() if value.is_floating_point() else value.bool() if value.dtype == torch.bool else value.long() for key, value in expected.items()}
    make_backbones.save("expected", {}, {}, wide)
    files = sorted(FOLDER.iterdir())
    (FOLDER / "SHA256SUMS").write_text("".join(f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files))


if __name__ == "__main__":
    main()
