// Metrics.
#pragma once

#include <xgrad/train/metrics/classification.h>
#include <xgrad/train/metrics/moments.h>
#include <xgrad/train/metrics/ranking.h>
