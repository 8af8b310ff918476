// The formats that Python programs exchange, by the endings of their names.
#include <doctest/doctest.h>
#include <io/folder.h>
#include <message.h>
#include <xgrad/io/tensor_files.h>
#include <xgrad/xgrad.h>

using namespace xgrad;

TEST_CASE("tensors of every dtype come back from every format with their bits") {
  const Folder folder;
  manual_seed(0);
  io::NamedTensors tensors;
  for (const ScalarType dtype : {kFloat, kDouble, kHalf, kBFloat16, kLong, kInt, kShort, kChar, kByte, kBool})
    for (const std::vector<int64_t>& shape : {std::vector<int64_t>{}, {3, 4}, {0, 2}})
      tensors.emplace(std::string(dtype_name(dtype)) + std::to_string(shape.size()), rand(shape).mul(100).to(dtype));
  tensors.emplace("layer.0.weight", rand({4, 3}).t());
  for (const char* name : {"a.pt", "a.pth", "a.npz", "a.safetensors"}) {
    io::NamedTensors saved = tensors;
    if (std::string(name) == "a.npz")
      for (auto it = saved.begin(); it != saved.end();) it = it->second.dtype() == kBFloat16 ? saved.erase(it) : std::next(it);
    io::save_tensors(folder / name, saved);
    const io::NamedTensors back = io::load_tensors(folder / name);
    CHECK(back.size() == saved.size());
    for (const auto& item : saved) {
      const auto& [key, t] = item;
      INFO(item.first);
      CHECK(back.at(key).dtype() == t.dtype());
      CHECK(back.at(key).sizes() == t.sizes());
      CHECK(equal(back.at(key), t));
    }
    const io::NamedTensors wide = io::load_tensors(folder / name, /*widen=*/true);
    CHECK(wide.at("float162").dtype() == kFloat);
    CHECK(equal(wide.at("float162"), tensors.at("float162").to(kFloat)));
    CHECK(wide.at("float642").dtype() == kDouble);
  }
}

TEST_CASE("the ending says the format, and what cannot be saved leaves the old file") {
  const Folder folder;
  io::save_tensors(folder / "a.pt", {{"x", ones({2})}});
  const std::string before = bytes_of(folder / "a.pt");
  CHECK_THROWS_WITH_AS(io::save_tensors(folder / "a.bin", {}), doctest::Contains("must end in .pt, .pth, .npz or .safetensors"), Error);
  CHECK_THROWS_WITH_AS(io::save_tensors(folder / "a.pt", {{"x", ones({2})}, {"y", Tensor()}}), doctest::Contains("y: the tensor is undefined"),
                       Error);
  CHECK_THROWS_WITH_AS(io::save_tensors(folder / "a.pt", {{"\xff", ones({2})}}), doctest::Contains("UTF-8"), Error);
  CHECK(bytes_of(folder / "a.pt") == before);
  CHECK(folder.files() == 1);
}

TEST_CASE("tied weights stay tied in a .pt") {
  const Folder folder;
  const Tensor table = rand({10, 4}).requires_grad_();
  io::save_tensors(folder / "a.pt", {{"decoder.weight", table.detach()}, {"encoder.weight", table}, {"row", table.detach()[3]}});
  const io::NamedTensors back = io::load_tensors(folder / "a.pt");
  CHECK(back.at("decoder.weight").is_alias_of(back.at("encoder.weight")));
  CHECK(equal(back.at("row"), table.detach()[3]));
  CHECK(bytes_of(folder / "a.pt").size() < 1500);
}

TEST_CASE("what is no tensor in a checkpoint is left out, and listed if asked for") {
  std::vector<std::string> others;
  const io::NamedTensors tensors = io::load_tensors(XGRAD_TEST_DATA "/pickles/training.pt", false, &others);
  CHECK(tensors.count("model.0.weight"));
  CHECK(others == std::vector<std::string>{"epoch", "losses.0", "losses.1"});
}
