// What a training loop needs beside the model: progress, metrics, stopping, penalties, splits, standardisation. Not part of <xgrad/xgrad.h>:
// many a program that says `using namespace torch` has a function train() of its own, which a namespace of that name would be confused with.
#pragma once

#include <xgrad/train/metrics/metrics.h>
#include <xgrad/train/penalty.h>
#include <xgrad/train/progress.h>
#include <xgrad/train/split.h>
#include <xgrad/train/standardize.h>
#include <xgrad/train/stopping.h>
