#pragma once

// The part of NVIDIA's management library (NVML) that heed calls, declared by hand from its published API.
//
// The library comes with the driver and is opened at run time: heed builds and runs without it. Units are NVML's own.

#include <stddef.h>

// An opaque object, under the tag of the official header.
typedef struct nvmlDevice_st *nvml_device;

/// What every call gives: 0 when it went well; `ErrorString` has words for the rest.
typedef int nvml_result;

enum {
    nvml_success = 0,
    nvml_not_supported = 3,
    nvml_no_permission = 4,
};

/// The functions, each found by its exported name; a null one is missing from this release of the library.
typedef struct nvml_api {
    nvml_result (*Init)(void);
    const char *(*ErrorString)(nvml_result);
    nvml_result (*DeviceGetCount)(unsigned *count);
    nvml_result (*DeviceGetHandleByIndex)(unsigned index, nvml_device *);
    nvml_result (*DeviceGetName)(nvml_device, char *name, unsigned length);
    /// Since the driver was loaded, in millijoules; from the Volta architecture on.
    nvml_result (*DeviceGetTotalEnergyConsumption)(nvml_device, unsigned long long *millijoules);
    /// Now, or over the last second where the device has no quicker sensor.
    nvml_result (*DeviceGetPowerUsage)(nvml_device, unsigned *milliwatts);
    /// The same through restarts and in every process.
    nvml_result (*DeviceGetUUID)(nvml_device, char *uuid, unsigned length);
    nvml_result (*DeviceGetPowerManagementLimit)(nvml_device, unsigned *milliwatts);
    nvml_result (*DeviceGetPowerManagementLimitConstraints)(nvml_device, unsigned *least, unsigned *most);
    nvml_result (*DeviceSetPowerManagementLimit)(nvml_device, unsigned milliwatts);
    /// `type` 0 is the graphics clock.
    nvml_result (*DeviceGetClockInfo)(nvml_device, unsigned type, unsigned *megahertz);
    nvml_result (*DeviceGetMaxClockInfo)(nvml_device, unsigned type, unsigned *megahertz);
    nvml_result (*DeviceSetGpuLockedClocks)(nvml_device, unsigned least, unsigned most);
    nvml_result (*DeviceResetGpuLockedClocks)(nvml_device);
} nvml_api;

/// Opens the library at `path` (a bare name is looked up by the system's loader) and finds its functions.
///
/// A library once opened stays open for the life of the process. When it cannot be opened, or lacks a function without
/// which nothing can be asked, the result is not 0 and `reason` holds the loader's own words, valid until the thread's
/// next call.
int nvml_open(const char *path, nvml_api *, const char **reason);
