"""Makes the golden pictures beside this file. Pillow 9.4.0 (Debian 12's python3-pil); the source picture is a formula, repeated in ResampleTests.cs."""
from pathlib import Path
from PIL import Image

WIDTH, HEIGHT = 37, 53
source = Image.new("RGB", (WIDTH, HEIGHT))
source.putdata([tuple((x * (7 + c) + y * (3 + 2 * c) + x * y % 31 * 4 + 50 * c) % 256 for c in range(3)) for y in range(HEIGHT) for x in range(WIDTH)])
here = Path(__file__).parent
for name, kernel in (("bilinear", Image.BILINEAR), ("bicubic", Image.BICUBIC), ("area", Image.BOX)):
    for width, height in ((64, 128), (16, 24), (50, 20)):
        source.resize((width, height), kernel).save(here / f"{name}-{width}x{height}.png")
