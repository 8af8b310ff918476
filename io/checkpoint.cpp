// Note: loading as one step
//
// A part's load() may change it by any means. So all parts are copied as save() shows them before the first is loaded, and loaded from these
// copies when one cannot be loaded. At the start of a program, when loading is usual, an optimizer has no state yet and a
// copy of the model is what this costs.
#include <xgrad/io/checkpoint.h>

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <system_error>

namespace torch { inline namespace xgrad { namespace serialize {

namespace {

// Keys that begin so are not those of parts.
constexpr std::string_view kReserved = "checkpoint";
constexpr const char* kVersionKey = "checkpoint_version";
constexpr int64_t kCheckpointVersion = 1;

bool is_reserved_key(std::string_view key) { return key.substr(0, kReserved.size()) == kReserved; }

void tell_names(std::string& text, const char* what, const std::vector<std::string>& names) {
  if (names.empty()) return;
  text += what;
  for (const std::string& name : names) text += (&name == names.data() ? "" : ", ") + name;
  text += '.';
}

void check_checkpoint_version(const InputArchive& archive) {
  IValue version;
  XGRAD_CHECK(archive.try_read(kVersionKey, version) && version.isInt(), "[Checkpoint] this is no checkpoint: it has no ", kVersionKey);
  XGRAD_CHECK(version.toInt() == kCheckpointVersion, "[Checkpoint] this is a checkpoint of version ", version.toInt(),
              version.toInt() > kCheckpointVersion ? ", written by a newer version of the library" : ", which there never was",
              "; this one reads version ", kCheckpointVersion);
}

}  // namespace

Checkpoint::Checkpoint(bool with_default_generator) {
  if (!with_default_generator) return;
  add_part(
      "default_generator",
      [](OutputArchive& archive, const std::string& key) {
        OutputArchive inner;
        inner << xgrad::detail::getDefaultCPUGenerator();
        archive.write(key, inner);
      },
      [](const InputArchive& archive, const std::string& key) {
        InputArchive inner;
        archive.read(key, inner);
        Generator generator = xgrad::detail::getDefaultCPUGenerator();
        inner >> generator;
      });
}

Checkpoint& Checkpoint::add_part(const std::string& name, Write write, Read read) {
  XGRAD_CHECK(!name.empty() && name.find('.') == std::string::npos && !is_reserved_key(name),
              "[Checkpoint] a part's name must not be empty, contain a dot or begin with \"", kReserved, "\", got \"", name, "\"");
  for (const Part& part : parts_) XGRAD_CHECK(part.name != name, "[Checkpoint] there is a part named ", name, " already");
  parts_.push_back({name, std::move(write), std::move(read)});
  return *this;
}

void Checkpoint::refuse_integer(const std::string& name, int64_t value) {
  xgrad::detail::raise<Error>("[Checkpoint] ", name, ": the number ", value, " is outside the range of its type");
}

void Checkpoint::save(OutputArchive& archive) const {
  for (const Part& part : parts_) part.write(archive, part.name);
  archive.write(kVersionKey, IValue(kCheckpointVersion));
}

void Checkpoint::save(const std::string& path) const {
  OutputArchive archive;
  save(archive);
  archive.save_to(path);
}

bool Checkpoint::load(const std::string& path, bool strict) {
  std::error_code error;
  if (std::filesystem::symlink_status(path, error).type() == std::filesystem::file_type::not_found) return false;
  InputArchive archive;
  archive.load_from(path);
  try {
    load(archive, strict);
  } catch (const Error& error) {
    xgrad::detail::raise<Error>(error.what(), " (", path, ")");
  }
  return true;
}

void Checkpoint::load(const InputArchive& archive, bool strict) {
  check_checkpoint_version(archive);
  check_parts(archive, strict);
  OutputArchive before;
  for (const Part& part : parts_) part.write(before, part.name);
  const InputArchive old(before.clone());
  try {
    read_parts(archive, strict);
  } catch (...) {
    put_back(old);
    throw;
  }
}

// All names at once, before anything is read.
void Checkpoint::check_parts(const InputArchive& archive, bool strict) const {
  if (!strict) return;
  const std::vector<std::string> keys = archive.keys();
  std::vector<std::string> missing, unknown;
  for (const Part& part : parts_)
    if (!std::binary_search(keys.begin(), keys.end(), part.name)) missing.push_back(part.name);
  for (const std::string& key : keys)
    if (!is_reserved_key(key) && std::none_of(parts_.begin(), parts_.end(), [&](const Part& part) { return part.name == key; }))
      unknown.push_back(key);
  std::string problems;
  tell_names(problems, " Missing part(s): ", missing);
  tell_names(problems, " Unexpected part(s): ", unknown);
  XGRAD_CHECK(problems.empty(), "[Checkpoint] the file has other parts than the checkpoint.", problems);
}

void Checkpoint::read_parts(const InputArchive& archive, bool strict) const {
  const std::vector<std::string> keys = archive.keys();
  for (const Part& part : parts_) {
    if (!std::binary_search(keys.begin(), keys.end(), part.name)) continue;
    try {
      part.read(archive, part.name);
    } catch (const Error& error) {
      xgrad::detail::raise<Error>("[Checkpoint] ", part.name, ": ", error.what());
    }
  }
  if (!strict) return;
  std::vector<std::string> unread = archive.unread();
  unread.erase(std::remove_if(unread.begin(), unread.end(), is_reserved_key), unread.end());
  std::string problems;
  tell_names(problems, " Unexpected key(s): ", unread);
  XGRAD_CHECK(problems.empty(), "[Checkpoint] the file has what no part reads.", problems);
}

void Checkpoint::put_back(const InputArchive& archive) const noexcept {
  for (const Part& part : parts_) try {
      part.read(archive, part.name);
    } catch (...) {  // a part that cannot read what it wrote itself stays as it is; the first error is told
    }
}

}}}  // namespace torch::xgrad::serialize
