// What a training loop needs beside the model: progress, metrics, stopping, penalties, splits, standardisation. Not part of <xgrad/xgrad.h>.
#pragma once

#include <xgrad/train/metrics/metrics.h>
#include <xgrad/train/penalty.h>
#include <xgrad/train/progress.h>
#include <xgrad/train/split.h>
#include <xgrad/train/standardize.h>
#include <xgrad/train/stopping.h>
