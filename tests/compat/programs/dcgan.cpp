// A generative adversarial network on tiny images, after the tutorial of the C++ frontend: checkpoints and all.
#include <torch/torch.h>

#include <cmath>
#include <cstdio>
#include <iostream>
#include <sstream>

const int64_t kNoiseSize = 8;
const int64_t kBatchSize = 8;
const int64_t kNumberOfSteps = 4;
const int64_t kCheckpointEvery = 2;

using namespace torch;

struct DCGANGeneratorImpl : nn::Module {
  DCGANGeneratorImpl(int kNoiseSize)
      : conv1(nn::ConvTranspose2dOptions(kNoiseSize, 16, 3).bias(false)),
        batch_norm1(16),
        conv2(nn::ConvTranspose2dOptions(16, 8, 3).stride(2).padding(1).bias(false)),
        batch_norm2(8),
        conv3(nn::ConvTranspose2dOptions(8, 1, 4).stride(2).padding(1).bias(false)) {
    register_module("conv1", conv1);
    register_module("conv2", conv2);
    register_module("conv3", conv3);
    register_module("batch_norm1", batch_norm1);
    register_module("batch_norm2", batch_norm2);
  }
  torch::Tensor forward(torch::Tensor x) {
    x = torch::relu(batch_norm1(conv1(x)));
    x = torch::relu(batch_norm2(conv2(x)));
    x = torch::tanh(conv3(x));
    return x;
  }
  nn::ConvTranspose2d conv1;
  nn::BatchNorm2d batch_norm1;
  nn::ConvTranspose2d conv2;
  nn::BatchNorm2d batch_norm2;
  nn::ConvTranspose2d conv3;
};
TORCH_MODULE(DCGANGenerator);

void weights_init(nn::Module& module) {
  NoGradGuard guard;
  if (module.name().find("Conv") != std::string::npos) {
    for (auto& p : module.named_parameters(/*recurse=*/false))
      if (p.key() == "weight") nn::init::normal_(p.value(), 0.0, 0.05);
  } else if (auto* norm = module.as<nn::BatchNorm2d>()) {
    nn::init::normal_(norm->weight, 1.0, 0.02);
    nn::init::constant_(norm->bias, 0.0);
  }
}

int main(int, const char**) {
  torch::manual_seed(1);
  torch::Device device(torch::kCPU);
  DCGANGenerator generator(kNoiseSize);
  generator->apply(weights_init);
  generator->to(device);
  nn::Sequential discriminator(nn::Conv2d(nn::Conv2dOptions(1, 8, 4).stride(2).padding(1).bias(false)),
                               nn::LeakyReLU(nn::LeakyReLUOptions().negative_slope(0.2)),
                               nn::Conv2d(nn::Conv2dOptions(8, 16, 3).stride(2).padding(1).bias(false)), nn::BatchNorm2d(16),
                               nn::LeakyReLU(nn::LeakyReLUOptions().negative_slope(0.2)),
                               nn::Conv2d(nn::Conv2dOptions(16, 1, 3).stride(1).padding(0).bias(false)), nn::Sigmoid());
  discriminator->to(device);
  discriminator->apply(weights_init);
  std::cout << generator << "\n" << discriminator << "\n";

  torch::optim::Adam generator_optimizer(generator->parameters(), torch::optim::AdamOptions(2e-4).betas(std::make_tuple(0.5, 0.999)));
  torch::optim::Adam discriminator_optimizer(discriminator->parameters(), torch::optim::AdamOptions(5e-4).betas(std::make_tuple(0.5, 0.5)));

  std::stringstream generator_checkpoint, optimizer_checkpoint;
  int64_t checkpoint_counter = 1;
  for (int64_t step = 1; step <= kNumberOfSteps; ++step) {
    // Train the discriminator with real images: diagonal stripes.
    discriminator->zero_grad();
    auto phase = torch::rand({kBatchSize, 1, 1, 1}, device) * 6;
    auto ramp = torch::arange(10, torch::kFloat).view({10, 1}) + torch::arange(10, torch::kFloat);
    torch::Tensor real_images = torch::sin(ramp.view({1, 1, 10, 10}) * 0.8 + phase);
    torch::Tensor real_labels = torch::empty(kBatchSize, device).uniform_(0.8, 1.0);
    torch::Tensor real_output = discriminator->forward(real_images).reshape(real_labels.sizes());
    torch::Tensor d_loss_real = torch::binary_cross_entropy(real_output, real_labels);
    d_loss_real.backward();

    // Train the discriminator with fake images.
    torch::Tensor noise = torch::randn({kBatchSize, kNoiseSize, 1, 1}, device);
    torch::Tensor fake_images = generator->forward(noise);
    torch::Tensor fake_labels = torch::zeros(kBatchSize, device);
    torch::Tensor fake_output = discriminator->forward(fake_images.detach()).reshape(fake_labels.sizes());
    torch::Tensor d_loss_fake = torch::binary_cross_entropy(fake_output, fake_labels);
    d_loss_fake.backward();
    torch::Tensor d_loss = d_loss_real + d_loss_fake;
    discriminator_optimizer.step();

    // Train the generator.
    generator->zero_grad();
    fake_labels.fill_(1);
    fake_output = discriminator->forward(fake_images).reshape(fake_labels.sizes());
    torch::Tensor g_loss = torch::binary_cross_entropy(fake_output, fake_labels);
    g_loss.backward();
    generator_optimizer.step();
    std::printf("[%2ld/%2ld] D_loss: %.3f | G_loss: %.3f\n", static_cast<long>(step), static_cast<long>(kNumberOfSteps), d_loss.item<float>(),
                g_loss.item<float>());

    if (step % kCheckpointEvery == 0) {
      generator_checkpoint.str("");
      optimizer_checkpoint.str("");
      torch::save(generator, generator_checkpoint);
      torch::save(generator_optimizer, optimizer_checkpoint);
      torch::Tensor samples = generator->forward(torch::randn({4, kNoiseSize, 1, 1}, device));
      std::cout << "-> checkpoint " << checkpoint_counter++ << " " << samples.sizes() << " " << samples.requires_grad() << "\n";
    }
  }

  DCGANGenerator restored(kNoiseSize);
  torch::load(restored, generator_checkpoint);
  restored->eval();
  generator->eval();
  auto noise = torch::randn({2, kNoiseSize, 1, 1});
  std::cout << "restored equal: " << torch::equal(restored->forward(noise), generator->forward(noise)) << "\n";
  for (const auto& buffer : restored->named_buffers())
    if (buffer.value().dim() == 0) std::cout << buffer.key() << " " << buffer.value().item<int64_t>() << "\n";
    else std::printf("%s %.3f\n", buffer.key().c_str(), buffer.value().sum().item<float>());
}
