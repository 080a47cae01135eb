#!/usr/bin/env python3
"""Runs exported PyTorch and optax programs and compares them with the program's own values.

    python3 Tests/Python/check_exports.py [PATH_OF_ANNEAL]

For each plan below `anneal schedule export` writes a module for PyTorch and one for optax and the
values as JSON. PyTorch's scheduler drives a real optimiser; optax's schedules are called with the
step. Rate, momentum and weight decay have to agree at every step: within 1e-12 + 1e-11 of the value,
and within 1e-9 where PyTorch's own class computes each value from the last one.
Needs torch, and optax where it is installed; says so and stops where they are not.
"""

import importlib.util
import json
import pathlib
import subprocess
import sys
import tempfile
import warnings

ROOT = pathlib.Path(__file__).resolve().parents[2]

# Words, further options, and what the PyTorch module has to make use of.
PLANS = [
    (["lr=onecycle(peak=0.4,warmup=30%)"], ["--steps", "100"], "LambdaLR"),
    (
        [
            "lr=onecycle(peak=0.1,warmup=30%,aligned=pytorch)",
            "momentum=onecycle(peak=0.85,start=0.95,end=0.95,warmup=30%,aligned=pytorch)",
        ],
        ["--steps", "120", "--closed"],
        "OneCycleLR(",
    ),
    (
        ["lr=onecycle(peak=0.1,warmup=25%,aligned=pytorch,style=threePhase,curve=linear)"],
        ["--steps", "80", "--closed"],
        "OneCycleLR(",
    ),
    (
        ["lr=onecycle(peak=3,warmup=45%,style=threePhase,curve=linear)", "momentum=0.95..0.85@45%,0.85..0.95"],
        ["--steps", "61"],
        "LambdaLR",
    ),
    (["lr=0.1..0:cosine"], ["--steps", "50"], "CosineAnnealingLR("),
    (["lr=(0.1..0.001@7st:cosine)x^2"], ["--steps", "75"], "CosineAnnealingWarmRestarts("),
    (["lr=(0.1..0@6st:cosine)x^2~0.5", "weightDecay=1e-4..1e-5"], ["--steps", "50"], "LambdaLR"),
    (["lr=(0.1..0.01@7st:cosine)x~0.8", "momentum=0.9"], ["--steps", "50"], "LambdaLR"),
    (["lr=wsd(peak=1,warmup=10%,decay=20%)"], ["--steps", "97"], "LambdaLR"),
    (["lr=0..1@5ep,1..0:1-sqrt"], ["--epochs", "12", "--steps-per-epoch", "9"], "LambdaLR"),
    (["lr=(0.1..0:cosine)*(1..0.5)"], ["--steps", "60"], "LambdaLR"),
    (["lr=0..0.1@8st,(0.1)*((1..0)*(1..0.2:exp))"], ["--steps", "64"], "LambdaLR"),
    (["lr=(0.01..0.1@5st,0.1..0.01@9st)x~0.5", "momentum=(0.95..0.85@5st,0.85..0.95@9st)x"], ["--steps", "70"], "LambdaLR"),
    (["lr=noam(512,warmup=10)", "momentum=0.8..0.9:rex"], ["--steps", "60"], "LambdaLR"),
    (["lr=1..0.1:poly2.5"], ["--steps", "33"], "LambdaLR"),
    (["lr=step(0.1,every=20st,decay=0.1)"], ["--steps", "70"], "StepLR("),
    (["lr=0.3..0.03:noise(1,2st)"], ["--steps", "40"], "LambdaLR"),
    (["lr=0.1", "stem:lr=0.05..0:cosine", "momentum=0.9"], ["--steps", "20"], "LambdaLR"),
]


class Failure(Exception):
    pass


def anneal(*words):
    done = subprocess.run([PROGRAM, *words], capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        raise Failure(done.stderr.strip())
    return done.stdout


def module(path):
    specification = importlib.util.spec_from_file_location("exported", path)
    loaded = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(loaded)
    return loaded


def compare(name, step, found, expected, relative):
    if not abs(float(found) - expected) <= 1e-12 + relative * abs(expected):
        raise Failure(f"{name} at step {step}: expected {expected!r}, found {float(found)!r}")


def check_pytorch(torch, path, values, steps, uses):
    text = path.read_text()
    if uses not in text:
        raise Failure(f"expected {uses} in the module")
    # These compute each value from the one before.
    relative = 1e-9 if uses in ("CosineAnnealingLR(", "StepLR(") else 1e-11
    names = [None] + sorted({key.split(":")[0] for key in values if ":" in key})
    groups = [{"params": [torch.nn.Parameter(torch.zeros(1))], "name": name or "rest"} for name in names]
    optimizer = torch.optim.SGD(groups, lr=0.5, momentum=0.5)
    scheduler = module(path).make_scheduler(optimizer)
    keys = {"learningRate": "lr", "momentum": "momentum", "weightDecay": "weight_decay"}
    for step in range(steps):
        for name, group in zip(names, optimizer.param_groups):
            for key, field in keys.items():
                expected = values.get(f"{name}:{key}", values.get(key))
                if expected is not None:
                    compare(f"PyTorch {key}", step, group[field], expected[step], relative)
        if step + 1 < steps:
            optimizer.step()
            scheduler.step()


def check_optax(jax, path, values, steps):
    loaded = module(path)
    names = {"learningRate": "learning_rate", "momentum": "momentum", "weightDecay": "weight_decay"}
    for key, expected in values.items():
        group, _, plain = key.rpartition(":")
        name = (f"group_{group}_" if group else "") + names[plain]
        found = jax.jit(jax.vmap(getattr(loaded, name)))(jax.numpy.arange(steps))
        for step in range(steps):
            compare(f"optax {key}", step, found[step], expected[step], 1e-11)


def main():
    try:
        import torch
    except ImportError:
        print("skipped: torch is not installed")
        return
    try:
        import jax
        import optax  # noqa: F401

        jax.config.update("jax_enable_x64", True)
    except ImportError:
        jax = None
        print("skipped: optax is not installed; PyTorch's programs alone are run")
    warnings.filterwarnings("error")
    passed, failed = 0, 0
    with tempfile.TemporaryDirectory() as folder:
        for number, (words, options, uses) in enumerate(PLANS):
            try:
                line = ["schedule", "export", *words, *options, "--to"]
                values = json.loads(anneal(*line, "json"))
                steps, values = values["steps"], values["values"]
                path = pathlib.Path(folder) / f"pytorch_{number}.py"
                path.write_text(anneal(*line, "pytorch"))
                check_pytorch(torch, path, values, steps, uses)
                if jax:
                    path = pathlib.Path(folder) / f"optax_{number}.py"
                    path.write_text(anneal(*line, "optax"))
                    check_optax(jax, path, values, steps)
                passed += 1
            except Failure as failure:
                failed += 1
                print(f"FAILED {' '.join(words)}: {failure}")
    print(f"{passed} passed, {failed} failed; torch {torch.__version__}"
          + (f", jax {jax.__version__}" if jax else ""))
    sys.exit(1 if failed or not passed else 0)


if __name__ == "__main__":
    PROGRAM = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / ".build" / "release" / "anneal")
    main()
