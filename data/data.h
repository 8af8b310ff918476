// Datasets, samplers, transforms and loaders.
#pragma once

#include <xgrad/data/dataloader.h>
#include <xgrad/data/datasets/chunk.h>
#include <xgrad/data/datasets/concat.h>
#include <xgrad/data/datasets/map.h>
#include <xgrad/data/datasets/mnist.h>
#include <xgrad/data/datasets/shared.h>
#include <xgrad/data/datasets/subset.h>
#include <xgrad/data/datasets/tensor.h>
#include <xgrad/data/idx.h>
#include <xgrad/data/samplers/distributed.h>
#include <xgrad/data/samplers/sequential.h>
#include <xgrad/data/transforms/image.h>
#include <xgrad/data/transforms/lambda.h>
#include <xgrad/data/transforms/stack.h>
#include <xgrad/data/transforms/tensor.h>
