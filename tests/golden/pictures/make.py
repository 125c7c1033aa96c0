"""Makes the JPEGs beside this file that our own encoder cannot: CMYK, grey, progressive. Pillow 9.4.0 (Debian 12's python3-pil)."""
from pathlib import Path
from PIL import Image

here = Path(__file__).parent
Image.new("CMYK", (16, 16), (0, 255, 255, 0)).save(here / "cmyk.jpg", quality=95)
Image.new("L", (16, 16), 100).save(here / "grey.jpg", quality=95)
ramp = Image.new("RGB", (40, 24))
ramp.putdata([(x * 6, y * 10, (x * y) % 256) for y in range(24) for x in range(40)])
ramp.save(here / "baseline.jpg", quality=90)
ramp.save(here / "progressive.jpg", quality=90, progressive=True)
