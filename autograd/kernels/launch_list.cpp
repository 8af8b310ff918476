#include <xgrad/autograd/kernels/launch_list.h>

namespace torch { inline namespace xgrad { namespace kernels {

LaunchRecorder::LaunchRecorder(LaunchList& list, memory::Withhold::Use use) : list_(list), observe_(*this), withhold_(list.freed_, use) {}

void LaunchRecorder::observe(const Launch& launch) {
  list_.entries_.push_back({&launch.operation(), launch.reads().vec(), launch.writes().vec(), launch.kept(list_.keep_)});
  launch();
}

}}}  // namespace torch::xgrad::kernels
