#!/usr/bin/env python3
"""Whole training steps of Anneal and of PyTorch in turns, network by network, as a table.

    python3 -m venv venv && venv/bin/pip install torch==2.13.0+cpu numpy
    swift build -c release
    python3 Tests/Peers/compare_speed.py --python venv/bin/python

Each row is one `anneal bench train --compare-to`: both sides alternate, and the ratio is that of the
medians. PyTorch runs with its best settings (channels_last, allocator) and times forward, backward
and SGD on batches in memory; Anneal also loads and augments its images. In the rows of bf16 PyTorch
runs under autocast and Anneal keeps activations in bfloat16. The share is direct
convolution's arithmetic per second over what the machine reaches in registers in the same run, so
that Winograd's transforms can lift it above 100 %.
"""
import argparse
import json
import os
import subprocess
import sys

# Anneal's name, the peer's, the batch.
NETWORKS = [
    ("resnet20", "resnet20", 128),
    ("resnet56", "resnet56", 128),
    ("resnet9", "resnet9", 128),
    ("wrn-16-4", "wrn16-4", 128),
    ("preact-resnet18", "preact18", 128),
    ("airbench94", "airbench94", 1024),
]
ALLOCATOR = (
    "MALLOC_MMAP_THRESHOLD_=8000000000 MALLOC_TRIM_THRESHOLD_=16000000000 "
    "MALLOC_TOP_PAD_=268435456 THP_MEM_ALLOC_ENABLE=1"
)


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--python", default="python3", help="a Python that imports torch")
    parser.add_argument("--anneal", default=".build/release/anneal")
    parser.add_argument("--dtype", nargs="+", default=["fp32", "bf16"], choices=["fp32", "bf16"])
    parser.add_argument("--network", nargs="+", default=[name for name, _, _ in NETWORKS])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=4, help="of the peer, in each round")
    options = parser.parse_args()

    print("| network | batch | PyTorch | images/s | Anneal images/s | ratio | GFLOP/s | share |")
    print("| --- | ---: | --- | ---: | ---: | ---: | ---: | ---: |")
    for dtype in options.dtype:
        for name, peer, batch in NETWORKS:
            if name not in options.network:
                continue
            command = (
                f"{ALLOCATOR} {options.python} {here}/torch_training_speed.py --model {peer} "
                f"--batch {batch} --dtype {dtype} --memory-format channels_last "
                f"--threads {options.threads} --seconds {options.seconds:g} --min-steps 3"
            )
            # Batches of 128 are timed for as many images as one of 1024.
            steps = max(5, 1500 // batch)
            line = [options.anneal, "bench", "train", "--network", name, "--batch", str(batch)]
            line += ["--steps", str(steps), "--threads", str(options.threads), "--json"]
            line += ["--precision", {"fp32": "float32", "bf16": "bfloat16"}[dtype]]
            line += ["--rounds", str(options.rounds), "--compare-to", command]
            result = subprocess.run(line, capture_output=True, text=True)
            if result.returncode != 0:
                sys.exit(f"{' '.join(line)} ended with {result.returncode}: {result.stderr}")
            report = json.loads(result.stdout)
            comparison = report["comparison"]
            print(
                f"| {name} | {batch} | {dtype} | {comparison['imagesPerSecond']:.0f} "
                f"| {report['imagesPerSecond']:.0f} | {comparison['ratio']:.2f} "
                f"| {report['gigaflops']:.0f} of {report['peakGigaflops']:.0f} "
                f"| {100 * report['share']:.0f} % |",
                flush=True,
            )


if __name__ == "__main__":
    main()
