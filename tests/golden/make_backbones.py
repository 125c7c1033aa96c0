#!/usr/bin/python3
"""Makes tests/golden/backbones/*.safetensors: the published networks, tiny and with random weights, written a second time in PyTorch's own modules.

Run from anywhere:  /usr/bin/python3 tests/golden/make_backbones.py
Made with PyTorch 1.13.0a0 and torchvision 0.14.1a0 (Debian 12, python3-torch, python3-torchvision), one thread, seed 20260101 and the case's name.
SHA256SUMS beside the files shows that nobody edited them by hand (sha256sum --check SHA256SUMS).

Weights and inputs are float32 numbers; answers are computed in float64 and rounded once. Weights bear the names of the public checkpoints.
ResNet is torchvision's own class with its stages made narrower; OSNet is spelt out below from its paper; the transformers run nn.TransformerEncoderLayer or
nn.MultiheadAttention, whose weights are then renamed.

Names in a file:  weight.X (a state dict)  input.X  output.X
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
import torchvision
from torch import nn
from torchvision.models.resnet import Bottleneck, ResNet

PYTORCH = "1.13.0a0"
TORCHVISION = "0.14.1a0"
SEED = 20260101
FOLDER = pathlib.Path(__file__).parent / "backbones"
DTYPES = {numpy.dtype(numpy.float32): "F32", numpy.dtype(numpy.int64): "I64", numpy.dtype(numpy.bool_): "BOOL"}


def seed(name):
    torch.manual_seed(SEED + zlib.crc32(name.encode()))


def randn(*shape):
    return torch.randn(*shape).double()


def settle(module):
    """float64 numbers that float32 holds exactly, away from trivial first values, and evaluation."""
    module.double().eval()
    for key, value in module.named_parameters():
        drawn = torch.randn(value.shape)
        if value.dim() < 2:
            drawn = drawn * 0.3 + (1 if "weight" in key and value.dim() == 1 else 0)
        else:
            drawn = drawn * math.sqrt(2 / max(1, value[0].numel()))
        value.data = drawn.double()
    for key, value in module.named_buffers():
        if key.endswith("running_mean"):
            value.copy_(torch.randn(value.shape) * 0.3)
        if key.endswith("running_var"):
            value.copy_(torch.rand(value.shape) + 0.5)
    return module


def save(name, state, inputs, outputs, **facts):
    """The safetensors format by hand: eight bytes of header length, the header, the bytes."""
    tensors = {f"weight.{key}": value for key, value in state.items()}
    tensors |= {f"input.{key}": value for key, value in inputs.items()}
    tensors |= {f"output.{key}": value for key, value in outputs.items()}
    arrays = {}
    for key, value in tensors.items():
        value = value.detach()
        value = value.float() if value.is_floating_point() else value
        arrays[key] = numpy.ascontiguousarray(value.numpy()).reshape(tuple(value.shape))
    header = {"__metadata__": {"pytorch": torch.__version__, "seed": str(SEED), **{key: str(value) for key, value in facts.items()}}}
    offset = 0
    order = sorted(arrays, key=lambda key: (-arrays[key].itemsize, key))
    for key in order:
        header[key] = {"dtype": DTYPES[arrays[key].dtype], "shape": list(arrays[key].shape), "data_offsets": [offset, offset + arrays[key].nbytes]}
        offset += arrays[key].nbytes
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    (FOLDER / f"{name}.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + b"".join(arrays[key].tobytes() for key in order))


class NarrowResNet(ResNet):
    def __init__(self, width, blocks, classes):
        super().__init__(Bottleneck, [1, 1, 1, 1], num_classes=classes)
        self.inplanes = width
        self.conv1 = nn.Conv2d(3, width, 7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        for stage in range(4):
            setattr(self, f"layer{stage + 1}", self._make_layer(Bottleneck, width << stage, blocks[stage], stride=1 if stage == 0 else 2))
        self.fc = nn.Linear(self.inplanes, classes)

    def features(self, x):
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        return self.layer4(self.layer3(self.layer2(self.layer1(x))))


def resnet():
    seed("resnet")
    model = settle(NarrowResNet(2, (1, 2, 1, 1), 5))
    images = randn(2, 3, 50, 38)
    outputs = {"map": model.features(images), "logits": model(images)}
    model.layer4[0].conv2.stride = (1, 1)
    model.layer4[0].downsample[0].stride = (1, 1)
    outputs["map_last_stride_1"] = model.features(images)
    save("resnet", model.state_dict(), {"images": images}, outputs)


class ConvNorm(nn.Module):
    def __init__(self, inputs, outputs, kernel, stride=1, padding=0, relu=True):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, padding, bias=False)
        self.bn = nn.BatchNorm2d(outputs)
        self.act = nn.ReLU() if relu else nn.Identity()

    def forward(self, x):
        return self.act(self.bn(self.conv(x)))


class LightConv(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 1, bias=False)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, groups=channels, bias=False)
        self.bn = nn.BatchNorm2d(channels)

    def forward(self, x):
        return F.relu(self.bn(self.conv2(self.conv1(x))))


class Gate(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.fc1 = nn.Conv2d(channels, channels // 16, 1)
        self.fc2 = nn.Conv2d(channels // 16, channels, 1)

    def forward(self, x):
        return x * torch.sigmoid(self.fc2(F.relu(self.fc1(x.mean((2, 3), keepdim=True)))))


class OsBlock(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        middle = outputs // 4
        self.conv1 = ConvNorm(inputs, middle, 1)
        self.conv2a = LightConv(middle)
        self.conv2b = nn.Sequential(*[LightConv(middle) for _ in range(2)])
        self.conv2c = nn.Sequential(*[LightConv(middle) for _ in range(3)])
        self.conv2d = nn.Sequential(*[LightConv(middle) for _ in range(4)])
        self.gate = Gate(middle)
        self.conv3 = ConvNorm(middle, outputs, 1, relu=False)
        if inputs != outputs:
            self.downsample = ConvNorm(inputs, outputs, 1, relu=False)

    def forward(self, x):
        y = self.conv1(x)
        y = torch.stack([self.gate(stream(y)) for stream in (self.conv2a, self.conv2b, self.conv2c, self.conv2d)]).sum(0)
        return F.relu(self.conv3(y) + (self.downsample(x) if hasattr(self, "downsample") else x))


class OsNet(nn.Module):
    def __init__(self, channels, blocks, feature, classes):
        super().__init__()
        self.conv1 = ConvNorm(3, channels[0], 7, stride=2, padding=3)
        for stage in range(3):
            layers = [OsBlock(channels[stage] if i == 0 else channels[stage + 1], channels[stage + 1]) for i in range(blocks[stage])]
            if stage < 2:
                layers.append(nn.Sequential(ConvNorm(channels[stage + 1], channels[stage + 1], 1), nn.AvgPool2d(2, stride=2)))
            setattr(self, f"conv{stage + 2}", nn.Sequential(*layers))
        self.conv5 = ConvNorm(channels[3], channels[3], 1)
        self.fc = nn.Sequential(nn.Linear(channels[3], feature), nn.BatchNorm1d(feature), nn.ReLU())
        self.classifier = nn.Linear(feature, classes)

    def features(self, x):
        x = F.max_pool2d(self.conv1(x), 3, stride=2, padding=1)
        return self.conv5(self.conv4(self.conv3(self.conv2(x))))


def osnet():
    seed("osnet")
    model = settle(OsNet((4, 64, 64, 64), (2, 1, 1), 8, 5))
    images = randn(2, 3, 48, 32)
    feature_map = model.features(images)
    feature = model.fc(feature_map.mean((2, 3)))
    save("osnet", model.state_dict(), {"images": images}, {"map": feature_map, "feature": feature, "logits": model.classifier(feature)})


def renamed(state, names):
    return {new + key[len(old):]: value for key, value in state.items() for old, new in names.items() if key.startswith(old)}


def vit():
    seed("vit")
    width, patch = 16, 8
    blocks = [settle(nn.TransformerEncoderLayer(width, 2, 24, 0, F.gelu, layer_norm_eps=1e-6, batch_first=True, norm_first=True)) for _ in range(2)]
    rest = settle(nn.ModuleDict({"proj": nn.Conv2d(3, width, patch, stride=6), "norm": nn.LayerNorm(width, eps=1e-6), "head": nn.Linear(width, 5)}))
    token, images = randn(1, 1, width), randn(2, 3, 26, 14)
    patches = rest["proj"](images).flatten(2).transpose(1, 2)
    positions = randn(1, 1 + patches.shape[1], width)
    x = torch.cat([token.expand(2, -1, -1), patches], 1) + positions
    for block in blocks:
        x = block(x)
    x = rest["norm"](x)
    state = {"cls_token": token, "pos_embed": positions} | renamed(rest.state_dict(), {"proj.": "patch_embed.proj.", "norm.": "norm.", "head.": "head."})
    for i, block in enumerate(blocks):
        state |= renamed(block.state_dict(), {
            "norm1.": f"blocks.{i}.norm1.", "norm2.": f"blocks.{i}.norm2.", "linear1.": f"blocks.{i}.mlp.fc1.", "linear2.": f"blocks.{i}.mlp.fc2.",
            "self_attn.in_proj_": f"blocks.{i}.attn.qkv.", "self_attn.out_proj.": f"blocks.{i}.attn.proj."})
    save("vit", state, {"images": images}, {"tokens": x, "feature": x[:, 0], "logits": rest["head"](x[:, 0])})


def bert():
    seed("bert")
    width = 16
    layers = [settle(nn.TransformerEncoderLayer(width, 4, 24, 0, F.gelu, layer_norm_eps=1e-12, batch_first=True)) for _ in range(2)]
    tables = {"word": randn(20, width), "position": randn(9, width), "token_type": randn(2, width)}
    norm = settle(nn.LayerNorm(width, eps=1e-12))
    tokens = torch.randint(5, 20, (3, 7))
    attention = torch.arange(7)[None] < torch.tensor([7, 4, 2])[:, None]
    x = norm(tables["word"][tokens] + tables["position"][:7] + tables["token_type"][0])
    for layer in layers:
        x = layer(x, src_key_padding_mask=~attention)
    state = {f"embeddings.{key}_embeddings.weight": value for key, value in tables.items()} | renamed(norm.state_dict(), {"": "embeddings.LayerNorm."})
    for i, layer in enumerate(layers):
        name = f"encoder.layer.{i}."
        weights = layer.state_dict()
        for kind in ("weight", "bias"):
            for part, value in zip(("query", "key", "value"), weights[f"self_attn.in_proj_{kind}"].chunk(3)):
                state[f"{name}attention.self.{part}.{kind}"] = value
        state |= renamed(weights, {
            "self_attn.out_proj.": f"{name}attention.output.dense.", "norm1.": f"{name}attention.output.LayerNorm.", "linear1.": f"{name}intermediate.dense.",
            "linear2.": f"{name}output.dense.", "norm2.": f"{name}output.LayerNorm."})
    save("bert", state, {"tokens": tokens, "attention": attention}, {"states": x})


class ClipBlock(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.attn = nn.MultiheadAttention(width, heads, batch_first=True)
        self.ln_1 = nn.LayerNorm(width)
        self.mlp = nn.ModuleDict({"c_fc": nn.Linear(width, 4 * width), "c_proj": nn.Linear(4 * width, width)})
        self.ln_2 = nn.LayerNorm(width)

    def forward(self, x, mask=None):
        y = self.ln_1(x)
        x = x + self.attn(y, y, y, need_weights=False, attn_mask=mask)[0]
        y = self.mlp["c_fc"](self.ln_2(x))
        return x + self.mlp["c_proj"](y * torch.sigmoid(1.702 * y))


def clip_transformer(width, heads, layers):
    return settle(nn.ModuleDict({"resblocks": nn.ModuleList(ClipBlock(width, heads) for _ in range(layers))}))


def clip():
    seed("clip")
    image_width, text_width, embedding, length, words = 16, 8, 6, 7, 30
    image, text = clip_transformer(image_width, 2, 2), clip_transformer(text_width, 2, 2)
    convolution = settle(nn.Conv2d(3, image_width, 8, stride=8, bias=False))
    norms = settle(nn.ModuleDict({"visual_pre": nn.LayerNorm(image_width), "visual_post": nn.LayerNorm(image_width), "final": nn.LayerNorm(text_width)}))
    images = randn(2, 3, 24, 16)
    loose = {
        "visual.class_embedding": randn(image_width), "visual.positional_embedding": randn(7, image_width), "visual.proj": randn(image_width, embedding),
        "positional_embedding": randn(length, text_width), "text_projection": randn(text_width, embedding), "token_embedding.weight": randn(words, text_width),
        "logit_scale": torch.tensor(math.log(100), dtype=torch.float64),
    }
    x = convolution(images).flatten(2).transpose(1, 2)
    x = torch.cat([loose["visual.class_embedding"].expand(2, 1, -1), x], 1) + loose["visual.positional_embedding"]
    x = norms["visual_pre"](x)
    for block in image["resblocks"]:
        x = block(x)
    image_tokens = norms["visual_post"](x) @ loose["visual.proj"]

    tokens = torch.tensor([[28, 4, 9, 2, 29, 0, 0], [28, 7, 29, 0, 0, 0, 0], [28, 1, 2, 3, 4, 5, 29]])
    y = loose["token_embedding.weight"][tokens] + loose["positional_embedding"]
    mask = torch.full((length, length), float("-inf"), dtype=torch.float64).triu(1)
    for block in text["resblocks"]:
        y = block(y, mask)
    text_tokens = norms["final"](y) @ loose["text_projection"]
    state = loose | renamed(convolution.state_dict(), {"": "visual.conv1."}) | renamed(image.state_dict(), {"": "visual.transformer."})
    state |= renamed(text.state_dict(), {"": "transformer."})
    state |= renamed(norms.state_dict(), {"visual_pre.": "visual.ln_pre.", "visual_post.": "visual.ln_post.", "final.": "ln_final."})
    save("clip", state, {"images": images, "tokens": tokens}, {
        "image_tokens": image_tokens, "image": image_tokens[:, 0], "text_tokens": text_tokens, "text": torch.stack([text_tokens[0, 4], text_tokens[1, 2], text_tokens[2, 6]])})


if __name__ == "__main__":
    assert torch.__version__ == PYTORCH, f"these files are made with PyTorch {PYTORCH}, this is {torch.__version__}"
    assert torchvision.__version__ == TORCHVISION, f"these files are made with torchvision {TORCHVISION}, this is {torchvision.__version__}"
    torch.set_num_threads(1)
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.safetensors"):
        old.unlink()
    for make in (resnet, osnet, vit, bert, clip):
        make()
    files = sorted(FOLDER.glob("*.safetensors"))
    (FOLDER / "SHA256SUMS").write_text("".join(f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files))
    print(f"{len(files)} files, {sum(file.stat().st_size for file in files)} bytes")
