// What TensorBoard's tab of hyperparameters reads. Internal.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include <xgrad/inspect/logging/summary_writer.h>
#include <xgrad/io/protobuf.h>

namespace torch { inline namespace xgrad { namespace inspect {

/// The three messages of a run by their tags: what there is, its beginning with the settings, its end (tensorboard/plugins/hparams/api.proto and
/// plugin_data.proto).
std::vector<std::pair<std::string, io::ProtobufMessage>> hyperparameter_sessions(const std::map<std::string, SummaryWriter::Setting>& settings,
                                                                                 const std::map<std::string, double>& metrics, double now);

}}}  // namespace torch::xgrad::inspect
