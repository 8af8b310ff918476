// What archives hold as what stands in files. Internal.
#pragma once

#include <memory>
#include <string>

#include <xgrad/io/archive_node.h>
#include <xgrad/io/file.h>
#include <xgrad/io/safetensors/layout.h>

namespace torch { inline namespace xgrad { namespace serialize {

/// True iff it is a parameter or a buffer.
bool is_tensor(ArchiveEntry::Kind kind);

ArchiveEntry entry_of(const Tensor& tensor, bool is_buffer);
/// Throws, naming the key, for what archives cannot hold.
ArchiveEntry entry_of(const std::string& key, const IValue& value);
/// What an entry that is no tensor stands for.
IValue value_of(const ArchiveEntry& entry);

/// All below `root`, which may be null, with the marks of empty archives.
ArchiveEntries entries_of(const std::shared_ptr<ArchiveNode>& root);

void write_entries(const std::shared_ptr<ArchiveNode>& root, const std::string& name, const io::Sink& sink);
ArchiveEntries read_entries(const io::LayoutReader& reader);

/// The tree of a source that is no safetensors file but one of PyTorch's or a .npz, else null.
std::shared_ptr<ArchiveNode> foreign_tree(const io::Source& source);

}}}  // namespace torch::xgrad::serialize
