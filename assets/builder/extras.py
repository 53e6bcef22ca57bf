"""Libraries of processors beyond the CPU, which heed opens at run time, each in a folder of its own under lib."""

import fnmatch
import os
import shutil
import zipfile
from dataclasses import dataclass, field

from . import environment, places
from .failure import BuildError
from .sealed import is_intact, replacing_folder, write_seal

SEAL = "extra.json"
EXTRAS = environment.Pins(places.ASSETS / "extras.txt", 66, "OpenVINO and the WebGPU plug-in")
CUDA = environment.Pins(places.ASSETS / "extras-cuda.txt", 2100, "ONNX Runtime with CUDA and NVIDIA's libraries")


@dataclass
class Extra:
    """A folder of libraries out of wheels, without their folders: they find each other by lying side by side."""
    name: str
    version: str
    license: str
    pins: environment.Pins
    wheels: list  # (package, patterns of the files that are taken)
    links: dict = field(default_factory=dict)  # the name that heed opens → the file

    @property
    def folder(self):
        return places.data() / "lib" / self.name

    @property
    def description(self):
        return {"name": self.name, "version": self.version, "license": self.license, "machine": os.uname().machine,
                "takes": [[package, *patterns] for package, patterns in self.wheels]}

    def is_in_place(self):
        files = sorted(path.name for path in self.folder.glob("*") if path.name != SEAL and not path.is_symlink())
        return (all(self.links_to(link, file) for link, file in self.links.items())
                and is_intact(self.folder / SEAL, self.description, files))

    def links_to(self, link, file):
        path = self.folder / link
        return path.is_symlink() and os.readlink(path) == file

    def build(self, progress):
        environment.fetch(self.pins)
        progress(f"unpacking {self.name} {self.version} …")
        with replacing_folder(self.folder) as folder:
            for package, patterns in self.wheels:
                with environment.open_wheel(package, self.pins) as wheel:
                    take(wheel, patterns, folder)
            for link, file in self.links.items():
                if not (folder / file).is_file():
                    raise BuildError(f"{self.name}: the wheel has no {file}")
                os.symlink(file, folder / link)
            write_seal(folder / SEAL, self.description,
                       sorted(path.name for path in folder.iterdir() if not path.is_symlink()))


def take(wheel, patterns, folder):
    """Unpacks the files that match into `folder`, by their last names; a pattern without a file is an error.

    Licenses and notices get the package's name before their own, as several packages lie in one folder.
    """
    for pattern in patterns:
        names = [name for name in wheel.namelist() if fnmatch.fnmatchcase(name, pattern)]
        if not names:
            raise BuildError(f"{wheel.filename}: has no {pattern}")
        for name in names:
            parts = name.split("/")
            before = parts[0].partition("-")[0] + "-" if ".dist-info" in parts[0] else ""
            try:
                with wheel.open(name) as source, open(folder / (before + parts[-1]), "xb") as target:
                    shutil.copyfileobj(source, target)
            except zipfile.BadZipFile as error:
                raise BuildError(f"{wheel.filename}: {name}: damaged ({error}); delete the file and run again")


def extras():
    return [
        Extra("openvino", "2026.4.1", "Apache-2.0", EXTRAS, [("openvino", [
            # The engine, its C interface, the reader of ONNX files, the CPU, and the threads they share.
            "openvino/libs/libopenvino.so.*", "openvino/libs/libopenvino_c.so.*",
            "openvino/libs/libopenvino_onnx_frontend.so.*", "openvino/libs/libopenvino_intel_cpu_plugin.so",
            "openvino/libs/libtbb.so.*", "openvino/libs/libtbbbind_2_5.so.*", "openvino/libs/libhwloc.so.*",
            "openvino-*.dist-info/licenses/LICENSE",
            "openvino-*.dist-info/licenses/licensing/*third-party-programs.txt",
        ])], {"libopenvino_c.so": "libopenvino_c.so.2641"}),
        Extra("webgpu", "0.4.0", "MIT", EXTRAS, [("onnxruntime_ep_webgpu", [
            "onnxruntime_ep_webgpu/libonnxruntime_providers_webgpu.so",
            "onnxruntime_ep_webgpu-*.dist-info/licenses/LICENSE",
            "onnxruntime_ep_webgpu-*.dist-info/licenses/ThirdPartyNotices.txt",
        ])]),
    ]


def cuda():
    nvidia = ["nvidia_cublas", "nvidia_cuda_nvrtc", "nvidia_cuda_runtime", "nvidia_cudnn_cu13", "nvidia_cufft",
              "nvidia_curand", "nvidia_nvjitlink"]
    return [
        Extra("cuda", "1.31.1", "MIT; NVIDIA's libraries under NVIDIA's own licenses", CUDA, [
            ("onnxruntime_gpu", ["onnxruntime/capi/libonnxruntime.so.*",
                                 "onnxruntime/capi/libonnxruntime_providers_shared.so",
                                 "onnxruntime/capi/libonnxruntime_providers_cuda.so",
                                 "onnxruntime/LICENSE", "onnxruntime/ThirdPartyNotices.txt"]),
            *((package, ["nvidia/*/lib/*.so*", "*.dist-info/licenses/*.txt"]) for package in nvidia),
        ], {"libonnxruntime.so": "libonnxruntime.so.1.31.1"}),
    ]
