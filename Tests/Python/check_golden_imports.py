#!/usr/bin/env python3
"""Holds `anneal schedule import` and `anneal find --curve` to values recorded from other tools.

    python3 Tests/Python/check_golden_imports.py [PATH_OF_ANNEAL]

Every case of Tests/SchedulesTests/Golden goes through the program: schedules by their library's class
and parameters, compared at every step at the case's own tolerance; range tests as CSV files, their
suggestions compared with fastai's and pytorch-lr-finder's. Where the library raised an error the
program has to give finite values or an error with a message, and the case is listed.
Needs nothing beyond Python's standard library.
"""

import json
import math
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "Tests" / "SchedulesTests" / "Golden"
# Measurements replayed by the Swift tests, which no command takes.
SWIFT_ONLY = {"plateau.json", "smith-runs.json"}
# A misread suggestion is off by at least the ratio of two neighbouring rates, 1.2 per cent here.
SUGGESTION_TOLERANCE = 1e-6


class Failure(Exception):
    pass


def run(anneal, *words):
    done = subprocess.run([anneal, *words], capture_output=True, text=True, timeout=60)
    if done.returncode in (64, 65) and done.stderr.startswith("error: "):
        raise Failure(done.stderr.strip())
    if done.returncode != 0:
        raise Failure(f"exit code {done.returncode}: {done.stderr.strip()}")
    return json.loads(done.stdout)


def compare(case, name, found, expected):
    if found is None or len(found) != len(expected):
        raise Failure(f"expected {len(expected)} values of {name}")
    for step, (value, reference) in enumerate(zip(found, expected)):
        if not abs(value - reference) <= case["absolute"] + case["relative"] * abs(reference):
            raise Failure(f"{name} at step {step}: expected {reference}, found {value}")


def check_schedule(anneal, case):
    """Returns a note for a case in which the library raised an error."""
    raised = case.get("error")
    steps = case["steps"] or 12
    words = [f"{case['library']}.{case['class']}", json.dumps(case["parameters"])]
    try:
        printed = run(anneal, "schedule", "import", *words, "--steps", str(steps), "--json")
    except Failure as failure:
        if raised and str(failure).startswith("error: "):
            return f"{raised['type']}, here {failure}"
        raise
    values = printed["values"]
    if printed["steps"] != steps or not all(map(math.isfinite, sum(values.values(), []))):
        raise Failure(f"expected {steps} finite values of each")
    if raised:
        recorded = case.get("learningRate") or []
        valid = max(0, len(recorded) - 1)  # the last one is beyond the schedule's own end
        compare(case, "learningRate", values["learningRate"][:valid], recorded[:valid])
        return f"{raised['type']}, here finite values"
    for index, group in enumerate(case.get("groups") or []):
        prefix = "" if index == 0 else f"{index}:"
        for name, key in (("learningRate", "lr"), ("momentum", "momentum")):
            if group.get(key) is not None:
                compare(case, prefix + name, values.get(prefix + name), group[key])
    for name in ("learningRate", "momentum"):
        if case.get(name) is not None:
            compare(case, name, values.get(name), case[name])
        elif name in values:
            raise Failure(f"expected no {name}")
    return None


def suggestions(anneal, folder, case, divisor):
    ratio = case["to"] / case["from"]
    path = pathlib.Path(folder) / "curve.csv"
    rows = [
        f"{case['from'] * ratio ** (index / divisor)!r},{float(loss)!r}"
        for index, loss in enumerate(case["losses"])
    ]
    path.write_text("\n".join(["learningRate,loss"] + rows) + "\n")
    printed = run(anneal, "find", "--curve", str(path), "--json")
    if list(printed) != ["suggestions"]:
        raise Failure(f"expected suggestions alone, found {', '.join(printed)}")
    return printed["suggestions"]


# pytorch-lr-finder suggests the rate at which the loss stops being a number, where curves are cut
# here, and some rate of a loss that never changes.
REFUSED = {("nan-end.n100.s9", "steepest"), ("constant.n40.s12", "steepest")}


def check_suggestion(name, found, expected):
    """Returns whether the expectation was one that can be held against."""
    if expected.get("stable") is False:
        return False
    rate = expected.get("rate")
    if rate is None or expected.get("error"):
        if "none" not in found and "learningRate" not in found:
            raise Failure(f"expected an answer or a reason for {name}")
        return False
    if "learningRate" not in found:
        raise Failure(f"{name}: expected {rate}, found none: {found.get('none')}")
    if not abs(found["learningRate"] / rate - 1) <= SUGGESTION_TOLERANCE:
        raise Failure(f"{name}: expected {rate}, found {found['learningRate']}")
    return True


def check_curve(anneal, case):
    with tempfile.TemporaryDirectory() as folder:
        # fastai's sweep stops one point short of its end, pytorch-lr-finder's reaches it.
        fastai = suggestions(anneal, folder, case, case["count"])
        finder = suggestions(anneal, folder, case, case["count"] - 1)
    names = ("valley", "slide", "minimum", "steep")
    held = [check_suggestion(name, fastai[name], case["fastai"][name]) for name in names]
    if (case["name"], "steepest") not in REFUSED:
        expected = case["pytorchLRFinder"]["steepest"]
        held.append(check_suggestion("steepest", finder["steepest"], expected))
    smith = fastai["smith"]
    bounds = [] if "none" in smith else [smith["base"], smith["max"]]
    if not all(isinstance(bound, float) or "none" in bound for bound in bounds):
        raise Failure(f"expected Smith's base and max or a reason, found {smith}")
    return sum(held)


def main():
    anneal = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / ".build" / "release" / "anneal")
    passed, failed, raised, held = 0, 0, [], 0
    for path in sorted(GOLDEN.glob("*.json")):
        if path.name in SWIFT_ONLY:
            continue
        for case in json.loads(path.read_text())["cases"]:
            try:
                if "losses" in case:
                    held += check_curve(anneal, case)
                else:
                    note = check_schedule(anneal, case)
                    if note:
                        raised.append(f"{case['name']} {json.dumps(case['parameters'])}: {note}")
                passed += 1
            except Failure as failure:
                failed += 1
                print(f"FAILED {case['name']} {json.dumps(case.get('parameters', ''))[:300]}: {failure}")
    print(f"the library raised an error in {len(raised)} of them:")
    for line in raised:
        print(f"  {line}")
    print(f"{held} suggestions of range tests compared")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


if __name__ == "__main__":
    main()
