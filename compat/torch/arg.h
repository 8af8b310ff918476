#pragma once

#include <torch/namespaces.h>
#include <xgrad/io/fields.h>
