"""xgrad for Conan 2, from this source tree: conan create cmake/conan --build=missing"""
import os
import re

from conan import ConanFile
from conan.errors import ConanInvalidConfiguration
from conan.tools.build import check_min_cppstd
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import copy, load, rmdir


class XgradConan(ConanFile):
    name = "xgrad"
    description = "Tensors, automatic differentiation and neural networks with PyTorch's C++ API"
    license = "MIT"
    topics = ("autodiff", "neural-networks", "tensors", "pytorch")
    package_type = "library"
    settings = "os", "arch", "compiler", "build_type"
    options = {"shared": [True, False], "fPIC": [True, False]}
    # An OpenBLAS without LAPACK has no linear algebra, one without dynamic_arch only this machine's kernels.
    default_options = {"shared": True, "fPIC": True, "openblas/*:build_lapack": True, "openblas/*:dynamic_arch": True}
    implements = ["auto_shared_fpic"]

    @property
    def _source(self):
        return os.path.join(self.recipe_folder, os.pardir, os.pardir)

    def set_version(self):
        version = load(self, os.path.join(self._source, "autograd", "core", "version.h"))
        self.version = ".".join(re.findall(r"XGRAD_VERSION_(?:MAJOR|MINOR|PATCH) (\d+)", version))

    def export_sources(self):
        copy(self, "*", src=self._source, dst=self.export_sources_folder, excludes=("build*", ".*", "benchmarks/*", "docs/*", "examples/*", "tests/*"))

    def layout(self):
        cmake_layout(self)

    def requirements(self):
        self.requires("openblas/[>=0.3.20 <1]")
        self.requires("zlib/[>=1.2.11 <2]")
        self.requires("xtensor/[>=0.24 <1]", transitive_headers=True)  # <xgrad/xtensor.h>
        self.requires("xtensor-blas/[>=0.20 <1]", visible=False, libs=False)
        self.requires("nlohmann_json/[>=3.11 <4]", visible=False, libs=False)

    def validate(self):
        if self.settings.os != "Linux" or str(self.settings.arch) not in ("x86_64", "armv8"):
            raise ConanInvalidConfiguration("xgrad is for Linux on x86_64 and armv8")
        if not self.dependencies["openblas"].options.build_lapack:
            raise ConanInvalidConfiguration("xgrad needs an OpenBLAS with LAPACK: -o openblas/*:build_lapack=True")
        check_min_cppstd(self, 20)  # programs need 17

    def generate(self):
        CMakeDeps(self).generate()
        toolchain = CMakeToolchain(self)
        for option in ("STATIC", "BUILD_TESTS", "BUILD_EXAMPLES"):
            toolchain.cache_variables[f"XGRAD_{option}"] = False
        toolchain.generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        copy(self, "LICENSE", src=self.source_folder, dst=os.path.join(self.package_folder, "licenses"))
        CMake(self).install()
        # Conan writes its own.
        rmdir(self, os.path.join(self.package_folder, "lib", "cmake"))
        rmdir(self, os.path.join(self.package_folder, "lib", "pkgconfig"))

    def package_info(self):
        self.cpp_info.set_property("cmake_file_name", "xgrad")
        core = self.cpp_info.components["core"]
        core.set_property("cmake_target_name", "xgrad::xgrad")
        core.set_property("pkg_config_name", "xgrad")
        core.libs = ["xgrad"]
        core.system_libs = ["pthread", "m"]
        core.requires = ["openblas::openblas", "zlib::zlib", "xtensor::xtensor"]
        torch = self.cpp_info.components["torch"]
        torch.set_property("cmake_target_name", "xgrad::torch")
        torch.set_property("pkg_config_name", "xgrad-torch")
        torch.libdirs = []
        torch.includedirs = [os.path.join("include", "xgrad-torch")]
        torch.requires = ["core"]
