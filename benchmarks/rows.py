"""What is compared, and the goals."""
from dataclasses import dataclass


KEPT = ", memory kept"  # run with a malloc that gives nothing back to the system


@dataclass(frozen=True)
class Row:
    name: str            # also selects it: make bench ONLY=name
    title: str
    a: tuple             # (program, workload, threads); the figure is its time divided by b's. A program's name may end in KEPT
    b: tuple
    goal: float          # 0: for comparison only
    aim: float
    scale: float = 1.0   # times the ratio of times: for work done at once by several threads
    operations: int = 1  # in a repetition
    same: bool = True    # a and b must reach the same numbers
    wall: bool = False   # counts wall time with one thread too: for what waits for a disk


MLPS = {  # workload: title, goal and aim against libtorch, goal and aim against code by hand
    "mlp_2_16_16_2": ("MLP 2-16-16-2, batch 32, SGD with momentum", 12, 25, 0.3, 0.5),
    "mlp_4_32_16_4": ("MLP 4-32-16-4 tanh, batch 32, Adam", 15, 30, 0.3, 0.5),
    "mlp_40_100_100_10": ("MLP 40-100-100-10, batch 1, Adam", 8, 15, 0.3, 0.5),
    "mlp_784_128_10": ("MLP 784-128-10, batch 64, Adam", 2.5, 3, 0.8, 0.95),
    "mlp_784_512_256_10": ("MLP 784-512-256-10, batch 128, Adam", 1.8, 2, 0.8, 0.95),
    "mlp_1024_1024_1024": ("MLP 1024-1024-1024 tanh, batch 256, Adam", 1.3, 1.5, 0.8, 0.95),
}


def against_libtorch(name, title, goal, aim, operations=1):
    return Row(name, title, ("libtorch", name, 1), ("xgrad", name, 1), goal, aim, operations=operations)


LIBTORCH = [
    against_libtorch("chain", "y = y*a + a on 8 floats, no grad, per operation", 6, 12, 100),
    against_libtorch("chain_backward", "the same, forward and backward, per operation", 15, 25, 100),
    against_libtorch("tanh_products", "tanh(h @ w), 16x16, 50 deep, forward and backward", 8, 15),
    *(against_libtorch(name, m[0] + ", whole step", m[1], m[2]) for name, m in MLPS.items()),
    against_libtorch("adam_100x100", "Adam, 100 tensors of 100", 60, 150),
    against_libtorch("adam_10m", "Adam, one tensor of 10M", 4, 6),
    against_libtorch("rmsprop_100x100", "RMSprop, 100 tensors of 100", 60, 150),
    against_libtorch("adagrad_100x100", "Adagrad, 100 tensors of 100", 30, 100),
    against_libtorch("lbfgs", "L-BFGS with strong Wolfe, Rosenbrock of 100, 20 iterations", 8, 15),
    against_libtorch("elementwise_1m", "exp(tanh(x)*x + sigmoid(x)) on 1M floats, forward and backward", 4, 6),
    against_libtorch("cross_entropy", "cross-entropy on 4096x1000, forward and backward", 2.5, 4),
]

IMAGES = [
    against_libtorch("cnn", "CNN 1-32-64 3x3, pool, 9216-128-10, batch 64, Adam", 1.8, 2.5),
    against_libtorch("lenet_64", "LeNet-5, batch 64, SGD", 3, 5),
    against_libtorch("lenet_1", "LeNet-5, batch 1, SGD", 6, 10),
    against_libtorch("residual_net", "residual net 16-32-64, three blocks, 32x32, batch 16, SGD", 1.6, 2.5),
    against_libtorch("conv2d", "conv2d 64-64 3x3 on 32x32, batch 8, forward and backward", 1.2, 1.8),
    against_libtorch("conv2d_forward", "the same, forward alone", 1.1, 1.8),
    against_libtorch("depthwise", "depthwise 64 3x3 on 32x32, batch 8, forward and backward", 1.5, 2.5),
    against_libtorch("conv1d", "conv1d 32-64, 5 wide, length 256, batch 16, forward and backward", 1.5, 2),
    against_libtorch("conv_transpose2d", "conv_transpose2d 32-16 4x4 stride 2 on 16x16, batch 8, forward and backward", 1.2, 1.8),
    against_libtorch("max_pool2d", "max_pool2d 2x2 of 64x64x32x32, forward and backward", 4, 8),
    against_libtorch("avg_pool2d", "avg_pool2d 2x2 of 64x64x32x32, forward and backward", 2, 8),
    against_libtorch("batch_norm2d", "batch_norm of 8x64x32x32, forward and backward", 1.8, 2.5),
    against_libtorch("layer_norm", "layer_norm of 512x256, forward and backward", 1.5, 2.5),
    against_libtorch("group_norm", "group_norm of 8x64x32x32, 8 groups, forward and backward", 1.5, 2.5),
]

SEQUENCES = [
    against_libtorch("lstm", "LSTM 64-128, batch 32, 50 steps, and Linear, Adam", 2, 3),
    against_libtorch("gru", "GRU 16-32, batch 16, 30 steps, and Linear, Adam", 8, 15),
    against_libtorch("lstm_cell", "LSTMCell 16-32, batch 8, 20 steps by hand, and Linear, Adam", 8, 15),
    against_libtorch("encoder_layer", "TransformerEncoderLayer 128, 4 heads, 512 wide, batch 8 x 64, forward and backward", 1.4, 2),
    against_libtorch("multihead_attention", "MultiheadAttention 32, 4 heads, batch 4 x 16, forward and backward", 5, 10),
    against_libtorch("causal_attention", "causal attention, 8 heads of 64, length 1024, forward and backward", 1.5, 3),
    against_libtorch("embedding", "embedding 1000x64, 32x16 tokens, mean, Linear, Adam", 2.5, 5),
    Row("embedding_1m", "embedding 1M x 64, 512 rows, SGD: gradient in rows against libtorch's dense one", ("libtorch", "embedding_1m_dense", 1),
        ("xgrad", "embedding_1m_rows", 1), 50, 200),
    against_libtorch("embedding_1m_rows", "the same, against libtorch's in rows", 1, 2),
]

# Derivatives by the inputs of a net 10-64-64-10 of 256 rows and of 3-64-64-1 of 1024, tanh.
DERIVATIVES = [
    against_libtorch("batch_jacobian", "Jacobian of every row, against libtorch's loop of ten gradients", 2, 3),
    against_libtorch("laplacian", "Laplacian, against libtorch's loop of gradients", 5, 8),
    against_libtorch("hvp", "product of the Hessian with a vector", 2, 3),
    Row("jacobian_in_gradients", "xgrad: Jacobian of every row, against ten gradients of the batch", ("xgrad", "ten_gradients", 1),
        ("xgrad", "batch_jacobian", 1), 1 / 1.5, 1),
    Row("hvp_in_gradients", "xgrad: product of the Hessian with a vector, against one gradient", ("xgrad", "gradient", 1), ("xgrad", "hvp", 1), 1 / 2.5,
        1 / 2, same=False),
]

def replayed(name, title, goal, aim):
    return Row("replayed_" + name, title + ", compiled", ("libtorch", name, 1), ("xgrad", "replayed_" + name, 1), goal, aim)


# Steps that compile() recorded, against libtorch's as they are written.
REPLAYED = [
    replayed("mlp_2_16_16_2", MLPS["mlp_2_16_16_2"][0], 40, 50),
    replayed("mlp_4_32_16_4", MLPS["mlp_4_32_16_4"][0], 45, 60),
    replayed("mlp_40_100_100_10", MLPS["mlp_40_100_100_10"][0], 20, 25),
    replayed("mlp_784_128_10", MLPS["mlp_784_128_10"][0], 2.5, 3),
    replayed("gru", "GRU 16-32, batch 16, 30 steps, and Linear, Adam", 15, 25),
    replayed("lstm_cell", "LSTMCell 16-32, batch 8, 20 steps by hand, and Linear, Adam", 15, 25),
    replayed("pinn", "2-20-20-1 tanh for Burgers' equation, second derivative, 256 points, Adam", 20, 40),
    replayed("elementwise_1m", "exp(tanh(x)*x + sigmoid(x)) on 1M floats, forward and backward", 8, 12),
    replayed("controller", "MLP 4-32-16-4 tanh, one input, forward alone", 20, 40),
    replayed("lenet_1", "LeNet-5, batch 1, SGD", 8, 12),
    replayed("cnn", "CNN 1-32-64 3x3, pool, 9216-128-10, batch 64, Adam", 1.8, 2.5),
]

# libtorch's temporaries come from malloc, which returns large ones to the system; what their page faults cost is the system's affair, and
# differs between machines by a factor of twenty. A program that tells malloc to keep its memory runs without.
LIBTORCH_KEPT = [Row("kept_" + row.name, row.title, (row.a[0] + KEPT, *row.a[1:]), row.b, 0, 0, operations=row.operations)
                 for row in LIBTORCH + IMAGES + SEQUENCES if not row.name.startswith(("chain", "tanh"))]

BY_HAND_REPLAYED = [Row("hand_replayed_" + name, MLPS[name][0] + ", compiled", ("by_hand", name, 1), ("xgrad", "replayed_" + name, 1), 1 / 1.15, 1)
                    for name in ("mlp_2_16_16_2", "mlp_4_32_16_4", "mlp_40_100_100_10", "mlp_784_128_10")]
BY_HAND = [Row("hand_" + name, m[0], ("by_hand", name, 1), ("xgrad", name, 1), m[3], m[4]) for name, m in MLPS.items()]

# Bytes that a step moves for each element: parameter, gradient, state, twice where the change depends on all elements, Adafactor's gradient
# three times. The triad's are 16.
STEP_BYTES = {"adam": 28, "sgd": 20, "rmsprop": 20, "adagrad": 20, "adadelta": 28, "adamax": 28, "nadam": 28, "radam": 28, "asgd": 20, "rprop": 28,
              "lion": 20, "lamb": 40, "adafactor": 24}
BANDWIDTH = [Row(f"triad_{name}", f"{name}, one tensor of 10M: share of the triad's bandwidth", ("by_hand", "triad_10m", 1), ("xgrad", f"{name}_10m", 1),
                 0.75, 0.9, scale=moved / 16, same=False) for name, moved in STEP_BYTES.items()]


def one_against_two(program, name, title, goal, aim, operations=1):
    prefix = "threads_" if program == "xgrad" else "threads_libtorch_"
    return Row(prefix + name, f"{program}: {title}", (program, name, 1), (program, name, 2), goal, aim, operations=operations)


def host_threads(program, goal, aim):
    return Row("hosts" if program == "xgrad" else "hosts_" + program, f"{program}: two host threads, each training MLP 4-32-16-4, against one",
               (program, "hosts_1", 1), (program, "hosts_2", 1), goal, aim, scale=2, same=False)


# Nothing may be slower with two threads than with one.
THREADS = [
    *(one_against_two("xgrad", row.name, row.title, *((1.5, 1.8) if row.name == "mlp_784_512_256_10" else (1, 1)), row.operations) for row in LIBTORCH),
    *(one_against_two("xgrad", row.name, row.title, 1.6, 1.9) for row in IMAGES if row.name in ("cnn", "residual_net", "conv2d", "max_pool2d")),
    *(one_against_two("xgrad", row.name, row.title, *((1.5, 1.9) if row.name in ("lstm", "causal_attention") else (1, 1))) for row in SEQUENCES
      if not row.name.startswith("embedding")),
    one_against_two("libtorch", "mlp_784_512_256_10", MLPS["mlp_784_512_256_10"][0], 0, 0),
    host_threads("xgrad", 1.7, 1.9),
    host_threads("libtorch", 0, 0),
]


def last_thousand(program, goal, aim):
    return Row("vanished" if program == "xgrad" else "vanished_" + program,
               f"{program}: MLP 40-100-100-10, batch 1, Adam, 30,000 steps without a gradient: the first thousand against the last",
               (program, "vanished_first", 1), (program, "vanished_last", 1), goal, aim, same=False)


def ten_times(program, name, few, title, goal, aim):
    return Row(name if program == "xgrad" else f"{name}_{program}", f"{program}: {title}", (program, f"{name}_{few}", 1), (program, f"{name}_{10 * few}", 1),
               goal, aim, scale=10, same=False)


# What stays as it was: 1 is no slower.
GROWTH = [
    last_thousand("xgrad", 0.9, 1),
    last_thousand("libtorch", 0, 0),
    ten_times("xgrad", "wide", 10000, "a module of 100,000 parameters saved, loaded and walked: ten times one of 10,000 against it", 0.5, 0.8),
    ten_times("xgrad", "deep", 1000, "modules one inside the other, 10,000 deep, saved, loaded and walked: ten times 1000 against it", 0.5, 0.8),
]


def loader(name, what, workers):
    return Row(f"{name}_{workers}", f"an epoch of {what} by a loader with {workers} workers, against a loop over the same calls",
               ("xgrad", name + "_by_hand", max(workers, 1)), ("xgrad", f"{name}_{workers}", max(workers, 1)), 0.95, 1)


# What a loader loses: 1 is nothing. With workers wall time counts.
LOADING = [loader(name, what, workers) for workers in (0, 2) for name, what in
           (("loader", "60,000 pairs of views in batches of 64"), ("loader_tensors", "60,000 stacked rows of 8 floats"))]

# Ten tensors of 40 MB, to the disk by a program that owns the folder it is started in, and back from the page cache: at most 1.3 times cp.
SAVING = [Row("save_400mb", "400 MB saved, synced and in the old file's place, against cp and sync", ("by_hand", "copy_400mb_synced", 2),
              ("xgrad", "save_400mb", 2), 1 / 1.3, 1, same=False, wall=True),
          Row("load_400mb", "400 MB loaded, against cp", ("by_hand", "copy_400mb", 2), ("xgrad", "load_400mb", 2), 1 / 1.3, 1, same=False, wall=True),
          Row("save_400mb_libtorch", "libtorch: 400 MB saved, without sync", ("libtorch", "save_400mb", 2), ("xgrad", "save_400mb", 2), 0, 0, wall=True),
          Row("load_400mb_libtorch", "libtorch: 400 MB loaded", ("libtorch", "load_400mb", 2), ("xgrad", "load_400mb", 2), 0, 0, wall=True)]

# Another build's worker_xgrad (run.py --before) against this one's: nothing may become slower.
BEFORE = [Row("before_" + row.name, row.title, ("before", *row.b[1:]), row.b, 0.97, 1, operations=row.operations, same=row.same)
          for row in LIBTORCH + IMAGES + SEQUENCES + DERIVATIVES + REPLAYED + BANDWIDTH if row.a[0] != "xgrad"]

TABLES = [("libtorch's time divided by xgrad's, one thread", LIBTORCH), ("Images: the same", IMAGES), ("Sequences: the same", SEQUENCES),
          ("Derivatives of networks by their inputs, one thread", DERIVATIVES),
          ("The same where libtorch's malloc keeps its memory", LIBTORCH_KEPT),
          ("Compiled steps: libtorch's time divided by xgrad's, one thread", REPLAYED),
          ("Against code written by hand, one thread", BY_HAND + BY_HAND_REPLAYED), ("Optimizers at the memory's limit, one thread", BANDWIDTH),
          ("Two threads against one", THREADS), ("Long training and large modules", GROWTH), ("Loaders of cheap datasets", LOADING), ("Files", SAVING),
          ("Before, one thread", BEFORE)]
