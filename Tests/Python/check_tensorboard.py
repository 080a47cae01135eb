#!/usr/bin/env python3
"""Reads what `anneal train --tensorboard` writes with TensorBoard's own reader.

    python3 Tests/Python/check_tensorboard.py [PATH_OF_ANNEAL]

A training is interrupted on its way and resumed, so that there are two files; the reader has to find
every step once, with the values of metrics.jsonl in single precision. Needs tensorboard; says so and
stops where it is not installed.
"""

import json
import pathlib
import signal
import struct
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
TAGS = {
    "loss/train": "loss", "learningRate": "learningRate", "momentum": "momentum",
    "loss/test": "testLoss", "accuracy/test": "testAccuracy", "imagesPerSecond": "imagesPerSecond",
}


def single(value):
    return struct.unpack("f", struct.pack("f", value))[0]


def train(folder):
    """A training that is terminated after its first epochs and resumed, if it is not over by then."""
    run, events = folder / "run", folder / "events"
    common = ["--tensorboard", str(events), "--threads", "1"]
    start = [
        "--run", str(run), "--network", "resnet8", "--data", "synthetic", "--batch", "64",
        "--epochs", "4", "lr=onecycle(peak=0.1,warmup=30%)", "momentum=0.95..0.85",
    ]
    process = subprocess.Popen(
        [PROGRAM, "train", *common, *start], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    metrics = run / "metrics.jsonl"
    while process.poll() is None:
        if metrics.exists() and metrics.read_text().count("testLoss") >= 1:
            process.send_signal(signal.SIGTERM)
            break
        time.sleep(0.01)
    error = process.communicate()[1].decode()
    assert process.returncode in (0, 75), f"exit {process.returncode}: {error}"
    if process.returncode == 75:
        done = subprocess.run(
            [PROGRAM, "train", *common, "--resume", str(run)], capture_output=True, text=True)
        assert done.returncode == 0, f"exit {done.returncode}: {done.stderr}"
    return metrics, events, process.returncode == 75


def expected_values(metrics):
    """What each tag has at each step."""
    values = {tag: [] for tag in TAGS}
    step = 0
    for record in map(json.loads, metrics.read_text().splitlines()):
        step = record.get("step", step)
        for tag, name in TAGS.items():
            if name in record:
                values[tag].append((step, single(record[name])))
    return values


def main():
    try:
        from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    except ImportError:
        print("skipped: tensorboard is not installed")
        return
    with tempfile.TemporaryDirectory() as folder:
        metrics, events, was_resumed = train(pathlib.Path(folder))
        expected = expected_values(metrics)
        reader = EventAccumulator(str(events), size_guidance={"scalars": 0})
        reader.Reload()
        assert sorted(reader.Tags()["scalars"]) == sorted(TAGS), reader.Tags()["scalars"]
        for tag, values in expected.items():
            found = [(event.step, event.value) for event in reader.Scalars(tag)]
            assert values, f"{tag}: metrics.jsonl has none"
            assert found == values, f"{tag}: expected {values[:3]}…, found {found[:3]}…"
        files = len(list(events.iterdir()))
        assert files == (2 if was_resumed else 1), f"{files} files"
        count = sum(len(values) for values in expected.values())
        print(f"TensorBoard reads {count} values of {len(TAGS)} tags from {files} files as they were written")


if __name__ == "__main__":
    PROGRAM = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / ".build" / "release" / "anneal")
    try:
        main()
    except AssertionError as error:
        sys.exit(f"check_tensorboard: {error}")
