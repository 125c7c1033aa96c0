"""The peer of `./run bench training`: MMET's identity training (stage B) in plain PyTorch, as its users write it.

Parameters bear the names of ours, so that `check` can load our weights and prove that both sides compute the same thing.
Arguments: the options as JSON, threads, and the device. Lines on standard input:
  infer fp32|bf16 BATCH     seconds of the image encoder over a batch of pictures, without gradients
  step fp32|bf16 BATCH      seconds of forward, loss, backward, clipping and AdamW
  check PATH                loss and gradient norm for the weights and the batch in a safetensors file
"""
import json
import struct
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F


class Attention(nn.Module):
    def __init__(self, o):
        super().__init__()
        self.heads = o["heads"]
        self.qkv, self.output = nn.Linear(o["width"], 3 * o["width"]), nn.Linear(o["width"], o["width"])

    def forward(self, x, mask):
        batch, length, width = x.shape
        q, k, v = self.qkv(x).reshape(batch, length, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4).unbind(0)
        scores = (q * (width // self.heads) ** -0.5) @ k.transpose(-2, -1)
        if mask is not None:
            scores = scores.masked_fill(~mask[:, None, None, :], float("-inf"))
        return self.output((scores.softmax(-1) @ v).transpose(1, 2).reshape(batch, length, width))


class Block(nn.Module):
    def __init__(self, o, drop):
        super().__init__()
        self.drop = drop
        self.norm1, self.norm2 = (nn.LayerNorm(o["width"], eps=o["epsilon"]) for _ in range(2))
        self.attention = Attention(o)
        self.expand, self.contract = nn.Linear(o["width"], o["mlp"]), nn.Linear(o["mlp"], o["width"])

    def branch(self, x):
        if not self.training or self.drop == 0:
            return x
        return x * torch.rand(len(x), 1, 1, device=x.device).ge(self.drop).to(x.dtype) / (1 - self.drop)

    def forward(self, x, mask):
        x = x + self.branch(self.attention(self.norm1(x), mask))
        return x + self.branch(self.contract(F.gelu(self.expand(self.norm2(x)))))


class Transformer(nn.Module):
    def __init__(self, o, depth, drop=0.0):
        super().__init__()
        self.blocks = nn.ModuleList(Block(o, drop * i / max(1, depth - 1)) for i in range(depth))
        self.norm = nn.LayerNorm(o["width"], eps=o["epsilon"])

    def forward(self, x, mask=None):
        for block in self.blocks:
            x = block(x, mask)
        return x


class ImageEncoder(nn.Module):
    def __init__(self, o):
        super().__init__()
        patches = (o["image_height"] // o["patch"]) * (o["image_width"] // o["patch"])
        self.class_token = nn.Parameter(torch.randn(1, 1, o["width"]) * 0.02)
        self.mask_token = nn.Parameter(torch.randn(1, 1, o["width"]) * 0.02)
        self.positions = nn.Parameter(torch.randn(1, 1 + patches, o["width"]) * 0.02)
        self.patches = nn.Conv2d(3, o["width"], o["patch"], o["patch"])
        self.transformer = Transformer(o, o["image_layers"], o["stochastic_depth"])

    def forward(self, images):
        x = self.patches(images).flatten(2).transpose(1, 2)
        return self.transformer(torch.cat([self.class_token.expand(len(x), -1, -1), x], 1) + self.positions)


class TextEncoder(nn.Module):
    def __init__(self, o):
        super().__init__()
        self.words = nn.Embedding(o["vocabulary"], o["width"], padding_idx=0)
        self.positions, self.types = nn.Embedding(o["text_positions"], o["width"]), nn.Embedding(2, o["width"])
        self.embedding_norm = nn.LayerNorm(o["width"], eps=o["epsilon"])
        self.transformer = Transformer(o, o["text_layers"])

    def forward(self, tokens, mask):
        x = self.words(tokens) + self.positions.weight[: tokens.shape[1]] + self.types.weight[0]
        return self.transformer(self.embedding_norm(x), mask)


class FusionEncoder(nn.Module):
    def __init__(self, o):
        super().__init__()
        self.class_token = nn.Parameter(torch.randn(1, 1, o["width"]) * 0.02)
        self.transformer = Transformer(o, o["fusion_layers"])

    def forward(self, image, text, mask):
        x = torch.cat([self.class_token.expand(len(image), -1, -1), image, text], 1)
        return self.transformer(x, torch.cat([mask.new_ones(len(image), 1 + image.shape[1]), mask], 1))


class Mmet(nn.Module):
    def __init__(self, o):
        super().__init__()
        self.image_encoder, self.text_encoder, self.fusion_encoder = ImageEncoder(o), TextEncoder(o), FusionEncoder(o)
        self.image_to_fusion, self.text_to_fusion = (nn.Linear(o["width"], o["width"]) for _ in range(2))
        # Without a part in stage B; they are there so that both sides hold the same parameters.
        self.image_projection, self.text_projection = (nn.Linear(o["width"], o["width"]) for _ in range(2))
        self.log_scale = nn.Parameter(torch.zeros(()))


class Head(nn.Module):
    def __init__(self, o):
        super().__init__()
        self.neck = nn.BatchNorm1d(o["width"])
        self.neck.bias.requires_grad_(False)
        self.classifier = nn.Linear(o["width"], o["classes"], bias=False)
        nn.init.normal_(self.classifier.weight, std=0.001)


class Identification(nn.Module):
    def __init__(self, o):
        super().__init__()
        self.model = Mmet(o)
        self.fusion_head, self.image_head, self.text_head = Head(o), Head(o), Head(o)

    def encode_image(self, images):
        encoder = self.model.image_encoder
        return encoder.transformer.norm(encoder(images)[:, 0])

    def forward(self, images, tokens, mask):
        m = self.model
        image, text = m.image_encoder(images), m.text_encoder(tokens, mask)
        fused = m.fusion_encoder(m.image_to_fusion(image), m.text_to_fusion(text), mask)
        encoders = (m.fusion_encoder, m.image_encoder, m.text_encoder)
        return [e.transformer.norm(x[:, 0]) for e, x in zip(encoders, (fused, image, text))]

    def loss(self, features, identities):
        total, weights = 0, (1, 1, 0.5)
        for weight, feature, head in zip(weights, features, (self.fusion_head, self.image_head, self.text_head)):
            feature = feature.float()
            identity = F.cross_entropy(head.classifier(head.neck(feature)), identities)
            total = total + weight * (identity + triplet(feature, identities))
        return total / sum(weights)


def triplet(features, identities):
    squares = (features * features).sum(1, keepdim=True)
    distance = (squares + squares.t() - 2 * features @ features.t()).clamp_min(1e-12).sqrt()
    same = identities[:, None] == identities[None, :]
    others = same & ~torch.eye(len(features), dtype=torch.bool, device=features.device)
    positive = distance.masked_fill(~others, float("-inf")).amax(1)
    negative = distance.masked_fill(same, float("inf")).amin(1)
    return F.relu(positive - negative + 0.3).mean()


def load(path):
    """A safetensors file as name to tensor."""
    dtypes = {"F32": torch.float32, "I64": torch.int64, "BOOL": torch.bool}
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = bytearray(file.read())
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        start, end = entry["data_offsets"]
        tensors[name] = torch.frombuffer(data[start:end], dtype=dtypes[entry["dtype"]]).reshape(entry["shape"])
    return tensors


def gradients(model, precision, images, tokens, mask, identities):
    with torch.autocast(device.type, torch.bfloat16, enabled=precision == "bf16"):
        features = model(images, tokens, mask)
    loss = model.loss(features, identities)
    loss.backward()
    return loss


def wait():
    """Until the device has done all that was asked of it."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def infer(model, precision, batch):
    model.eval()
    images = torch.randn(batch, 3, options["image_height"], options["image_width"], device=device)
    wait()
    start = time.perf_counter()
    with torch.inference_mode(), torch.autocast(device.type, torch.bfloat16, enabled=precision == "bf16"):
        model.encode_image(images)
    wait()
    return time.perf_counter() - start


def step(model, optimiser, precision, batch):
    model.train()
    images = torch.randn(batch, 3, options["image_height"], options["image_width"], device=device)
    tokens = torch.randint(1, options["vocabulary"], (batch, options["text_length"]), device=device)
    mask = torch.ones_like(tokens, dtype=torch.bool)
    for row in range(1, batch):
        mask[row, 40:] = False
    tokens[~mask] = 0
    identities = torch.arange(batch, device=device) // 4
    wait()
    start = time.perf_counter()
    optimiser.zero_grad(set_to_none=True)
    gradients(model, precision, images, tokens, mask, identities)
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimiser.step()
    wait()
    return time.perf_counter() - start


def check(model, path):
    tensors = load(path)
    inputs = [tensors.pop(f"input.{name}").to(device) for name in ("images", "tokens", "attention", "identities")]
    model.load_state_dict(tensors)
    model.train()
    loss = gradients(model, "fp32", *inputs)
    norm = torch.stack([p.grad.norm() for p in model.parameters() if p.grad is not None]).norm()
    return f"{loss.item()!r} {norm.item()!r}"


options = json.loads(sys.argv[1])
torch.set_num_threads(int(sys.argv[2]))
torch.manual_seed(0)
device = torch.device(sys.argv[3])
network = Identification(options).to(device)
adamw = torch.optim.AdamW(network.parameters(), lr=1e-5, betas=(0.9, 0.98), eps=1e-6, weight_decay=0.1)
print("ready", flush=True)
for line in sys.stdin:
    work, *words = line.split()
    if work == "check":
        print(check(network, words[0]), flush=True)
    elif work == "infer":
        print(infer(network, words[0], int(words[1])), flush=True)
    else:
        print(step(network, adamw, words[0], int(words[1])), flush=True)
