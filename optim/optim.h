// Optimizers and learning-rate schedulers.
#pragma once

#include <xgrad/optim/adadelta.h>
#include <xgrad/optim/adafactor.h>
#include <xgrad/optim/adagrad.h>
#include <xgrad/optim/adam.h>
#include <xgrad/optim/adamax.h>
#include <xgrad/optim/adamw.h>
#include <xgrad/optim/asgd.h>
#include <xgrad/optim/averaged_parameters.h>
#include <xgrad/optim/lamb.h>
#include <xgrad/optim/lbfgs.h>
#include <xgrad/optim/lion.h>
#include <xgrad/optim/lookahead.h>
#include <xgrad/optim/lr_scheduler/step_lr.h>
#include <xgrad/optim/muon.h>
#include <xgrad/optim/nadam.h>
#include <xgrad/optim/radam.h>
#include <xgrad/optim/rmsprop.h>
#include <xgrad/optim/rprop.h>
#include <xgrad/optim/sgd.h>
#include <xgrad/optim/sparse_adam.h>
