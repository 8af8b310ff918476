// The bytes of a safetensors file: 8 bytes that hold the length of a JSON header, the header, the elements of all
// tensors one after the other. Format: github.com/huggingface/safetensors.
#pragma once

#include <cstddef>
#include <string>

#include <xgrad/io/file.h>
#include <xgrad/io/safetensors.h>

namespace torch { inline namespace xgrad { namespace io {

/// Gives the bytes of a file to `sink`. `name` stands for the file in errors.
void write_layout(const NamedTensors& tensors, const Metadata& metadata, const std::string& name, const Sink& sink);

/// Tensors and metadata of the bytes of a file.
NamedTensors read_layout(const char* bytes, size_t size, const std::string& name, Metadata* metadata);

}}}  // namespace torch::xgrad::io
