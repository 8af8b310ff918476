// Saving and loading.
#pragma once

#include <xgrad/io/archive.h>
#include <xgrad/io/checkpoint_folder.h>
#include <xgrad/io/image.h>
#include <xgrad/io/safetensors.h>
#include <xgrad/io/serialize.h>
