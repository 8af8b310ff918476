// Recommends films by matrix factorisation: a table read from text, embeddings with biases, evaluation by rank.
#include <torch/torch.h>

#include <algorithm>
#include <cstdio>
#include <iomanip>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

static const char* const kRatings =
    "user,film,stars\n"
    "ann,alien,5\nann,brazil,4\nann,casablanca,1\nbob,alien,4\nbob,dune,5\nbob,emma,1\ncid,casablanca,5\ncid,emma,4\ncid,alien,1\n"
    "dee,emma,5\ndee,casablanca,4\ndee,dune,2\neve,brazil,5\neve,dune,4\neve,casablanca,2\nfay,emma,5\nfay,alien,2\nfay,brazil,1\n";

struct Rating {
  int64_t user, film;
  float stars;
};

class Table {
 public:
  explicit Table(std::istream& csv) {
    std::string line;
    std::getline(csv, line);
    while (std::getline(csv, line)) {
      std::stringstream fields(line);
      std::string user, film, stars;
      std::getline(fields, user, ',');
      std::getline(fields, film, ',');
      std::getline(fields, stars, ',');
      ratings.push_back({id(users, user), id(films, film), std::stof(stars)});
    }
  }
  static int64_t id(torch::OrderedDict<std::string, int64_t>& names, const std::string& name) {
    if (auto* found = names.find(name)) return *found;
    return names.insert(name, static_cast<int64_t>(names.size()));
  }
  torch::OrderedDict<std::string, int64_t> users{"user"}, films{"film"};
  std::vector<Rating> ratings;
};

// Batches without Example: a dataset whose batch is a struct of three tensors.
struct Batch {
  torch::Tensor users, films, stars;
};

class RatingsDataset : public torch::data::datasets::BatchDataset<RatingsDataset, Batch> {
 public:
  explicit RatingsDataset(std::vector<Rating> ratings) : ratings_(std::move(ratings)) {}
  Batch get_batch(torch::ArrayRef<size_t> request) override {
    std::vector<int64_t> users, films;
    std::vector<float> stars;
    for (size_t i : request) {
      users.push_back(ratings_[i].user);
      films.push_back(ratings_[i].film);
      stars.push_back(ratings_[i].stars);
    }
    return {torch::tensor(users), torch::tensor(films), torch::tensor(stars)};
  }
  torch::optional<size_t> size() const override { return ratings_.size(); }

 private:
  std::vector<Rating> ratings_;
};

class FactorizationImpl : public torch::nn::Module {
 public:
  FactorizationImpl(int64_t users, int64_t films, int64_t factors, double mean)
      : user_factors(register_module("user_factors", torch::nn::Embedding(users, factors))),
        film_factors(register_module("film_factors", torch::nn::Embedding(films, factors))),
        user_bias(register_module("user_bias", torch::nn::Embedding(users, 1))),
        film_bias(register_module("film_bias", torch::nn::Embedding(films, 1))),
        mean(register_buffer("mean", torch::tensor(mean, torch::kFloat))) {
    for (auto& item : named_parameters()) {
      if (item.key().find("bias") != std::string::npos) torch::nn::init::zeros_(item.value());
      else torch::nn::init::normal_(item.value(), 0, 0.3);
    }
  }
  torch::Tensor forward(torch::Tensor users, torch::Tensor films) {
    auto dot = (user_factors(users) * film_factors(films)).sum(-1);
    return mean + dot + user_bias(users).squeeze(-1) + film_bias(films).squeeze(-1);
  }
  torch::Tensor scores() { return torch::addmm(film_bias->weight.t() + mean, user_factors->weight, film_factors->weight.t()) + user_bias->weight; }

 private:
  torch::nn::Embedding user_factors, film_factors, user_bias, film_bias;
  torch::Tensor mean;
};
TORCH_MODULE(Factorization);

int main() {
  torch::manual_seed(8);
  std::istringstream csv(kRatings);
  Table table(csv);
  double sum = 0;
  for (const auto& r : table.ratings) sum += r.stars;
  std::cout << table.users.size() << " users, " << table.films.size() << " films: " << table.films.keys() << ", mean " << std::fixed
            << std::setprecision(3) << sum / static_cast<double>(table.ratings.size()) << "\n";
  Factorization model(table.users.size(), table.films.size(), 3, sum / static_cast<double>(table.ratings.size()));
  auto loader = torch::data::make_data_loader<torch::data::samplers::RandomSampler>(RatingsDataset(table.ratings), 6);
  torch::optim::Adagrad optimizer(model->parameters(), torch::optim::AdagradOptions(0.15).weight_decay(0.01).initial_accumulator_value(0.1));
  for (int epoch = 1; epoch <= 10; ++epoch) {
    double squares = 0;
    for (auto& batch : *loader) {
      auto loss = torch::mse_loss(model(batch.users, batch.films), batch.stars, torch::Reduction::Sum);
      optimizer.zero_grad();
      loss.backward();
      optimizer.step();
      squares += loss.item<double>();
    }
    if (epoch % 5 == 0 || epoch == 1)
      std::cout << "epoch " << epoch << " rmse " << std::sqrt(squares / static_cast<double>(table.ratings.size())) << "\n";
  }
  torch::NoGradGuard no_grad;
  auto scores = model->scores();
  auto seen = torch::zeros_like(scores, torch::kBool);
  for (const auto& r : table.ratings) seen.index_put_({r.user, r.film}, true);
  std::cout << scores.sizes() << " " << seen.sum().item<int>() << "\n";
  auto order = scores.masked_fill(seen, -INFINITY).argsort(1, /*descending=*/true);
  for (const auto& user : table.users) {
    const auto best = order[user.value()][0].item<int64_t>();
    std::cout << user.key() << " should see a film they haven't: " << !seen[user.value()][best].item<bool>() << "\n";
  }
}
