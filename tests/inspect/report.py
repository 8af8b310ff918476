#!/usr/bin/env python3
"""What examples/report wrote, looked at by others: the event file by protobuf's own reader, the report by a browser.

report.py FOLDER SCREENSHOT
"""
import glob
import json
import os
import struct
import subprocess
import sys
import tempfile
import zlib

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

folder, screenshot = sys.argv[1:]

# The parts of TensorFlow's messages that are read here, by its .proto files.
FIELDS = {
    "Event": [(1, "wall_time", "double"), (2, "step", "int64"), (3, "file_version", "string"), (4, "graph_def", "GraphDef"), (5, "summary", "Summary")],
    "Summary": [(1, "value", "*Value")],
    "Value": [(1, "tag", "string"), (2, "simple_value", "float"), (5, "histo", "Histogram")],
    "Histogram": [(1, "min", "double"), (2, "max", "double"), (3, "num", "double"), (6, "bucket_limit", "*double"), (7, "bucket", "*double")],
    "GraphDef": [(1, "node", "*NodeDef")],
    "NodeDef": [(1, "name", "string"), (2, "op", "string"), (3, "input", "*string")],
}


def message_classes():
    file = descriptor_pb2.FileDescriptorProto(name="events.proto", syntax="proto3")
    for name, fields in FIELDS.items():
        message = file.message_type.add(name=name)
        for number, field, kind in fields:
            one = message.field.add(name=field, number=number)
            one.label = 3 if kind.startswith("*") else 1
            kind = kind.lstrip("*")
            if kind in FIELDS:
                one.type, one.type_name = 11, "." + kind
            else:
                one.type = {"double": 1, "float": 2, "int64": 3, "string": 9}[kind]
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.MessageFactory(pool).GetPrototype(pool.FindMessageTypeByName("Event"))


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ 0x82F63B78 if crc & 1 else crc >> 1
    return crc ^ 0xFFFFFFFF


def records(path):
    data, at = open(path, "rb").read(), 0
    while at < len(data):
        (size,) = struct.unpack_from("<Q", data, at)
        for begin, end in ((at, at + 8), (at + 12, at + 12 + size)):
            crc = crc32c(data[begin:end])
            masked = ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF
            assert struct.unpack_from("<I", data, end)[0] == masked, "a wrong checksum"
        yield data[at + 12 : at + 12 + size]
        at += size + 16


def check_events():
    event_class = message_classes()
    (path,) = glob.glob(folder + "/events.out.tfevents.*")
    events = [event_class.FromString(record) for record in records(path)]
    assert events[0].file_version == "brain.Event:2"
    values = {}
    for event in events:
        for value in event.summary.value:
            values.setdefault(value.tag, []).append((event.step, value))
    for tag in ("loss/training", "loss/test", "accuracy/training", "accuracy/test", "hidden/weight"):
        assert [step for step, _ in values[tag]] == list(range(1, len(values[tag]) + 1)), tag
    for _, value in values["hidden/weight"]:
        assert value.histo.num == 64 * 784 == sum(value.histo.bucket), value.histo.num
        assert len(value.histo.bucket) == len(value.histo.bucket_limit)
    nodes = {node.name: node for event in events for node in event.graph_def.node}
    assert "conv1/weight" in nodes and all(name in nodes for node in nodes.values() for name in node.input)
    lines = open(folder + "/scalars.csv").read().splitlines()
    assert len(lines) == 1 + sum(len(v) for tag, v in values.items() if tag != "hidden/weight")
    print(len(events), "events,", len(nodes), "nodes,", len(json.load(open(folder + "/trace.json"))["traceEvents"]), "events of the trace")


def rows_of(png):
    """Rows of (red, green, blue) bytes of a PNG with 8 bits a channel."""
    at, data, width, height, channels = 8, b"", 0, 0, 0
    while at < len(png):
        (size,) = struct.unpack_from(">I", png, at)
        kind, content = png[at + 4 : at + 8], png[at + 8 : at + 8 + size]
        if kind == b"IHDR":
            width, height, depth, colour = struct.unpack_from(">IIBB", content)
            channels = {2: 3, 6: 4}[colour]
            assert depth == 8
        elif kind == b"IDAT":
            data += content
        at += 12 + size
    data, stride, before = zlib.decompress(data), width * channels, bytearray(width * channels)
    for y in range(height):
        kind, row = data[y * (stride + 1)], bytearray(data[y * (stride + 1) + 1 : (y + 1) * (stride + 1)])
        for x in range(stride):
            left, up = (row[x - channels] if x >= channels else 0), before[x]
            corner = before[x - channels] if x >= channels else 0
            if kind == 1:
                row[x] = row[x] + left & 255
            elif kind == 2:
                row[x] = row[x] + up & 255
            elif kind == 3:
                row[x] = row[x] + (left + up >> 1) & 255
            elif kind == 4:
                guess = left + up - corner
                nearest = min((left, up, corner), key=lambda v: abs(guess - v))
                row[x] = row[x] + nearest & 255
        before = row
        yield [tuple(row[x : x + 3]) for x in range(0, stride, channels)]


def check_page():
    page = os.path.abspath(folder + "/report.html")
    with tempfile.TemporaryDirectory() as profile:
        common = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--user-data-dir=" + profile]
        dom = subprocess.run(common + ["--dump-dom", "file://" + page], check=True, capture_output=True, text=True, timeout=120).stdout
        for tag in ("<svg", "<figure", "<image", "<h2"):
            assert dom.count(tag) == open(page).read().count(tag) > 0, tag + ": the browser reads another page than was written"
        subprocess.run(common + ["--window-size=1300,3600", "--screenshot=" + os.path.abspath(screenshot), "file://" + page], check=True,
                       capture_output=True, timeout=120)
    colours = {}
    for row in rows_of(open(screenshot, "rb").read()):
        for colour in row:
            colours[colour] = colours.get(colour, 0) + 1
    # White paper, the lines of the curves, the right and the wrong answers of the confusion matrix, boxes of the graph.
    total = sum(colours.values())
    assert 0.5 < colours[(255, 255, 255)] / total < 0.99, "the page is blank, or isn't white"
    for name, colour in {"curves": (0x21, 0x66, 0xAC), "second curves": (0xE0, 0x82, 0x14), "operations": (0xE6, 0xEF, 0xF8), "parameters": (0xE8, 0xF3, 0xE6)}.items():
        assert colours.get(colour, 0) > 200, name + " are not in the picture"
    print("the browser shows", len(colours), "colours:", screenshot)


check_events()
check_page()
