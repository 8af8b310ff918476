PREFIX ?= /usr/local
JOBS ?= $(shell nproc)
BUILD := build/release

PACKAGES := ca-certificates cmake dataset-fashion-mnist doctest-dev g++ git libopenblas-dev libxtensor-blas-dev libxtensor-dev \
	make ninja-build nlohmann-json3-dev pkg-config valgrind zlib1g-dev
BENCH_PACKAGES := libtorch-dev python3
FORMAT_PACKAGES := clang-format-14
CLANG_PACKAGES := clang libc++-dev libc++abi-dev
AARCH64_PACKAGES := g++-aarch64-linux-gnu qemu-user-static
ORACLE_PACKAGES := libtorch-dev python3-torch
FUZZ_PACKAGES := libtorch-dev python3
REPORT_PACKAGES := chromium python3 python3-protobuf
SECONDS ?= 600
SEED ?= 0
SUDO := $(if $(filter 0,$(shell id -u)),,sudo)

.PHONY: help deps deps-oracle build test demo test-cores test-sanitize test-thread test-clang test-libc++ test-aarch64 test-exhaustive test-report \
	oracle oracle-programs oracle-samples fuzz bench survey format install clean

help:
	@echo 'make demo           install what is missing, build, train a network on Fashion-MNIST'
	@echo 'make test           install what is missing, build, run every test'
	@echo 'make deps           install the missing Debian packages only'
	@echo 'make build          build the libraries, tests and examples in $(BUILD)'
	@echo 'make test-cores     the catalogue, products and linear algebra with all kernels of OpenBLAS that the processor can run'
	@echo 'make test-sanitize  every test under AddressSanitizer (with leak detection) and UBSan'
	@echo 'make test-thread    every test under ThreadSanitizer'
	@echo 'make test-clang     every test of a build with Clang; test-libc++: with its standard library too (installs $(CLANG_PACKAGES))'
	@echo 'make test-aarch64   cross-compile for 64-bit ARM and run every test there under qemu (installs $(AARCH64_PACKAGES))'
	@echo 'make test-exhaustive  elementary functions over all 2^32 floats, an hour or more'
	@echo 'make test-report    a report of a training in a browser, its event file by protobuf (installs $(REPORT_PACKAGES))'
	@echo 'make oracle         record again what PyTorch answers (installs $(ORACLE_PACKAGES))'
	@echo 'make fuzz           random graphs against libtorch (installs $(FUZZ_PACKAGES)); SECONDS=600, SEED=0 the first seed, ONLY=seed'
	@echo 'make bench          compare with libtorch and code written by hand (installs $(BENCH_PACKAGES)); ONLY=name, QUICK=1'
	@echo 'make survey         single calls of many operations against libtorch; ONLY=operation'
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
	$(call install-missing,$(FORMAT_PACKAGES))
	ctest --test-dir $(BUILD) -j $(JOBS) --output-on-failure

demo: deps
	cmake --preset release
	cmake --build $(BUILD) -j $(JOBS) --target fashion_mnist
	$(BUILD)/examples/fashion_mnist

test-cores: build
	ctest --test-dir $(BUILD) -j $(JOBS) -C cores -L cores --output-on-failure

test-sanitize test-thread: test-%: deps
	cmake --preset $*
	cmake --build build/$* -j $(JOBS)
	ctest --test-dir build/$* -j $(JOBS) --output-on-failure

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
	python3 tests/fuzz/fuzz.py --programs $(BUILD)/tests/fuzz --seconds $(SECONDS) --seed $(SEED) $(if $(ONLY),--only $(ONLY))

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

install: deps
	cmake --preset release
	cmake --build $(BUILD) -j $(JOBS) --target xgrad xgrad_static xgrad_inspect xgrad_inspect_static
	mkdir -p $(PREFIX) 2>/dev/null && [ -w $(PREFIX) ] && as= || as=$(SUDO); $$as cmake --install $(BUILD) --prefix $(abspath $(PREFIX))

clean:
	rm -rf build
