"""Results as lines of text and as Markdown."""


def time(ns):
    for unit, size in (("ms", 1e6), ("us", 1e3)):
        if ns >= size:
            return f"{ns / size:.3g} {unit}"
    return f"{ns:.3g} ns"


# Two processes that run the same instructions differ by so much, by where their memory happens to lie: a hundred tensors'
# Adam, which stays on one thread, came out between 0.98 and 1.01 with two threads allowed.
ALIKE = 0.97


def verdict(row):
    """By the whole interval, so that a noisy run neither reaches nor misses a goal by luck."""
    if row["void"]:
        return "**void**: " + row["void"]
    if not row["goal"]:
        return "for comparison"
    slower = ", **slower**" if row["high"] < 1 else ""
    if row["goal"] == row["aim"] == 1:  # a wish not to be slower
        if row["low"] > ALIKE:
            return "not slower"
        return "**slower**" if row["high"] < ALIKE else "open: too noisy to tell"
    if row["low"] >= row["aim"]:
        return "aim reached"
    if row["low"] >= row["goal"]:
        return "goal reached" + slower
    return ("**goal missed**" if row["high"] < row["goal"] else "open: the goal lies in the interval") + slower


def text_line(row):
    if "ratio" not in row:
        return f"  {row['name']:28} {verdict(row)}"
    return (f"  {row['name']:28} {row['ratio']:7.2f}  [{row['low']:.2f}, {row['high']:.2f}]  {time(row['a_ns'])} / {time(row['b_ns'])}"
            f"  goal {row['goal']:g}, aim {row['aim']:g}: {verdict(row)}")


def label(side):
    return side[0].replace("_", " ") + (f", {side[2]} threads" if side[2] > 1 else "")


def markdown_row(row):
    goals = f"{row['goal']:g} | {row['aim']:g} | {verdict(row)} |"
    if "ratio" not in row:
        return f"| {row['title']} | | | | | {goals}"
    return (f"| {row['title']} | {label(row['a'])} {time(row['a_ns'])} | {label(row['b'])} {time(row['b_ns'])} | {row['ratio']:.2f} | "
            f"{row['low']:.2f} to {row['high']:.2f} | {goals}")


def markdown(result):
    lines = ["# Results", "", "Written by `make bench`; README.md says how it measures. Ratios above 1 are in xgrad's favour (in the table of threads: in",
             "favour of two threads). The interval is where the median lies with 95% (bootstrap); it decides whether a goal is reached. Times are the best of the run.", ""]
    lines += [f"- {key}: {value}" for key, value in result["environment"].items()]
    if float(result["environment"]["load average at the start"].split()[0]) > 1:
        lines += ["", "Other programs kept the machine busy during this run: the rows about threads, in wall time, then say nothing of what two",
                  "threads gain."]
    for table in result["tables"]:
        lines += ["", "## " + table["title"], "", "| workload | A | B | A / B | interval | goal | aim | |", "|---|---|---|---|---|---|---|---|"]
        lines += [markdown_row(row) for row in table["rows"]]
    return "\n".join(lines) + "\n"
