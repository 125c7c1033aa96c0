"""The peer of `./run bench imaging`: what a Re-ID data loader does to a picture, with Pillow and torchvision, as its users write it.

Arguments: JPEG file, height, width of the model's input, padding. Lines on standard input: WORK COUNT with WORK `decode` or `prepare`; the answer is seconds.
"""
import io
import sys
import time

import torch
from PIL import Image
from torchvision import transforms as T

torch.set_num_threads(1)
path, height, width, padding = sys.argv[1], *map(int, sys.argv[2:])
with open(path, "rb") as file:
    jpeg = file.read()
prepare = T.Compose([
    T.Resize((height, width), interpolation=T.InterpolationMode.BICUBIC),
    T.RandomHorizontalFlip(),
    T.Pad(padding),
    T.RandomCrop((height, width)),
    T.ToTensor(),
    T.Normalize((0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)),
    T.RandomErasing(p=0.5, scale=(0.02, 0.33)),
])


def decode():
    return Image.open(io.BytesIO(jpeg)).convert("RGB")


works = {"decode": decode, "prepare": lambda: prepare(decode())}
print("ready", flush=True)
for line in sys.stdin:
    name, count = line.split()
    work = works[name]
    start = time.perf_counter()
    for _ in range(int(count)):
        work()
    print(time.perf_counter() - start, flush=True)
