#!/usr/bin/python3
"""Makes tests/golden/mmet/*.safetensors: MMET written a second time, in PyTorch's own modules, from mmet.md sections 4 to 6.

Run from anywhere:  /usr/bin/python3 tests/golden/make_mmet.py
Made with PyTorch 1.13.0a0 (Debian 12, python3-torch), one thread, seed 20230419.
SHA256SUMS beside the files shows that nobody edited them by hand (sha256sum --check SHA256SUMS).

Weights and inputs are float32 numbers; answers and gradients are computed in float64 and rounded once.
The reference shares nothing with the C# but the names of its weights: attention is nn.MultiheadAttention, each block is spelt out, padding is
given as a key padding mask, and the last block is always computed whole.

Two models, both with two image and two text blocks, one fusion block, width 32: "touching" (patch 8, stride 8) and "overlapping" (patch 8, stride 6).

Names in a file:  weight.X  input.X  state.X (hidden states by name)  output.X  loss.X  gradient.X (of the sum of losses, by weight X)
"""

import hashlib
import json
import math
import pathlib
import struct

import numpy
import torch
import torch.nn.functional as F
from torch import nn

PYTORCH = "1.13.0a0"
SEED = 20230419
FOLDER = pathlib.Path(__file__).parent / "mmet"
DTYPES = {numpy.dtype(numpy.float32): "F32", numpy.dtype(numpy.int64): "I64", numpy.dtype(numpy.bool_): "BOOL"}

WIDTH, HEADS, MLP, WORDS, LENGTH, CLASSES = 32, 4, 64, 40, 10, 5
HEIGHT, BREADTH, BATCH = 32, 20, 4


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.attention = nn.MultiheadAttention(WIDTH, HEADS, batch_first=True)
        self.norm2 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.mlp = nn.Sequential(nn.Linear(WIDTH, MLP), nn.GELU(), nn.Linear(MLP, WIDTH))

    def forward(self, x, padding=None):
        y = self.norm1(x)
        x = x + self.attention(y, y, y, key_padding_mask=padding, need_weights=False)[0]
        return x + self.mlp(self.norm2(x))


class Encoder(nn.Module):
    def __init__(self, layers):
        super().__init__()
        self.blocks = nn.ModuleList(Block() for _ in range(layers))
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)

    def forward(self, x, padding=None):
        for block in self.blocks:
            x = block(x, padding)
        return x, self.norm(x)


class Prediction(nn.Sequential):
    def __init__(self, classes):
        super().__init__(nn.Linear(WIDTH, WIDTH), nn.GELU(), nn.LayerNorm(WIDTH, eps=1e-5), nn.Linear(WIDTH, classes))


class Reference(nn.Module):
    def __init__(self, patch, stride):
        super().__init__()
        self.patch, self.stride = patch, stride
        self.rows, self.columns = (HEIGHT - patch) // stride + 1, (BREADTH - patch) // stride + 1
        self.patches = nn.Conv2d(3, WIDTH, patch, stride)
        self.image_class = nn.Parameter(torch.zeros(1, 1, WIDTH))
        self.mask = nn.Parameter(torch.zeros(1, 1, WIDTH))
        self.image_positions = nn.Parameter(torch.zeros(1, 1 + self.rows * self.columns, WIDTH))
        self.image = Encoder(2)
        self.words = nn.Embedding(WORDS, WIDTH, padding_idx=0)
        self.text_positions = nn.Embedding(LENGTH + 2, WIDTH)
        self.types = nn.Embedding(2, WIDTH)
        self.text_norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.text = Encoder(2)
        self.to_fusion_image, self.to_fusion_text = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)
        self.fusion_class = nn.Parameter(torch.zeros(1, 1, WIDTH))
        self.fusion = Encoder(1)
        self.project_image, self.project_text = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)
        self.log_scale = nn.Parameter(torch.zeros(()))
        self.heads = nn.ModuleDict({
            "mim": Prediction(3 * stride * stride), "mmm_image": Prediction(3 * stride * stride), "mlm": Prediction(WORDS), "mmm_text": Prediction(WORDS),
        })
        self.pooler, self.match = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, 2)

    def cells(self, images):
        """The pixels that each patch owns, (B, N, 3 c c)."""
        c, edge = self.stride, (self.patch - self.stride) // 2
        out = []
        for i in range(self.rows):
            for j in range(self.columns):
                top, left = edge + i * c, edge + j * c
                out.append(images[:, :, top:top + c, left:left + c].flatten(1))
        return torch.stack(out, 1)

    def see(self, images, hidden=None):
        if hidden is not None and self.stride < self.patch:
            c, edge = self.stride, (self.patch - self.stride) // 2
            images = images.clone()
            for b in range(images.shape[0]):
                for n in range(self.rows * self.columns):
                    if hidden[b, n]:
                        top, left = edge + n // self.columns * c, edge + n % self.columns * c
                        images[b, :, top:top + c, left:left + c] = 0
        x = self.patches(images).flatten(2).transpose(1, 2)
        if hidden is not None:
            x = x * ~hidden[..., None] + self.mask * hidden[..., None]
        x = torch.cat([self.image_class.expand(len(x), -1, -1), x], 1) + self.image_positions
        return self.image(x)

    def read(self, tokens, attention):
        x = self.words(tokens) + self.text_positions(torch.arange(tokens.shape[1])) + self.types(torch.zeros_like(tokens))
        return self.text(self.text_norm(x), ~attention)

    def fuse(self, image, text, attention):
        z = torch.cat([self.fusion_class.expand(len(image), -1, -1), self.to_fusion_image(image), self.to_fusion_text(text)], 1)
        seen = torch.ones(len(image), 1 + image.shape[1], dtype=torch.bool)
        return self.fusion(z, ~torch.cat([seen, attention], 1))


def names(model):
    """Our weights' names, with the reference's tensors; queries, keys and values are stacked in both."""
    out = {
        "image_encoder.class_token": model.image_class, "image_encoder.mask_token": model.mask, "image_encoder.positions": model.image_positions,
        "image_encoder.patches.weight": model.patches.weight, "image_encoder.patches.bias": model.patches.bias,
        "text_encoder.words.weight": model.words.weight, "text_encoder.positions.weight": model.text_positions.weight, "text_encoder.types.weight": model.types.weight,
        "text_encoder.embedding_norm.weight": model.text_norm.weight, "text_encoder.embedding_norm.bias": model.text_norm.bias,
        "fusion_encoder.class_token": model.fusion_class, "log_scale": model.log_scale,
    }
    linear = {"image_to_fusion": model.to_fusion_image, "text_to_fusion": model.to_fusion_text, "image_projection": model.project_image, "text_projection": model.project_text,
              "itm.pooler": model.pooler, "itm.classifier": model.match}
    for name, head in model.heads.items():
        linear |= {f"{name}.dense": head[0], f"{name}.norm": head[2], f"{name}.decoder": head[3]}
    for name, encoder in {"image_encoder": model.image, "text_encoder": model.text, "fusion_encoder": model.fusion}.items():
        linear[f"{name}.transformer.norm"] = encoder.norm
        for i, block in enumerate(encoder.blocks):
            at = f"{name}.transformer.blocks.{i}"
            linear |= {f"{at}.norm1": block.norm1, f"{at}.norm2": block.norm2, f"{at}.attention.output": block.attention.out_proj,
                       f"{at}.expand": block.mlp[0], f"{at}.contract": block.mlp[2]}
            out |= {f"{at}.attention.qkv.weight": block.attention.in_proj_weight, f"{at}.attention.qkv.bias": block.attention.in_proj_bias}
    for name, layer in linear.items():
        out |= {f"{name}.weight": layer.weight, f"{name}.bias": layer.bias}
    heads = ("mim.", "mlm.", "mmm_", "itm.")
    return {name if name.startswith(heads) else f"model.{name}": tensor for name, tensor in out.items()}


def normalised(cells):
    centred = cells - cells.mean(-1, keepdim=True)
    return centred / centred.pow(2).mean(-1, keepdim=True).clamp_min(1e-6).sqrt()


def make(name, patch, stride):
    torch.manual_seed(SEED + stride)
    model = Reference(patch, stride)
    weights = names(model)
    with torch.no_grad():
        for key, tensor in weights.items():
            tensor.copy_(torch.randn_like(tensor) * (0.2 if tensor.dim() > 1 else 0.1) + (1 if "norm" in key and key.endswith("weight") else 0))
        model.words.weight[0] = 0
        model.log_scale.fill_(math.log(1 / 0.07))
    assert len(weights) == len(list(model.parameters())), "a weight has no name"
    stored = {f"weight.{key}": tensor.detach().clone() for key, tensor in weights.items()}
    model = model.double()
    weights = names(model)

    images = torch.randn(BATCH, 3, HEIGHT, BREADTH)
    hidden = torch.rand(BATCH, model.rows * model.columns) < 0.3
    lengths = [10, 7, 4, 9]
    attention = torch.arange(LENGTH)[None] < torch.tensor(lengths)[:, None]
    tokens = torch.randint(5, WORDS, (BATCH, LENGTH)) * attention
    chosen = (torch.rand(BATCH, LENGTH) < 0.3) & attention
    chosen[:, 1] = True
    masked_tokens = torch.where(chosen, torch.full_like(tokens, 4), tokens)
    labels = torch.where(chosen, tokens, torch.full_like(tokens, -1))
    identities, keys = torch.tensor([3, 3, 8, 9]), torch.tensor([1, 2, 3, 1])
    stranger_images, stranger_texts = torch.tensor([0, 2]), torch.tensor([2, 1])
    inputs = {"images": images, "hidden": hidden, "tokens": tokens, "masked_tokens": masked_tokens, "attention": attention, "labels": labels,
              "identities": identities, "keys": keys, "stranger_images": stranger_images, "stranger_texts": stranger_texts}

    x = images.double()
    image_last, image_h = model.see(x)
    text_last, text_h = model.read(tokens, attention)
    p_image = F.normalize(model.project_image(image_h[:, 0]), dim=-1)
    p_text = F.normalize(model.project_text(text_h[:, 0]), dim=-1)
    fused_last, fused_h = model.fuse(image_last, text_last, attention)
    alone = model.fusion(torch.cat([model.fusion_class.expand(BATCH, -1, -1), model.to_fusion_image(image_last)], 1))[1][:, 0]

    hidden_image, hidden_image_h = model.see(x, hidden)
    hidden_text, hidden_text_h = model.read(masked_tokens, attention)
    both_last, both = model.fuse(hidden_image, hidden_text, attention)
    cells = model.rows * model.columns
    truth = normalised(model.cells(x))[hidden]
    wanted = labels[chosen]
    strangers = model.fuse(hidden_image[stranger_images], hidden_text[stranger_texts], attention[stranger_texts])[1][:, 0]
    matching = model.match(torch.tanh(model.pooler(torch.cat([both[:, 0], strangers]))))
    similarity = model.log_scale.exp() * p_image @ p_text.T
    right = (identities[:, None] == identities[None]) | (keys[:, None] == keys[None])
    target = right.double() / right.sum(1, keepdim=True)
    losses = {
        "mim": (model.heads["mim"](hidden_image_h[:, 1:][hidden]) - truth).abs().mean(),
        "mlm": F.cross_entropy(model.heads["mlm"](hidden_text_h[chosen]), wanted),
        "mmm_image": (model.heads["mmm_image"](both[:, 2:2 + cells][hidden]) - truth).abs().mean(),
        "mmm_text": F.cross_entropy(model.heads["mmm_text"](both[:, 2 + cells:][chosen]), wanted),
        "itm": F.cross_entropy(matching, torch.tensor([1, 1, 1, 1, 0, 0]), weight=torch.tensor([2.0, 1.0]).double()),
        "gc": (F.cross_entropy(similarity, target) + F.cross_entropy(similarity.T, target)) / 2,
    }
    sum(losses.values()).backward()

    tensors = stored | {f"input.{key}": value for key, value in inputs.items()}
    tensors |= {f"state.{key}": value for key, value in {
        "image": image_last, "text": text_last, "fusion": fused_last, "hidden_image": hidden_image, "hidden_text": hidden_text, "hidden_fusion": both_last}.items()}
    tensors |= {f"output.{key}": value for key, value in {
        "image": image_h[:, 0], "text": text_h[:, 0], "fusion": fused_h[:, 0], "fusion_without_text": alone, "p_image": p_image, "p_text": p_text}.items()}
    tensors |= {f"loss.{key}": value for key, value in losses.items()}
    tensors |= {f"gradient.{key}": tensor.grad for key, tensor in weights.items()}
    save(name, {key: value.detach().float() if value.is_floating_point() else value for key, value in tensors.items()},
         {"patch": patch, "stride": stride, "height": HEIGHT, "width": BREADTH, "hidden_width": WIDTH, "heads": HEADS, "mlp_width": MLP, "words": WORDS, "positions": LENGTH + 2})


def save(name, tensors, facts):
    """The safetensors format by hand: eight bytes of header length, the header, the bytes."""
    arrays = {key: numpy.ascontiguousarray(value.numpy()).reshape(tuple(value.shape)) for key, value in tensors.items()}
    header = {"__metadata__": {"pytorch": torch.__version__, "seed": str(SEED), **{key: str(value) for key, value in facts.items()}}}
    offset = 0
    order = sorted(arrays, key=lambda key: (-arrays[key].itemsize, key))
    for key in order:
        header[key] = {"dtype": DTYPES[arrays[key].dtype], "shape": list(arrays[key].shape), "data_offsets": [offset, offset + arrays[key].nbytes]}
        offset += arrays[key].nbytes
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    (FOLDER / f"{name}.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + b"".join(arrays[key].tobytes() for key in order))


def main():
    assert torch.__version__ == PYTORCH, f"PyTorch {torch.__version__}, expected {PYTORCH}"
    torch.set_num_threads(1)
    FOLDER.mkdir(exist_ok=True)
    make("touching", 8, 8)
    make("overlapping", 8, 6)
    files = sorted(FOLDER.glob("*.safetensors"))
    (FOLDER / "SHA256SUMS").write_text("".join(f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files))


if __name__ == "__main__":
    main()
