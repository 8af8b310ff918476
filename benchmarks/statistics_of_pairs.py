"""The median of paired ratios and how far it can be trusted."""
import random
import statistics


def ratio_with_spread(ratios, samples=2000):
    """Median, and the bounds of its 95% interval by bootstrap."""
    rng = random.Random(1)
    medians = sorted(statistics.median(rng.choices(ratios, k=len(ratios))) for _ in range(samples))
    return statistics.median(ratios), medians[int(0.025 * samples)], medians[int(0.975 * samples) - 1]


def differing(a, b, tolerance):
    """What is wrong between two outcomes, or None."""
    if len(a) != len(b):
        return f"{len(a)} against {len(b)} numbers"
    for i, (x, y) in enumerate(zip(a, b)):
        if not abs(x - y) <= tolerance * max(1.0, abs(x), abs(y)):
            return f"number {i} is {x:.9g} against {y:.9g}"
    return None
