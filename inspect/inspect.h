// What shows a training: logs for TensorBoard and others, pictures, reports and profiles. Link with xgrad::inspect.
#pragma once

#include <xgrad/inspect/graph/graph.h>
#include <xgrad/inspect/histogram.h>
#include <xgrad/inspect/logging/line_log.h>
#include <xgrad/inspect/logging/scalar_history.h>
#include <xgrad/inspect/logging/scalar_log.h>
#include <xgrad/inspect/logging/summary_writer.h>
#include <xgrad/inspect/picture/diagram.h>
#include <xgrad/inspect/picture/panels.h>
#include <xgrad/inspect/picture/picture.h>
#include <xgrad/inspect/profile/profile.h>
#include <xgrad/inspect/report/report.h>
#include <xgrad/inspect/summary/summary.h>
#include <xgrad/inspect/table.h>
