"""OpenBLAS has kernels for many processors, its cores, and picks some by a table of processor models. A model newer than the table
gets the slowest, and a figure against those would say nothing: each program is given the core that it is fastest with. Page faults,
which differ from run to run, are kept out of the choice."""
import os
import statistics

from worker import Worker

TABLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cmake", "openblas_cores.txt")  # a core, the flags it needs
PROBES = ("mlp_40_100_100_10", "mlp_784_128_10", "mlp_1024_1024_1024")  # products of three sizes
ROUNDS, SLICE = 5, 4e6  # nanoseconds
PROCESSOR = 1
ALIKE = 1.02  # times so close don't decide against the core that OpenBLAS takes by itself


def runnable():
    """The cores whose instructions this processor has."""
    flags = set(next((line for line in open("/proc/cpuinfo") if line.startswith("flags")), "").split())
    return [name for name, *needed in map(str.split, open(TABLE)) if flags.issuperset(needed)]


def times_of_probes(workers):
    """For each worker the geometric mean of what the probes take; they run in turns, and the best turn of each counts."""
    best = [[] for _ in workers]
    for probe in PROBES:
        for worker in workers:
            worker.start(probe, 1)
        counts = [max(1, round(SLICE / worker.run(1)[PROCESSOR])) for worker in workers]
        times = [[worker.run(n)[PROCESSOR] for worker, n in zip(workers, counts)] for _ in range(ROUNDS)]
        for place, of_worker in enumerate(zip(*times)):
            best[place].append(min(of_worker))
        for worker in workers:
            worker.stop()
    return [statistics.geometric_mean(times) for times in best]


def fastest(program, processors):
    """The core to ask for, none if the program is as fast with the one that it takes by itself; and a line about all of them."""
    workers = [Worker(program, processors, keeping=True)]
    own = workers[0].core
    asked = [Worker(program, processors, core, keeping=True) for core in runnable() if core != own]
    workers += [worker for worker in asked if worker.core == worker.asked]  # OpenBLAS may have been built without some
    times = times_of_probes(workers)
    for worker in {*asked, *workers}:
        worker.end()
    least = min(times)
    best = 0 if times[0] <= ALIKE * least else times.index(least)
    others = sorted((time / times[best], worker.core) for time, worker in zip(times, workers) if worker is not workers[best])
    text = f"{workers[best].core}, {'which it takes by itself' if best == 0 else 'asked for: by itself it takes ' + own}"
    return workers[best].asked, text + "".join(f"; {core} {ratio:.2f}" for ratio, core in others)
