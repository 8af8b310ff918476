// Optimizers and learning-rate schedulers.
#pragma once

#include <xgrad/optim/adagrad.h>
#include <xgrad/optim/adam.h>
#include <xgrad/optim/adamw.h>
#include <xgrad/optim/lr_scheduler/combined.h>
#include <xgrad/optim/lr_scheduler/cosine_annealing.h>
#include <xgrad/optim/lr_scheduler/cycles.h>
#include <xgrad/optim/lr_scheduler/factor_lr.h>
#include <xgrad/optim/lr_scheduler/lambda_lr.h>
#include <xgrad/optim/lr_scheduler/reduce_on_plateau_scheduler.h>
#include <xgrad/optim/lr_scheduler/step_lr.h>
#include <xgrad/optim/sgd.h>
#include <xgrad/optim/sparse_adam.h>
