"""What NumPy writes, for tests/io/numpy.cpp: record_arrays.py FOLDER."""
import os
import sys

import numpy as np

os.chdir(sys.argv[1])
table = np.arange(6).reshape(2, 3)
arrays = {
    "float32": table.astype("<f4") / 4, "float64": table.astype("<f8") / 3, "float16": table.astype("<f2") / 4, "int64": table * 2**40,
    "int32": -table.astype("<i4"), "int16": table.astype("<i2") * -1000, "int8": table.astype("i1") - 3, "uint8": table.astype("u1") + 250,
    "bool": table % 2 == 0, "uint16": (table + 65530).astype("<u2"), "uint32": (table + 2**32 - 6).astype("<u4"), "scalar": np.array(2.5),
    "empty": np.zeros((0, 3), "<f4"), "layer.0.weight": np.ones((1, 1, 2), "<f4"),
}
np.savez("plain.npz", **arrays)
np.savez_compressed("compressed.npz", **arrays)
np.save("fortran.npy", np.asfortranarray(table.astype("<f4")))
np.save("big_endian.npy", table.astype(">f8"))
np.save("row.npy", np.arange(3, dtype=">i2"))
np.save("objects.npy", np.array([None, "text"], dtype=object))
for name, array in {"complex": np.ones(2, "<c8"), "strings": np.array(["a", "bc"]), "uint64": np.ones(2, "<u8"),
                    "dates": np.zeros(2, "<M8[s]"), "records": np.zeros(2, [("a", "<f4"), ("b", "<i4")])}.items():
    np.save(name + ".npy", array)
with open("version2.npy", "wb") as file:
    np.lib.format.write_array(file, table.astype("<f4"), version=(2, 0))
