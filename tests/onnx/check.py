"""Checks the models of export_cases with ONNX's checker and shape inference: check.py FOLDER"""
import json
import sys

import onnx
import onnx.checker
import onnx.shape_inference

folder = sys.argv[1]
failures = count = 0
for line in open(folder + "/cases.jsonl"):
    name = json.loads(line)["name"]
    count += 1
    try:
        model = onnx.load(f"{folder}/{name}.onnx")
        onnx.checker.check_model(model, full_check=True)
        inferred = onnx.shape_inference.infer_shapes(model, strict_mode=True)
        said = {v.name: v for v in model.graph.output}
        for v in inferred.graph.output:
            assert v.type.tensor_type.elem_type == said[v.name].type.tensor_type.elem_type, v.name
        constants = [i.name for i in model.graph.initializer]
        assert len(constants) == len(set(constants)), "an initializer's name is used twice"
    except Exception as e:
        failures += 1
        print("FAIL", name, str(e).splitlines()[0])
print(f"{count} models, {failures} wrong")
sys.exit(failures > 0)
