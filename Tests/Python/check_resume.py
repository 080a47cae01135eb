"""Ends trainings at random moments, resumes them, and compares with one that was left alone.

    check_resume.py ANNEAL [--kills N] [--terminations N] [--seed S]

Each killed training is resumed until it is complete; then its weights, its checkpoint file and its
metrics (but for timings and the places of resuming) have to be those of the undisturbed run, and no
other file may lie beside them. A training on a full file system has to end with exit code 74 and lose
nothing; that check mounts one of 2.25 MB and is skipped where it may not.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

FILES = ["checkpoint.safetensors", "metrics.jsonl", "recipe.json"]


def write_dataset(folder):
    """A tiny learnable data set in the IDX format: brightness tells the class."""
    os.makedirs(folder)
    generator = random.Random(1)
    for prefix, count in [("train", 512), ("t10k", 64)]:
        labels = bytes(i % 10 for i in range(count))
        pixels = bytes(20 * label + generator.randrange(16) for label in labels for _ in range(64))
        size = (8).to_bytes(4, "big")
        with open(f"{folder}/{prefix}-images-idx3-ubyte", "wb") as file:
            file.write(bytes([0, 0, 8, 3]) + count.to_bytes(4, "big") + size + size + pixels)
        with open(f"{folder}/{prefix}-labels-idx1-ubyte", "wb") as file:
            file.write(bytes([0, 0, 8, 1]) + count.to_bytes(4, "big") + labels)


class Check:
    def __init__(self, arguments, scratch):
        self.arguments = arguments
        self.scratch = scratch
        self.random = random.Random(arguments.seed)
        self.late = 0
        self.data = f"{scratch}/data"
        write_dataset(self.data)

    # Both with parts of a step, averages and a plan; the second changes images in every way, less
    # and less, with labels that are mixed, and judges by several views.
    variants = [
        [
            "--augment", "crop1,flip", "--optimizer", "sgd(nesterov)", "--clip", "5",
            "weightDecay=0.001", "biases,norms:weightDecay=0",
        ],
        [
            "--augment", "translate1,altflip,cutout3,mixup0.4,cutmix", "--tta", "flip,translate",
            "augmentationStrength=1..0@80%,0", "labelSmoothing=0.1",
        ],
    ]

    def command(self, run, threads=1, resumes=False, variant=0):
        line = [self.arguments.anneal, "train", "--threads", str(threads), "--checkpoint-every", "5"]
        if resumes:
            return line + ["--resume", run]
        return line + [
            "--run", run, "--data", self.data, "--epochs", "6", "--batch", "16", "--seed", "3",
            "--accumulate", "2", "--average", "ema(every=3)", "lr=onecycle(peak=0.2,warmup=30%)",
            "momentum=0.95..0.85", "batchSize=16@2ep,32", "imageSize=8@4ep,10",
            *self.variants[variant],
        ]

    def finish(self, run):
        result = subprocess.run(self.command(run, resumes=True), capture_output=True, text=True)
        assert result.returncode == 0, f"exit {result.returncode}: {result.stderr}"

    def undisturbed(self):
        self.seconds = []
        self.expected = []
        for variant in range(len(self.variants)):
            run = f"{self.scratch}/undisturbed{variant}"
            start = time.monotonic()
            result = subprocess.run(
                self.command(run, variant=variant), capture_output=True, text=True)
            assert result.returncode == 0, f"exit {result.returncode}: {result.stderr}"
            self.seconds.append(time.monotonic() - start)
            self.expected.append(self.contents(run))

    @staticmethod
    def contents(run):
        """The checkpoint's bytes and the metrics without timings and places of resuming."""
        with open(f"{run}/checkpoint.safetensors", "rb") as file:
            checkpoint = file.read()
        with open(f"{run}/metrics.jsonl") as file:
            metrics = [json.loads(line) for line in file]
        metrics = [record for record in metrics if "resumedAtStep" not in record]
        for record in metrics:
            record.pop("wallSeconds", None)
            record.pop("imagesPerSecond", None)
        return checkpoint, metrics

    def compare(self, run, what, variant=0):
        checkpoint, metrics = self.contents(run)
        assert metrics == self.expected[variant][1], f"{what}: the metrics differ"
        assert checkpoint == self.expected[variant][0], f"{what}: the checkpoint differs"
        assert sorted(os.listdir(run)) == FILES, f"{what}: {sorted(os.listdir(run))}"

    @staticmethod
    def wait_for_watch(process):
        """Waits until a training holds signals back; on a busy machine that may be a while."""
        while process.poll() is None:
            try:
                with open(f"/proc/{process.pid}/status") as file:
                    masks = [line.split()[1] for line in file if line.startswith("SigBlk:")]
            except OSError:
                return
            if masks and int(masks[0], 16) >> (signal.SIGTERM - 1) & 1:
                return
            time.sleep(0.001)

    def end(self, process, wanted, after, seconds):
        """Sends a signal some time after the training has a folder; False if it was over by then."""
        while not os.path.exists(after) and process.poll() is None:
            time.sleep(0.001)
        try:
            process.wait(seconds)
            return False
        except subprocess.TimeoutExpired:
            if wanted != signal.SIGKILL:
                self.wait_for_watch(process)
            process.send_signal(wanted)
        code = process.wait()
        if code == 0:
            return False
        if wanted == signal.SIGKILL:
            assert code == -signal.SIGKILL, f"exit {code} after SIGKILL"
        elif code == -wanted:
            # After the last step, when nobody holds signals back any more.
            self.late += 1
            assert self.late <= 2, f"{self.late} trainings were ended by {wanted.name} on the spot"
        else:
            error = process.stderr.read()
            assert code == 75, f"exit {code} after {wanted.name}: {error}"
            assert "; go on with: anneal train --resume " in error, error
        return True

    def signals(self):
        wanted = [signal.SIGKILL] * self.arguments.kills
        for index in range(self.arguments.terminations):
            wanted.append([signal.SIGTERM, signal.SIGUSR1, signal.SIGINT][index % 3])
        self.random.shuffle(wanted)
        count = resumed = runs = 0
        while count < len(wanted):
            assert runs < 20 * len(wanted), f"{wanted[count].name} never ended a training"
            run = f"{self.scratch}/run{runs}"
            variant = runs % len(self.variants)
            runs += 1
            isNew = True
            # No run takes more than half of the signals, so that there is one of each variant.
            last = min(len(wanted), count + (len(wanted) + 1) // 2)
            while count < last:
                # The recipe is the first file of a run: from then on it can be resumed.
                process = subprocess.Popen(
                    self.command(run, 1 + count % 2, resumes=not isNew, variant=variant),
                    stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                    # Shells start background jobs with SIGINT ignored, and ignored it would stay.
                    preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler))
                seconds = self.random.uniform(0, self.seconds[variant] * 0.4)
                hit = self.end(process, wanted[count], f"{run}/recipe.json", seconds)
                process.stderr.close()
                isNew = False
                if not hit:
                    break
                count += 1
                resumed += 1
            self.finish(run)
            self.compare(run, f"run {runs}, {count} signals", variant)
            shutil.rmtree(run)
        print(f"{resumed} trainings ended by signals, {runs} runs compared: no difference")

    def full_file_system(self):
        place = f"{self.scratch}/small"
        os.makedirs(place)
        mounted = os.geteuid() == 0 and subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=2304k", "none", place],
            stderr=subprocess.DEVNULL).returncode == 0
        if not mounted:
            print("skipped: a small file system cannot be mounted here")
            return
        try:
            run = f"{place}/run"
            # Stopped once it has a checkpoint; then the rest of the space is taken away.
            process = subprocess.Popen(
                self.command(run), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            self.end(process, signal.SIGTERM, f"{run}/checkpoint.safetensors", self.seconds[0] / 3)
            process.stderr.close()
            with open(f"{run}/checkpoint.safetensors", "rb") as file:
                before = file.read()
            with open(f"{place}/filler", "wb", buffering=0) as file:
                try:
                    while True:
                        file.write(bytes(4096))
                except OSError:
                    pass
            result = subprocess.run(
                self.command(run, resumes=True), capture_output=True, text=True)
            assert result.returncode == 74, f"exit {result.returncode}: {result.stderr}"
            assert "No space left on device" in result.stderr, result.stderr
            with open(f"{run}/checkpoint.safetensors", "rb") as file:
                assert file.read() == before, "the old checkpoint has changed"
            assert sorted(os.listdir(run)) == FILES, f"{sorted(os.listdir(run))}"
            os.remove(f"{place}/filler")
            self.finish(run)
            self.compare(run, "full file system")
            print("a full file system: exit 74, nothing lost")
        finally:
            subprocess.run(["umount", place], check=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("anneal")
    parser.add_argument("--kills", type=int, default=8)
    parser.add_argument("--terminations", type=int, default=6)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    arguments.anneal = os.path.abspath(arguments.anneal)
    with tempfile.TemporaryDirectory() as scratch:
        check = Check(arguments, scratch)
        check.undisturbed()
        check.signals()
        check.full_file_system()


if __name__ == "__main__":
    try:
        main()
    except AssertionError as error:
        sys.exit(f"check_resume: {error}")
