#!/usr/bin/env python3
"""Trains networks beside PyTorch, from the same start on the same images, and compares the losses.

    python3 Tests/Python/check_pytorch_agreement.py [PATH_OF_ANNEAL]

For each network below `anneal train` makes 50 steps of 1cycle with coupled momentum and keeps the
checkpoint of step 0. PyTorch starts from that file, reads the same IDX images in the same order, takes
its hyper-parameters from `anneal schedule show --json`, and trains a network written here, from the
papers. The losses have to agree within a relative 1e-4 for the first ten steps and within 1e-2 at the
fiftieth; the logits of the final checkpoint within 1e-4 of the largest. Training is chaotic: with a peak
of 0.2 in place of 0.01 PyTorch in single precision and PyTorch in double precision are 1e-3 apart after
eight steps. Needs torch; says so and stops where it is not installed.
"""

import json
import pathlib
import struct
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
STEPS = 50
TEST_COUNT = 200
FIRST_TEN = 1e-4
AT_THE_END = 1e-2
LOGITS = 1e-4

# Network, height and width of its images, batch, schedules, options.
CASES = [
    (
        "resnet20",
        28,
        64,
        ["lr=onecycle(peak=0.01,warmup=50%)", "momentum=0.95..0.85@50%,0.85..0.95", "weightDecay=5e-4"],
        [],
    ),
    (
        "resnet9",
        16,
        16,
        ["lr=onecycle(peak=0.01,warmup=50%)", "momentum=0.95..0.85@50%,0.85..0.95", "weightDecay=5e-4",
         "labelSmoothing=0.1"],
        ["--optimizer", "sgd(nesterov)"],
    ),
]


class Failure(Exception):
    pass


def anneal(*words):
    done = subprocess.run([PROGRAM, *words], capture_output=True, text=True, timeout=900)
    if done.returncode != 0:
        raise Failure(f"anneal {' '.join(words)}: {done.stderr.strip()}")
    return done.stdout


# Files


def write_idx(path, shape, values):
    header = bytes([0, 0, 8, len(shape)]) + b"".join(extent.to_bytes(4, "big") for extent in shape)
    path.write_bytes(header + values)


def read_idx(path):
    data = path.read_bytes()
    rank = data[3]
    shape = struct.unpack(f">{rank}I", data[4 : 4 + 4 * rank])
    return shape, data[4 + 4 * rank :]


def cropped(values, shape, size):
    """The middle of each image."""
    count, height, width = shape
    top, left = (height - size) // 2, (width - size) // 2
    rows = []
    for image in range(count):
        for row in range(top, top + size):
            start = (image * height + row) * width + left
            rows.append(values[start : start + size])
    return b"".join(rows)


def write_dataset(folder, training_count, size):
    """The first images of the Fashion-MNIST subset that comes with the package, cut to a size."""
    folder.mkdir()
    source = ROOT / "data" / "fashion-mnist"
    for prefix, count in [("train", training_count), ("t10k", TEST_COUNT)]:
        name = f"{prefix}-images-idx3-ubyte"
        shape, values = read_idx(source / name)
        write_idx(folder / name, (count, size, size), cropped(values, (count,) + shape[1:], size))
        name = f"{prefix}-labels-idx1-ubyte"
        write_idx(folder / name, (count,), read_idx(source / name)[1][:count])


def tensors_of(path, torch):
    """The tensors and the metadata of a safetensors file."""
    data = path.read_bytes()
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        if entry["dtype"] != "F32":
            raise Failure(f"expected F32 as the type of {name} in {path}, found {entry['dtype']}")
        start, end = entry["data_offsets"]
        values = bytearray(data[8 + length + start : 8 + length + end])
        tensors[name] = torch.frombuffer(values, dtype=torch.float32).reshape(entry["shape"])
    return tensors, metadata


def images_of(folder, prefix, torch, normalization=None):
    """Images normalised by the mean and deviation of the training split's pixels, and labels."""
    shape, values = read_idx(folder / f"{prefix}-images-idx3-ubyte")
    pixels = torch.frombuffer(bytearray(values), dtype=torch.uint8).reshape(shape).double() / 255
    _, labels = read_idx(folder / f"{prefix}-labels-idx1-ubyte")
    mean, deviation = normalization or (pixels.mean(), pixels.std(correction=0))
    images = ((pixels - mean) / deviation).float().unsqueeze(1)
    labels = torch.frombuffer(bytearray(labels), dtype=torch.uint8).long()
    return images, labels, (mean, deviation)


# Networks


def networks(torch):
    nn = torch.nn
    functional = torch.nn.functional

    class BasicBlock(nn.Module):
        """He and others 2015 with option A: every second pixel, zeros for the new channels."""

        def __init__(self, inputs, outputs, stride):
            super().__init__()
            self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
            self.bn1 = nn.BatchNorm2d(outputs)
            self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
            self.bn2 = nn.BatchNorm2d(outputs)
            self.stride, self.padding = stride, outputs - inputs

        def forward(self, x):
            y = functional.relu(self.bn1(self.conv1(x)))
            y = self.bn2(self.conv2(y))
            x = x[:, :, :: self.stride, :: self.stride]
            return functional.relu(y + functional.pad(x, (0, 0, 0, 0, 0, self.padding)))

    class ResNet20(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv1 = nn.Conv2d(1, 16, 3, 1, 1, bias=False)
            self.bn1 = nn.BatchNorm2d(16)
            inputs = 16
            for stage, outputs in enumerate([16, 32, 64]):
                blocks = []
                for block in range(3):
                    blocks.append(BasicBlock(inputs, outputs, 2 if stage and not block else 1))
                    inputs = outputs
                setattr(self, f"layer{stage + 1}", nn.Sequential(*blocks))
            self.fc = nn.Linear(64, 10)

        def forward(self, x):
            x = functional.relu(self.bn1(self.conv1(x)))
            x = self.layer3(self.layer2(self.layer1(x)))
            return self.fc(x.mean((2, 3)))

    class Layer(nn.Module):
        def __init__(self, inputs, outputs):
            super().__init__()
            self.conv = nn.Conv2d(inputs, outputs, 3, 1, 1, bias=False)
            self.bn = nn.BatchNorm2d(outputs)

        def forward(self, x):
            return functional.relu(self.bn(self.conv(x)))

    class PooledLayer(Layer):
        def __init__(self, inputs, outputs, has_residual=False):
            super().__init__(inputs, outputs)
            if has_residual:
                self.residual = nn.Sequential(Layer(outputs, outputs), Layer(outputs, outputs))

        def forward(self, x):
            x = functional.max_pool2d(super().forward(x), 2)
            return x + self.residual(x) if hasattr(self, "residual") else x

    class ResNet9(nn.Module):
        """Page 2018, with the largest value of each channel at the end."""

        def __init__(self):
            super().__init__()
            self.prep = Layer(1, 64)
            self.layer1 = PooledLayer(64, 128, has_residual=True)
            self.layer2 = PooledLayer(128, 256)
            self.layer3 = PooledLayer(256, 512, has_residual=True)
            self.fc = nn.Linear(512, 10, bias=False)

        def forward(self, x):
            x = self.layer3(self.layer2(self.layer1(self.prep(x))))
            return self.fc(x.amax((2, 3))) * 0.125

    return {"resnet20": ResNet20, "resnet9": ResNet9}


def load(network, path, torch):
    tensors, _ = tensors_of(path, torch)
    values = {name: tensor for name, tensor in tensors.items() if not name.startswith("momentum/")}
    expected = {name for name in network.state_dict() if not name.endswith("num_batches_tracked")}
    if set(values) != expected:
        raise Failure(f"expected the tensors {sorted(expected)}, found {sorted(values)}")
    network.load_state_dict(values, strict=False)


# The comparison


def losses_of(network, images, labels, batch, plan, nesterov, torch):
    optimizer = torch.optim.SGD(network.parameters(), lr=1, momentum=0.9, nesterov=nesterov)
    network.train()
    losses = []
    for step in range(STEPS):
        group = optimizer.param_groups[0]
        group["lr"] = plan["learningRate"][step]
        group["momentum"] = plan["momentum"][step]
        group["weight_decay"] = plan["weightDecay"][step]
        chosen = slice(step * batch, (step + 1) * batch)
        smoothing = plan.get("labelSmoothing", [0] * STEPS)[step]
        loss = torch.nn.functional.cross_entropy(
            network(images[chosen]), labels[chosen], label_smoothing=smoothing)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def compare_losses(expected, found):
    if not len(expected) == len(found) == STEPS:
        raise Failure(f"expected {STEPS} losses, found {len(expected)} and {len(found)}")
    differences = [abs(f - e) / abs(e) for e, f in zip(expected, found)]
    for step, difference in enumerate(differences):
        if step < 10 and not difference <= FIRST_TEN:
            raise Failure(
                f"the loss of step {step} is {found[step]!r}, PyTorch's {expected[step]!r}: "
                f"a relative difference of {difference:.1e}, at most {FIRST_TEN:g} is allowed")
    if not differences[-1] <= AT_THE_END:
        raise Failure(
            f"the loss of step {STEPS - 1} is {found[-1]!r}, PyTorch's {expected[-1]!r}: "
            f"a relative difference of {differences[-1]:.1e}, at most {AT_THE_END:g} is allowed")
    if not expected[-1] < 0.8 * expected[0]:
        raise Failure(f"nothing was learnt: the loss goes from {expected[0]} to {expected[-1]}")
    return max(differences[:10]), differences[-1]


def compare_logits(network, run, folder, normalization, torch):
    file = run.parent / "logits.safetensors"
    summary = json.loads(anneal("evaluate", str(run), "--logits", str(file), "--json"))
    found = tensors_of(file, torch)[0]["logits"]
    images, labels, _ = images_of(folder, "t10k", torch, normalization)
    load(network, run / "checkpoint.safetensors", torch)
    network.eval()
    with torch.no_grad():
        expected = network(images)
    if found.shape != expected.shape:
        raise Failure(f"expected logits of shape {expected.shape}, found {found.shape}")
    difference = ((found - expected).abs().max() / expected.abs().max()).item()
    if not difference <= LOGITS:
        raise Failure(f"the logits differ by {difference:.1e} of the largest, at most {LOGITS:g} is allowed")
    loss = torch.nn.functional.cross_entropy(expected, labels).item()
    if not abs(summary["loss"] - loss) <= LOGITS * loss or summary["count"] != TEST_COUNT:
        raise Failure(f"the test loss is {summary['loss']}, PyTorch's {loss}")
    return difference


def check(case, scratch, torch):
    name, size, batch, words, options = case
    folder, run = scratch / f"data-{name}", scratch / name / "run"
    write_dataset(folder, STEPS * batch, size)
    anneal(
        "train", "--network", name, "--data", str(folder), "--epochs", "1", "--batch", str(batch),
        "--order", "sequential", "--augment", "none", "--seed", "7", "--run", str(run),
        "--keep-checkpoints", *options, *words)
    records = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    found = [record["loss"] for record in records if "step" in record]
    plan = json.loads(anneal("schedule", "show", *words, "--steps", str(STEPS), "--json"))["values"]
    images, labels, normalization = images_of(folder, "train", torch)
    network = networks(torch)[name]()
    load(network, run / "checkpoint-0.safetensors", torch)
    expected = losses_of(network, images, labels, batch, plan, "sgd(nesterov)" in options, torch)
    early, late = compare_losses(expected, found)
    logits = compare_logits(network, run, folder, normalization, torch)
    print(
        f"{name}: loss {found[0]:.4f} to {found[-1]:.4f} in {STEPS} steps; differences from PyTorch: "
        f"{early:.1e} in the first ten losses, {late:.1e} in the last, {logits:.1e} in the final logits")


def main():
    try:
        import torch
    except ImportError:
        print("skipped: torch is not installed")
        return
    # One thread does not wait for others on a busy machine.
    torch.set_num_threads(1)
    failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        for case in CASES:
            try:
                check(case, pathlib.Path(scratch), torch)
            except Failure as failure:
                failed += 1
                print(f"FAILED {case[0]}: {failure}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    PROGRAM = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / ".build" / "release" / "anneal")
    main()
