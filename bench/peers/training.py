"""The peer of `./run bench training`: the same architecture, batch and threads in plain PyTorch, as its users write it.

Three pre-norm transformers (ViT-B/16 widths), fusion over both, BNNeck and classifier, cross-entropy plus batch-hard triplet, AdamW.
Arguments: threads. Lines on standard input: `infer fp32|bf16 BATCH`, `step fp32|bf16 BATCH`; the answer is the seconds of one round.
"""
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

WIDTH, HEADS, VOCABULARY, LENGTH, CLASSES = 768, 12, 30522, 77, 1150


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.query, self.key, self.value, self.output = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.norm2 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.mlp = nn.Sequential(nn.Linear(WIDTH, 4 * WIDTH), nn.GELU(), nn.Linear(4 * WIDTH, WIDTH))

    def forward(self, x, mask=None):
        batch, length, _ = x.shape
        y = self.norm1(x)
        q, k, v = (f(y).view(batch, length, HEADS, -1).transpose(1, 2) for f in (self.query, self.key, self.value))
        scores = q @ k.transpose(-1, -2) / (WIDTH // HEADS) ** 0.5
        if mask is not None:
            scores = scores.masked_fill(~mask[:, None, None, :], float("-inf"))
        y = (scores.softmax(-1) @ v).transpose(1, 2).reshape(batch, length, WIDTH)
        x = x + self.output(y)
        return x + self.mlp(self.norm2(x))


class Encoder(nn.Module):
    def __init__(self, depth):
        super().__init__()
        self.blocks = nn.ModuleList(Block() for _ in range(depth))
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)

    def forward(self, x, mask=None):
        for block in self.blocks:
            x = block(x, mask)
        return x, self.norm(x)


class Peer(nn.Module):
    def __init__(self):
        super().__init__()
        self.patches = nn.Conv2d(3, WIDTH, 16, 16)
        self.image_class = nn.Parameter(torch.randn(1, 1, WIDTH) * 0.02)
        self.image_positions = nn.Parameter(torch.randn(1, 129, WIDTH) * 0.02)
        self.image = Encoder(12)
        self.words = nn.Embedding(VOCABULARY, WIDTH)
        self.text_positions = nn.Parameter(torch.randn(1, LENGTH, WIDTH) * 0.02)
        self.text_norm = nn.LayerNorm(WIDTH)
        self.text = Encoder(12)
        self.image_to_fusion, self.text_to_fusion = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)
        self.fusion_class = nn.Parameter(torch.randn(1, 1, WIDTH) * 0.02)
        self.fusion = Encoder(6)
        self.necks = nn.ModuleList(nn.BatchNorm1d(WIDTH) for _ in range(3))
        self.classifiers = nn.ModuleList(nn.Linear(WIDTH, CLASSES, bias=False) for _ in range(3))

    def encode_image(self, x):
        x = self.patches(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.image_class.expand(len(x), -1, -1), x], 1) + self.image_positions
        return self.image(x)

    def forward(self, image, tokens):
        mask = tokens != 0
        image_last, image_out = self.encode_image(image)
        text_last, text_out = self.text(self.text_norm(self.words(tokens) + self.text_positions), mask)
        both = torch.cat([self.fusion_class.expand(len(image), -1, -1), self.image_to_fusion(image_last), self.text_to_fusion(text_last)], 1)
        ones = mask.new_ones(len(image), 1 + image_last.shape[1])
        _, fused = self.fusion(both, torch.cat([ones, mask], 1))
        return [x[:, 0] for x in (fused, image_out, text_out)]


def triplet(features, identities):
    distance = torch.cdist(features.float(), features.float())
    same = identities[:, None] == identities[None, :]
    positive = (distance - 1e9 * ~same).amax(1)
    negative = (distance + 1e9 * same).amin(1)
    return F.relu(positive - negative + 0.3).mean()


torch.set_num_threads(int(sys.argv[1]))
torch.manual_seed(0)
model = Peer()
optimiser = torch.optim.AdamW(model.parameters(), lr=1e-5, betas=(0.9, 0.98), eps=1e-6, weight_decay=0.1)
print("ready", flush=True)
for line in sys.stdin:
    work, precision, batch = line.split()
    batch, bf16 = int(batch), precision == "bf16"
    image = torch.randn(batch, 3, 256, 128)
    tokens = torch.randint(1, VOCABULARY, (batch, LENGTH))
    tokens[:, 40:] = 0
    identities = torch.arange(batch) // 4
    start = time.perf_counter()
    if work == "infer":
        model.eval()
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16, enabled=bf16):
            model.encode_image(image)[1][:, 0]
    else:
        model.train()
        with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
            features = model(image, tokens)
        loss = 0
        for weight, feature, neck, classifier in zip((1, 1, 0.5), features, model.necks, model.classifiers):
            feature = feature.float()
            loss = loss + weight / 2.5 * (F.cross_entropy(classifier(neck(feature)), identities) + triplet(feature, identities))
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
    print(time.perf_counter() - start, flush=True)
