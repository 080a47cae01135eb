"""Trains in several processes and compares what they leave with what one process leaves.

    check_processes.py ANNEAL

A recipe whose steps have four parts has to give the same checkpoint, byte for byte, and the same
metrics, but for timings, in one, two and four processes: started by the program itself, or by somebody
else who names each its place in the environment. When one of them is killed the others have to end and
name it; when one of them is interrupted all end together with exit code 75. Either run is resumed
by another number of processes, and has to end as if nothing had happened.
"""

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

from check_resume import FILES, Check as Resumption, write_dataset

contents = Resumption.contents


class Check:
    def __init__(self, anneal, scratch):
        self.anneal = anneal
        self.scratch = scratch
        self.data = f"{scratch}/data"
        write_dataset(self.data)

    def command(self, run, *words, resumes=False):
        line = [self.anneal, "train", "--checkpoint-every", "3", *words]
        if resumes:
            return line + ["--resume", run]
        return line + [
            "--run", run, "--data", self.data, "--epochs", "3", "--batch", "32", "--seed", "3",
            "--accumulate", "4", "--augment", "crop1,flip", "--average", "ema(every=3)",
            "--clip", "5", "--tta", "flip", "lr=onecycle(peak=0.2,warmup=30%)",
            "momentum=0.95..0.85", "batchSize=16@1ep,32",
        ]

    def run(self, *words, code=0, environment=None, **keywords):
        result = subprocess.run(
            self.command(*words, **keywords), capture_output=True, text=True, timeout=120,
            env=environment)
        assert result.returncode == code, f"exit {result.returncode}: {result.stderr}"
        return result

    def compare(self, run, what):
        checkpoint, metrics = contents(run)
        assert metrics == self.expected[1], f"{what}: the metrics differ"
        assert checkpoint == self.expected[0], f"{what}: the checkpoint differs"
        assert sorted(os.listdir(run)) == FILES, f"{what}: {sorted(os.listdir(run))}"
        shutil.rmtree(run)

    def alone(self):
        run = f"{self.scratch}/alone"
        self.run(run, "--threads", "1")
        self.expected = contents(run)

    def together(self):
        for count in (2, 4):
            run = f"{self.scratch}/together{count}"
            result = self.run(run, "--processes", str(count), "--threads", "2")
            assert f"in each of {count} processes" in result.stdout, result.stdout
            assert result.stdout.count("test accuracy") == 1, result.stdout
            self.compare(run, f"{count} processes")
        print("1, 2 and 4 processes: the same bytes")

    @staticmethod
    def free_port():
        with socket.socket() as place:
            place.bind(("127.0.0.1", 0))
            return place.getsockname()[1]

    def start(self, run, environments, *words):
        return [
            subprocess.Popen(
                self.command(run, "--threads", "1", *words), text=True,
                env={**os.environ, **environment},
                stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            for environment in environments
        ]

    @staticmethod
    def finish(processes):
        outputs = [process.communicate(timeout=120) for process in processes]
        return [process.returncode for process in processes], outputs

    def started_by_others(self):
        port = str(self.free_port())
        starters = [
            [{"RANK": str(rank), "WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1",
              "MASTER_PORT": port} for rank in range(2)],
            [{"OMPI_COMM_WORLD_RANK": str(rank), "OMPI_COMM_WORLD_SIZE": "2",
              "OMPI_COMM_WORLD_LOCAL_SIZE": "2", "PMIX_NAMESPACE": f"check-{os.getpid()}"}
             for rank in range(2)],
            [{"SLURM_PROCID": str(rank), "SLURM_STEP_NUM_TASKS": "2", "SLURM_STEP_NUM_NODES": "1",
              "SLURM_JOB_ID": str(os.getpid()), "SLURM_STEP_ID": "0"} for rank in range(2)],
        ]
        for environments in starters:
            run = f"{self.scratch}/started"
            codes, outputs = self.finish(self.start(run, environments))
            assert codes == [0, 0], f"exit {codes}: {outputs}"
            assert outputs[1] == ("", ""), f"process 1 says {outputs[1]}"
            self.compare(run, f"{list(environments[0])[0]}")
        print("started with RANK, OMPI_COMM_WORLD_RANK and SLURM_PROCID: the same bytes")

    def mpirun(self):
        if not shutil.which("mpirun"):
            print("skipped: no mpirun here")
            return
        run = f"{self.scratch}/mpi"
        environment = {
            **os.environ, "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
        result = subprocess.run(
            ["mpirun", "-n", "2", *self.command(run, "--threads", "2")],
            env=environment, capture_output=True, text=True, timeout=120)
        assert result.returncode == 0, f"exit {result.returncode}: {result.stderr}"
        self.compare(run, "mpirun")
        print("started by mpirun: the same bytes")

    def refusals(self):
        result = self.run(f"{self.scratch}/none", "--processes", "3", code=64)
        assert result.stderr == (
            "error: expected a multiple of the 3 processes as accumulation, found 4\n"
        ), result.stderr
        environment = {
            **os.environ, "RANK": "0", "WORLD_SIZE": "2", "MASTER_PORT": str(self.free_port()),
            "ANNEAL_PROCESS_SECONDS": "0.5"}
        result = self.run(f"{self.scratch}/none", code=69, environment=environment)
        assert result.stderr == (
            "error: expected 2 processes within 0.5 seconds, found no process 1\n"), result.stderr
        assert not os.path.exists(f"{self.scratch}/none")
        port = str(self.free_port())
        environments = [
            {"RANK": str(rank), "WORLD_SIZE": "2", "MASTER_PORT": port} for rank in range(2)]
        processes = self.start(f"{self.scratch}/none", environments[:1])
        processes += self.start(f"{self.scratch}/none", environments[1:], "--order", "sequential")
        codes, outputs = self.finish(processes)
        assert codes == [64, 64], f"exit {codes}: {outputs}"
        assert outputs[0][1] == (
            'error: expected "order" : "shuffled" in process 1 as in process 0, '
            'found "order" : "sequential"\n'
        ), outputs
        print("a missing process and another recipe: refused")

    def children(self, process, count):
        """The processes that one has started, when all are there."""
        path = f"/proc/{process.pid}/task/{process.pid}/children"
        while process.poll() is None:
            with open(path) as file:
                found = [int(word) for word in file.read().split()]
            if len(found) == count:
                return found
            time.sleep(0.001)
        return []

    def begin(self, run, *words):
        """Starts a run and waits until a checkpoint of its steps is there."""
        process = subprocess.Popen(
            self.command(run, *words), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        children = self.children(process, 3)
        assert children, process.communicate()
        while process.poll() is None:
            if os.path.exists(f"{run}/metrics.jsonl"):
                with open(f"{run}/metrics.jsonl") as file:
                    if sum(1 for _ in file) > 8:
                        break
            time.sleep(0.001)
        return process, children

    @staticmethod
    def gone(process):
        try:
            with open(f"/proc/{process}/stat") as file:
                return file.read().rsplit(")", 1)[1].split()[0] == "Z"
        except OSError:
            return True

    def ended(self):
        """One of four processes is killed or interrupted, of those that were started or the first."""
        cases = [
            (signal.SIGKILL, 1, 2), (signal.SIGKILL, -1, 4), (signal.SIGTERM, 2, 1),
            (signal.SIGTERM, -1, 2), (signal.SIGUSR1, -1, 2),
        ]
        for wanted, victim, resumed_by in cases:
            run = f"{self.scratch}/ended"
            process, children = self.begin(run, "--processes", "4", "--threads", "2")
            os.kill(process.pid if victim < 0 else children[victim], wanted)
            error = process.communicate(timeout=60)[1]
            name = f"{wanted.name} to process {victim + 1}"
            if wanted != signal.SIGKILL:
                assert process.returncode == 75, f"{name}: exit {process.returncode}: {error}"
                assert "; go on with: anneal train --resume " in error, error
            elif victim < 0:
                assert process.returncode == -signal.SIGKILL, f"{name}: {process.returncode}"
            else:
                assert process.returncode == 69, f"{name}: exit {process.returncode}: {error}"
                assert f"process {victim + 1} has ended: signal 9; go on with" in error, error
            deadline = time.monotonic() + 20
            while not all(self.gone(child) for child in children):
                assert time.monotonic() < deadline, f"{name}: somebody is left"
                time.sleep(0.01)
            self.run(run, "--processes", str(resumed_by), "--threads", "2", resumes=True)
            self.compare(run, name)
        print(f"{len(cases)} runs of which one process was ended: all ended, and were resumed")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("anneal")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        check = Check(os.path.abspath(arguments.anneal), scratch)
        check.alone()
        check.together()
        check.started_by_others()
        check.mpirun()
        check.refusals()
        check.ended()


if __name__ == "__main__":
    try:
        main()
    except AssertionError as error:
        sys.exit(f"check_processes: {error}")
