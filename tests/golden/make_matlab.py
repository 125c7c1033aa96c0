#!/usr/bin/python3
"""Makes tests/golden/matlab/*: MATLAB files of level 5 as SciPy writes them, compressed and not.

Run from anywhere:  /usr/bin/python3 tests/golden/make_matlab.py
Made with SciPy 1.10.1 (Debian 12, python3-scipy). values.mat holds one of each kind that is read; attributes.mat is a made-up table in the form of
market_attribute.mat, its fields in another order in each half, as in the published file; duke-attributes.mat one in the form of duke_attribute.mat; cuhk03-config.mat one in the form of
cuhk03_new_protocol_config_labeled.mat over six made-up names. Nobody in them exists.
"""

import hashlib
import pathlib

import numpy
import scipy.io

FOLDER = pathlib.Path(__file__).parent / "matlab"


def cells(values):
    made = numpy.empty((1, len(values)), dtype=object)
    made[0, :] = values
    return made


def half(ids, fields):
    return {name: numpy.array([values], dtype=numpy.uint8) for name, values in fields} | {"image_index": cells(ids)}


def attributes():
    fields = [
        ("gender", [1, 2, 1, 2]), ("hair", [1, 2, 1, 2]), ("up", [1, 2, 1, 2]), ("down", [1, 2, 1, 1]), ("clothes", [2, 1, 2, 2]), ("hat", [1, 2, 1, 1]), ("backpack", [2, 1, 1, 1]),
        ("bag", [1, 1, 2, 1]), ("handbag", [1, 1, 1, 1]), ("age", [3, 4, 2, 1]), ("upred", [2, 1, 1, 1]), ("upblack", [1, 1, 1, 2]), ("downblue", [2, 2, 1, 1]), ("downblack", [1, 2, 1, 2]),
    ]
    return {"market_attribute": {"train": half(["0001", "0002", "0003", "0009"], fields), "test": half(["0005", "0006", "0007", "0008"], list(reversed(fields)))}}


def duke_attributes():
    fields = [
        ("backpack", [1, 2]), ("bag", [1, 1]), ("handbag", [1, 1]), ("boots", [1, 2]), ("gender", [2, 1]), ("hat", [2, 1]), ("shoes", [2, 1]), ("top", [2, 1]),
        ("upblack", [2, 1]), ("upred", [1, 2]), ("downblue", [1, 2]), ("downblack", [2, 1]),
    ]
    return {"duke_attribute": {"train": half(["0001", "0002"], fields), "test": half(["0005", "0006"], list(reversed(fields)))}}


def cuhk03_config():
    names = ["1_001_1_01.png", "1_001_2_06.png", "1_002_1_01.png", "1_002_2_06.png", "2_001_1_02.png", "2_001_2_07.png"]
    numbers = lambda values: numpy.array([values], dtype=numpy.uint16)
    return {
        "filelist": cells(names), "labels": numbers([1, 1, 2, 2, 3, 3]), "camId": numbers([1, 2, 1, 2, 1, 2]),
        "train_idx": numbers([1, 2]), "query_idx": numbers([3, 5]), "gallery_idx": numbers([4, 6]),
    }


def values():
    return {
        "doubles": numpy.array([[1.5, -2.0, 3.0], [4.0, 5.0, 6.25]]),
        "whole": numpy.arange(-2, 3, dtype=numpy.int16),
        "large": numpy.array([[2**40, 7]], dtype=numpy.int64),
        "text": "a woman in a red coat",
        "lines": numpy.array(["ab", "cd"]),
        "cells": cells(["one", numpy.array([[2.0]]), cells(["deeper"])]),
        "structure": {"name": "x", "size": numpy.array([[128, 64]], dtype=numpy.uint8)},
        "empty": numpy.zeros((0, 3)),
    }


FOLDER.mkdir(exist_ok=True)
for name, content, packed in (("values.mat", values(), False), ("values-compressed.mat", values(), True), ("attributes.mat", attributes(), True), ("duke-attributes.mat", duke_attributes(), True), ("cuhk03-config.mat", cuhk03_config(), True)):
    scipy.io.savemat(FOLDER / name, content, format="5", do_compression=packed)
    # The header holds the time of day; without it the file is the same each time.
    path = FOLDER / name
    path.write_bytes(b"MATLAB 5.0 MAT-file, made by make_matlab.py".ljust(116) + path.read_bytes()[116:])
(FOLDER / "SHA256SUMS").write_text("".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in sorted(FOLDER.glob("*.mat"))))
