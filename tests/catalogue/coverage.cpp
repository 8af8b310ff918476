// Every public operation is in the catalogue.
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>

#include <doctest/doctest.h>

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch::catalogue {

namespace {

// Functions that are no operations on values with a derivative or a PyTorch counterpart of their own.
const std::map<std::string, std::string> kExempt = {
    {"tensor", "a literal, which every test uses"},
    {"scalar_tensor", "tested in tests/autograd/conversion.cpp"},
    {"from_blob", "tested in tests/autograd/conversion.cpp"},
    {"index_put_", "tested in tests/autograd/indexing.cpp"},
    {"gammainc", "torch::special's name of igamma"},
    {"gammaincc", "torch::special's name of igammac"},
    {"multigammaln", "torch::special's name of mvlgamma"},
    {"gammainc_out", "torch::special's name of igamma_out: samples of out_forms"},
    {"gammaincc_out", "torch::special's name of igammac_out"},
    {"logit_out", "samples of out_forms"},
    {"multigammaln_out", "torch::special's name of mvlgamma_out"},
    {"polygamma_out", "torch::special's name of special_polygamma_out"},
    {"logsumexp_out", "torch::special's name of special_logsumexp_out"},
    {"special_round", "torch::special's name of round"},
    {"special_round_out", "samples of out_forms"},
    {"dropout_", "its stream is compared with PyTorch's in tests/autograd/random_streams.cpp"},
    {"alpha_dropout_", "tested in tests/nn/layers.cpp"},
    {"feature_dropout_", "tested in tests/nn/layers.cpp"},
    {"feature_alpha_dropout_", "tested in tests/nn/layers.cpp"},
    {"rrelu_", "tested in tests/nn/layers.cpp"},
    {"rrelu_with_noise_", "rrelu_with_noise in place: samples of it"},
    {"from_file", "tested in tests/autograd/from_file.cpp"},
    {"nll_loss2d", "nll_loss of images: samples of nll_loss"},
    {"nll_loss_nd", "another name of nll_loss"},
    {"rand", "its stream is compared with PyTorch's in tests/autograd/random_streams.cpp"},
    {"rand_like", "its stream is compared with PyTorch's in tests/autograd/random_streams.cpp"},
    {"randint", "its stream is compared with PyTorch's in tests/autograd/random_streams.cpp"},
    {"randint_like", "its stream is compared with PyTorch's in tests/autograd/random_streams.cpp"},
    {"randn", "its stream is compared with PyTorch's in tests/autograd/random_streams.cpp"},
    {"randn_like", "its stream is compared with PyTorch's in tests/autograd/random_streams.cpp"},
    {"randperm", "its stream is compared with PyTorch's in tests/autograd/random_streams.cpp"},
    {"set_winograd_enabled", "no operation: tested in tests/autograd/winograd.cpp"},
    {"winograd_enabled", "no operation: tested in tests/autograd/winograd.cpp"},
    {"floating", "internal: elementwise functions that turn integers into floating numbers are tested with it"},
    {"zero_slope", "internal: derivative of what goes in steps, tested with it"},
};

// The names that lines of the headers in a folder declare, as the first group of `declaration` behind `prefix`, and the header of each.
void add_names(std::map<std::string, std::string>& names, const char* folder, const std::regex& declaration, const std::string& prefix = "") {
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
    if (file.path().extension() != ".h") continue;
    std::ifstream in(file.path());
    std::smatch match;
    for (std::string line; std::getline(in, line);)
      if (std::regex_search(line, match, declaration) && match[1] != "operator") names[prefix + match[1].str()] = file.path().filename();
  }
}

// The entries of the list of operations, what is declared with XGRAD_API or inline in the headers of operations, and those of linalg.h.
std::map<std::string, std::string> exported_functions() {
  std::map<std::string, std::string> names;
  add_names(names, XGRAD_SOURCE_DIR "/autograd/tensor/operations", std::regex(R"(^\w[\w:<>, ]* (\w+)\(.*\bXGRAD_SELF)"));
  add_names(names, XGRAD_SOURCE_DIR "/autograd/ops", std::regex(R"(^(?:XGRAD_API|inline)\s+[\w:<>,&*\s]*?[\s&*>](\w+)\()"));
  add_names(names, XGRAD_SOURCE_DIR "/autograd/ops", std::regex(R"(^XGRAD_LINALG\((\w+),)"), "linalg_");
  add_names(names, XGRAD_SOURCE_DIR "/autograd/ops", std::regex(R"(^XGRAD_POLYNOMIAL\((\w+)\))"), "special_");
  return names;
}

}  // namespace

TEST_CASE("every exported operation has an entry in the catalogue") {
  std::set<std::string> present;
  for (const Entry* entry : entries()) {
    CHECK_MESSAGE(present.insert(entry->name()).second, std::string(entry->name()), " has two entries");
    const Samples samples = entry->samples();
    CHECK_MESSAGE(!samples.samples().empty(), std::string(entry->name()), " has no samples");
  }
  const auto exported = exported_functions();
  CHECK(exported.count("matmul"));
  CHECK(exported.count("slogdet"));
  CHECK(exported.count("where"));
  CHECK(exported.count("var_mean"));
  CHECK(exported.count("swapaxes"));
  CHECK_FALSE(exported.count("gy"));
  std::string missing;
  for (const auto& [name, file] : exported)
    if (!kExempt.count(name) && !present.count(name)) missing += " " + name + " (" + file + ")";
  CHECK_MESSAGE(missing.empty(), "without an entry in the catalogue:", missing);
  for (const auto& exempt : kExempt) CHECK_MESSAGE(exported.count(exempt.first), exempt.first, " is exempt but not exported any more");
}

}  // namespace torch::catalogue
