PREFIX ?= /usr/local
JOBS ?= $(shell nproc)
BUILD := build/release

PACKAGES := ca-certificates cmake dataset-fashion-mnist doctest-dev g++ git libopenblas-dev libxtensor-blas-dev libxtensor-dev \
	make ninja-build nlohmann-json3-dev pkg-config valgrind zlib1g-dev
BENCH_PACKAGES := libtorch-dev python3
MPI_PACKAGES := libopenmpi-dev openmpi-bin
FORMAT_PACKAGES := clang-format-14
CLANG_PACKAGES := clang libc++-dev libc++abi-dev
AARCH64_PACKAGES := g++-aarch64-linux-gnu qemu-user-static
ORACLE_PACKAGES := libtorch-dev python3-torch
FUZZ_PACKAGES := libtorch-dev python3
DEB_PACKAGES := dpkg-dev file gzip
DOCS_PACKAGES := cmake doxygen doxygen-awesome-css
FUZZ_FILES_PACKAGES := clang libclang-rt-14-dev
EXCHANGE_PACKAGES := python3-torch
RUNS ?= 2000000
ONNX_PACKAGES := nodejs npm python3-onnx
REPORT_PACKAGES := chromium python3 python3-protobuf
SECONDS ?= 600
SEED ?= 0
SUDO := $(if $(filter 0,$(shell id -u)),,sudo)

.PHONY: help deps deps-oracle build test demo test-cores test-sanitize test-thread test-clang test-libc++ test-aarch64 test-exhaustive \
	oracle oracle-programs oracle-samples fuzz fuzz-compiled bench survey docs deb format install clean fuzz-files test-exchange demo-distributed deps-mpi \
	test-distributed bench-distributed test-onnx deps-node test-report

help:
	@echo 'make demo           install what is missing, build, train a network on Fashion-MNIST'
	@echo 'make demo-distributed  the same on two ranks of MPI (installs $(MPI_PACKAGES))'
	@echo 'make test           install what is missing, build, run every test'
	@echo 'make deps           install the missing Debian packages only'
	@echo 'make build          build the libraries, tests and examples in $(BUILD)'
	@echo 'make test-cores     the catalogue, products and linear algebra with all kernels of OpenBLAS that the processor can run'
	@echo 'make test-distributed  the tests on several ranks of MPI, which make test runs where MPI is there (installs $(MPI_PACKAGES))'
	@echo 'make test-sanitize  every test under AddressSanitizer (with leak detection) and UBSan'
	@echo 'make test-thread    every test under ThreadSanitizer'
	@echo 'make test-clang     every test of a build with Clang; test-libc++: with its standard library too (installs $(CLANG_PACKAGES))'
	@echo 'make test-aarch64   cross-compile for 64-bit ARM and run every test there under qemu (installs $(AARCH64_PACKAGES))'
	@echo 'make test-exhaustive  elementary functions over all 2^32 floats, an hour or more'
	@echo 'make test-onnx      exported models in onnxruntime, and by the checker (installs $(ONNX_PACKAGES), from npm onnxruntime-node)'
	@echo 'make test-report    a report of a training in a browser, its event file by protobuf (installs $(REPORT_PACKAGES))'
	@echo 'make oracle         record again what PyTorch answers (installs $(ORACLE_PACKAGES))'
	@echo 'make fuzz           random graphs against libtorch (installs $(FUZZ_PACKAGES)); SECONDS=600, SEED=0 the first seed, ONLY=seed, FAMILIES="..." more often'
	@echo 'make fuzz-compiled  the same graphs as compiled steps against themselves as they are written; SECONDS=600, SEED=0, FAMILIES'
	@echo 'make fuzz-files     files that libFuzzer makes up, under sanitizers (installs $(FUZZ_FILES_PACKAGES)); RUNS=2000000 for each format'
	@echo 'make test-exchange  weights to Python and back (installs $(EXCHANGE_PACKAGES))'
	@echo 'make bench          compare with libtorch and code written by hand (installs $(BENCH_PACKAGES)); ONLY=name, QUICK=1'
	@echo 'make bench-distributed  messages, overlap and scaling of data parallel training (installs $(MPI_PACKAGES))'
	@echo 'make survey         single calls of many operations against libtorch; ONLY=operation'
	@echo 'make docs           the documentation as a site in build/docs (installs $(DOCS_PACKAGES))'
	@echo 'make deb            Debian packages in build/deb (installs $(DEB_PACKAGES))'
	@echo 'make format         lay out every source as .clang-format says (installs $(FORMAT_PACKAGES))'
	@echo 'make install        install into PREFIX (now $(PREFIX))'
	@echo 'make clean          delete build/'

# $(call install-missing,PACKAGES): says what it installs, and does nothing when all are there.
define install-missing
	@missing=; for p in $(1); do dpkg-query -W -f '$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$p"; done; \
	if [ -n "$$missing" ]; then \
	  echo "Installing Debian packages:$$missing"; \
	  $(SUDO) apt-get update -qq && $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing; \
	fi
endef

deps:
	$(call install-missing,$(PACKAGES))

deps-oracle: deps
	$(call install-missing,$(ORACLE_PACKAGES))

build: deps
	cmake --preset release
	cmake --build $(BUILD) -j $(JOBS)

test: build
	$(call install-missing,$(FORMAT_PACKAGES) $(DEB_PACKAGES))
	ctest --test-dir $(BUILD) -j $(JOBS) --output-on-failure

demo: deps
	cmake --preset release
	cmake --build $(BUILD) -j $(JOBS) --target fashion_mnist
	$(BUILD)/examples/fashion_mnist

# As root, and with more ranks than cores.
MPIRUN := OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1 XGRAD_NUM_THREADS=1 mpirun

deps-mpi: deps
	$(call install-missing,$(MPI_PACKAGES))
	cmake --preset release

demo-distributed: deps-mpi
	cmake --build $(BUILD) -j $(JOBS) --target distributed_fashion_mnist
	$(MPIRUN) -np 2 $(BUILD)/examples/distributed_fashion_mnist

test-distributed: deps-mpi
	cmake --build $(BUILD) -j $(JOBS) --target test_distributed distributed_faulty distributed_own_mpi distributed_fashion_mnist
	ctest --test-dir $(BUILD) -R distributed --output-on-failure

bench-distributed: deps-mpi
	cmake --build $(BUILD) -j $(JOBS) --target distributed_benchmark
	for n in 2 3 4; do $(MPIRUN) -np $$n $(BUILD)/benchmarks/distributed/distributed_benchmark messages || exit; done
	$(MPIRUN) -np 1 $(BUILD)/benchmarks/distributed/distributed_benchmark overhead
	$(MPIRUN) -np 2 $(BUILD)/benchmarks/distributed/distributed_benchmark overlap
	$(MPIRUN) -np 1 $(BUILD)/benchmarks/distributed/distributed_benchmark scaling benchmarks/distributed/scaling.svg

test-cores: build
	ctest --test-dir $(BUILD) -j $(JOBS) -C cores -L cores --output-on-failure

test-sanitize test-thread: test-%: deps
	cmake --preset $*
	cmake --build build/$* -j $(JOBS)
	UBSAN_OPTIONS=print_stacktrace=1 ctest --test-dir build/$* -j $(JOBS) --output-on-failure

test-clang test-libc++: test-%: deps
	$(call install-missing,$(CLANG_PACKAGES))
	cmake --preset $*
	cmake --build build/$* -j $(JOBS)
	ctest --test-dir build/$* -j $(JOBS) --output-on-failure

test-aarch64: deps
	$(call install-missing,$(AARCH64_PACKAGES))
	cmake/aarch64-libraries.sh build/aarch64-libraries
	cmake --preset aarch64
	cmake --build build/aarch64 -j $(JOBS)
	ctest --test-dir build/aarch64 -j $(JOBS) --timeout 7200 --output-on-failure

test-exhaustive: deps
	cmake --preset release
	cmake --build $(BUILD) -j $(JOBS) --target float_functions
	$(BUILD)/tests/float_functions

# The system's Python, for which Debian's packages are.
test-report: deps
	$(call install-missing,$(REPORT_PACKAGES))
	cmake --preset release
	cmake --build $(BUILD) -j $(JOBS) --target report
	rm -rf $(BUILD)/report
	$(BUILD)/examples/report --quick --out $(BUILD)/report
	/usr/bin/python3 tests/inspect/report.py $(BUILD)/report $(BUILD)/report/report.png

oracle: oracle-programs oracle-samples

oracle-programs: deps-oracle
	tests/compat/record.sh

oracle-samples: deps-oracle
	cmake --preset release
	cmake --build $(BUILD) -j $(JOBS) --target oracle

fuzz: deps
	$(call install-missing,$(FUZZ_PACKAGES))
	cmake --preset release -DXGRAD_BUILD_FUZZ=ON
	cmake --build $(BUILD) -j $(JOBS) --target fuzz
	python3 tests/fuzz/planted.py --programs $(BUILD)/tests/fuzz
	python3 tests/fuzz/fuzz.py --programs $(BUILD)/tests/fuzz --seconds $(SECONDS) --seed $(SEED) $(if $(ONLY),--only $(ONLY)) \
	  $(if $(FAMILIES),--families $(FAMILIES))

fuzz-compiled: deps
	$(call install-missing,$(FUZZ_PACKAGES))
	cmake --preset release -DXGRAD_BUILD_FUZZ=ON
	cmake --build $(BUILD) -j $(JOBS) --target fuzz_compiled
	$(BUILD)/tests/fuzz/fuzz_compiled $(SECONDS) $(SEED) $(FAMILIES)

fuzz-files: deps
	$(call install-missing,$(FUZZ_FILES_PACKAGES))
	cmake --preset release
	cmake --build $(BUILD) -j $(JOBS) --target xgrad
	tests/fuzz_files/run.sh $(CURDIR) $(abspath $(BUILD)) $(RUNS)

test-exchange: build
	$(call install-missing,$(EXCHANGE_PACKAGES))
	ctest --test-dir $(BUILD) -R exchange --output-on-failure

bench: deps
	$(call install-missing,$(BENCH_PACKAGES))
	cmake --preset release -DXGRAD_BUILD_BENCHMARKS=ON
	cmake --build $(BUILD) -j $(JOBS) --target benchmarks
	python3 benchmarks/run.py --programs $(BUILD)/benchmarks $(if $(QUICK),--quick) \
	  $(if $(ONLY),--only $(ONLY),--json $(BUILD)/benchmarks/results.json $(if $(QUICK),,--markdown benchmarks/RESULTS.md))

survey: deps
	$(call install-missing,$(BENCH_PACKAGES))
	cmake --preset release -DXGRAD_BUILD_BENCHMARKS=ON
	cmake --build $(BUILD) -j $(JOBS) --target benchmarks
	python3 benchmarks/survey.py --programs $(BUILD)/benchmarks $(if $(ONLY),--only '$(ONLY)',--markdown benchmarks/SURVEY.md)

format:
	$(call install-missing,$(FORMAT_PACKAGES))
	git ls-files '*.h' '*.cpp' | xargs clang-format-14 -i

docs:
	$(call install-missing,$(DOCS_PACKAGES))
	docs/site/build.sh build/docs

deb: deps
	$(call install-missing,$(DEB_PACKAGES))
	cmake --preset deb
	cmake --build build/deb -j $(JOBS)
	cd build/deb && cpack

install: deps
	cmake --preset release
	cmake --build $(BUILD) -j $(JOBS) --target xgrad xgrad_static xgrad_distributed
	cmake --build $(BUILD) -j $(JOBS) --target xgrad xgrad_static xgrad_inspect xgrad_inspect_static
	mkdir -p $(PREFIX) 2>/dev/null && [ -w $(PREFIX) ] && as= || as=$(SUDO); $$as cmake --install $(BUILD) --prefix $(abspath $(PREFIX))

clean:
	rm -rf build

# Models of every example and of single layers: outputs within 1e-5 for batches of two sizes, with opset 13 and 17.
test-onnx: deps
	@command -v npm > /dev/null || $(MAKE) deps-node
	$(call install-missing,python3-onnx)
	cmake --preset release
	cmake --build $(BUILD) -j $(JOBS) --target export_cases
	mkdir -p $(BUILD)/onnx
	cd $(BUILD)/onnx && npm install --ignore-scripts --no-audit --no-fund --silent onnxruntime-node
	$(BUILD)/tests/export_cases $(BUILD)/onnx
	/usr/bin/python3 tests/onnx/check.py $(BUILD)/onnx
	cd $(BUILD)/onnx && node $(CURDIR)/tests/onnx/run.mjs .

deps-node:
	$(call install-missing,nodejs npm)
