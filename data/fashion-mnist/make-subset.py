#!/usr/bin/env python3
"""Cuts a class-balanced subset out of Fashion-MNIST and writes it as plain IDX files.

The first N images of each class are taken, in the order of the source files, and keep that order;
nothing is drawn at random, so the same source always gives the same bytes.

    apt-get install dataset-fashion-mnist
    data/fashion-mnist/make-subset.py            # writes beside this script
    sha256sum --check SHA256SUMS                 # in data/fashion-mnist
"""

import argparse
import gzip
import struct
from pathlib import Path

CLASSES = 10


def read(path, magic, dimensions):
    content = gzip.decompress(path.read_bytes())
    header = struct.unpack_from(f">{1 + dimensions}I", content)
    if header[0] != magic:
        raise SystemExit(f"expected magic 0x{magic:08x} in {path}, found 0x{header[0]:08x}")
    return header[1:], content[4 * (1 + dimensions):]


def subset(source, target, split, per_class):
    (count, height, width), images = read(source / f"{split}-images-idx3-ubyte.gz", 0x803, 3)
    (label_count,), labels = read(source / f"{split}-labels-idx1-ubyte.gz", 0x801, 1)
    if count != label_count:
        raise SystemExit(f"expected {count} labels for {split}, found {label_count}")
    taken = [0] * CLASSES
    chosen = []
    for index, label in enumerate(labels):
        if taken[label] < per_class:
            taken[label] += 1
            chosen.append(index)
    if min(taken) < per_class:
        raise SystemExit(f"expected {per_class} images a class in {split}, found {min(taken)}")

    size = height * width
    (target / f"{split}-images-idx3-ubyte").write_bytes(
        struct.pack(">4I", 0x803, len(chosen), height, width)
        + b"".join(images[i * size:(i + 1) * size] for i in chosen))
    (target / f"{split}-labels-idx1-ubyte").write_bytes(
        struct.pack(">2I", 0x801, len(chosen)) + bytes(labels[i] for i in chosen))


def main():
    here = Path(__file__).resolve().parent
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--source", type=Path, default=Path("/usr/share/datasets/fashion-mnist"))
    parser.add_argument("--target", type=Path, default=here)
    parser.add_argument("--train-per-class", type=int, default=1000)
    parser.add_argument("--test-per-class", type=int, default=200)
    options = parser.parse_args()
    subset(options.source, options.target, "train", options.train_per_class)
    subset(options.source, options.target, "t10k", options.test_per_class)


if __name__ == "__main__":
    main()
