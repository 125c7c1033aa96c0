#!/usr/bin/python3
"""Makes tests/golden/cuhk-03-mini.mat: the form of CUHK03's cuhk-03.mat (MATLAB 7.3, HDF5) with made-up pictures, by h5py and not by our own code.

Run from anywhere:  /usr/bin/python3 tests/golden/make_cuhk03.py      (Debian package python3-h5py)
Made with h5py 3.7.0 (Debian 12). Nobody is in it: each picture is one colour, with one pixel of another in its first row and second column.

As MATLAB writes it: axes reversed, cells as object references into #refs#, an empty cell as two zeros with the attribute MATLAB_empty.
"""

import pathlib

import h5py
import numpy

FILE = pathlib.Path(__file__).parent / "cuhk-03-mini.mat"
PEOPLE = (4, 2, 1, 0, 0)                       # of the five pairs of cameras
MISSING = {(1, 2, 5), (1, 2, 10), (2, 1, 3)}   # (pair, person, picture), all from 1


def picture(pair, person, n, labelled):
    """Height 8 + pair, width 4: [H, W, 3] as MATLAB has it."""
    pixels = numpy.empty((8 + pair, 4, 3), numpy.uint8)
    pixels[:] = (40 * pair, 50 * person, 20 * n)
    pixels[0, 1] = (255, 255, 255) if labelled else (0, 0, 0)
    return pixels


def reference(file, data, empty=False):
    refs = file.require_group("#refs#")
    made = refs.create_dataset(f"r{len(refs)}", data=data)
    if empty:
        made.attrs["MATLAB_empty"] = numpy.uint8(1)
    return made.ref


def cell(file, rows, columns, references):
    """A cell array in row order, as its references with the axes reversed."""
    made = numpy.empty((columns, rows), h5py.ref_dtype)
    for i, one in enumerate(references):
        made[i % columns, i // columns] = one
    return made


with h5py.File(FILE, "w", libver=("earliest", "v108"), userblock_size=512) as file:
    for name in ("detected", "labeled"):
        pairs = []
        for pair, people in enumerate(PEOPLE, 1):
            pictures = []
            for person in range(1, people + 1):
                for n in range(1, 11):
                    if (pair, person, n) in MISSING:
                        pictures.append(reference(file, numpy.zeros(2, numpy.uint64), empty=True))
                    else:
                        pictures.append(reference(file, picture(pair, person, n, name == "labeled").transpose(2, 1, 0)))
            if people:
                pairs.append(reference(file, cell(file, people, 10, pictures)))
            else:
                pairs.append(reference(file, numpy.zeros(2, numpy.uint64), empty=True))
        file.create_dataset(name, data=cell(file, 5, 1, pairs), dtype=h5py.ref_dtype)
    sets = [reference(file, numpy.array(people, numpy.float64).T) for people in ([(1, 1), (2, 1)], [(1, 2), (1, 4)])]
    file.create_dataset("testsets", data=cell(file, 2, 1, sets), dtype=h5py.ref_dtype)

with open(FILE, "r+b") as file:
    file.write(b"MATLAB 7.3 MAT-file, made by make_cuhk03.py".ljust(124) + b"\x00\x02IM")
print(f"{FILE.name}, {FILE.stat().st_size} bytes")
