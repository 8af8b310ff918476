"""Long-lived worker processes and the slices they run."""
import os
import re
import subprocess

TUNING = ("OPENBLAS_", "NVPL_", "OMP_", "MKL_", "KMP_", "GOMP_", "GOTO_", "DNNL_", "ONEDNN_", "ATEN_", "XGRAD_", "MALLOC_", "LD_PRELOAD", "GLIBC_TUNABLES")


# What glibc is told so that memory once taken from the system stays with the process, whose pages then cost nothing again.
KEEPING = "glibc.malloc.mmap_threshold=4294967296:glibc.malloc.trim_threshold=17179869184"


def environment():
    """Ours without anything that tunes a library."""
    return {k: v for k, v in os.environ.items() if not k.startswith(TUNING)}


def unset():
    return sorted(k for k in os.environ if k.startswith(TUNING))


class Failure(Exception):
    pass


class Worker:
    """A process on the given processors; `asked` is the core whose kernels its OpenBLAS shall use, `core` what it says it uses.
    With `keeping` its malloc gives no memory back to the system."""

    def __init__(self, program, processors, asked=None, keeping=False):
        self.asked = asked
        tuned = environment()
        if asked:
            tuned["OPENBLAS_CORETYPE"] = asked
        if keeping:
            tuned["GLIBC_TUNABLES"] = KEEPING
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=tuned,
                                        preexec_fn=lambda: os.sched_setaffinity(0, processors))
        self.library = self.ask("library")
        found = re.search(r"core (\w+)$", self.library)
        self.core = found and found[1]

    def ask(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer or answer.startswith("error"):
            raise Failure(f"{os.path.basename(self.process.args[0])}: {command}: {answer.strip() or 'the program ended'}")
        return answer.strip()

    def start(self, workload, threads):
        """The workload's outcome."""
        return [float(x) for x in self.ask(f"start {workload} {threads}").split()]

    def run(self, repetitions):
        """Wall and processor nanoseconds for a repetition, and page faults of the slice."""
        wall, used, faults = (int(x) for x in self.ask(f"run {repetitions}").split())
        return wall / repetitions, used / repetitions, faults

    def stop(self):
        self.ask("stop")

    def end(self):
        self.process.stdin.close()
        self.process.wait(timeout=30)
