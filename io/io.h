// Saving and loading.
#pragma once

#include <xgrad/io/archive.h>
#include <xgrad/io/checkpoint_folder.h>
#include <xgrad/io/image.h>
#include <xgrad/io/numpy/numpy.h>
#include <xgrad/io/onnx/onnx.h>
#include <xgrad/io/safetensors.h>
#include <xgrad/io/safetensors/file.h>
#include <xgrad/io/serialize.h>
#include <xgrad/io/tensor_files.h>
