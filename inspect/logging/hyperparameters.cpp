#include <xgrad/inspect/logging/hyperparameters.h>

#include <xgrad/inspect/escape.h>

namespace torch { inline namespace xgrad { namespace inspect {

using io::ProtobufMessage;

namespace {

// Fields of HParamsPluginData.
enum : uint32_t { kExperiment = 2, kSessionStart = 3, kSessionEnd = 4 };

// google.protobuf.Value.
ProtobufMessage setting_message(const SummaryWriter::Setting& setting) {
  if (const bool* b = std::get_if<bool>(&setting)) return ProtobufMessage().integer(4, *b);
  if (const double* x = std::get_if<double>(&setting)) return ProtobufMessage().number(2, *x);
  return ProtobufMessage().bytes(3, valid_utf8(std::get<std::string>(setting)));
}

int64_t setting_type(const SummaryWriter::Setting& setting) {
  constexpr int64_t kString = 1, kBool = 2, kFloat64 = 3;  // DataType
  return std::holds_alternative<bool>(setting) ? kBool : std::holds_alternative<double>(setting) ? kFloat64 : kString;
}

}  // namespace

std::vector<std::pair<std::string, ProtobufMessage>> hyperparameter_sessions(const std::map<std::string, SummaryWriter::Setting>& settings,
                                                                             const std::map<std::string, double>& metrics, double now) {
  ProtobufMessage experiment, start;
  for (const auto& [name, setting] : settings) {
    const std::string key = valid_utf8(name);
    experiment.message(4, ProtobufMessage().bytes(1, key).integer(4, setting_type(setting)));
    start.message(1, ProtobufMessage().bytes(1, key).message(2, setting_message(setting)));
  }
  for (const auto& [name, value] : metrics) experiment.message(5, ProtobufMessage().message(1, ProtobufMessage().bytes(2, valid_utf8(name))));
  constexpr int64_t kSuccess = 1;  // Status
  return {{"_hparams_/experiment", ProtobufMessage().message(kExperiment, experiment)},
          {"_hparams_/session_start_info", ProtobufMessage().message(kSessionStart, start.number(5, now))},
          {"_hparams_/session_end_info", ProtobufMessage().message(kSessionEnd, ProtobufMessage().integer(1, kSuccess).number(2, now))}};
}

}}}  // namespace torch::xgrad::inspect
