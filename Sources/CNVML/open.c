#include "CNVML.h"

#include <dlfcn.h>
#include <string.h>

/// Finds a function by the name that the library exports; newer ones carry their version in it.
#define FIND(field, name) *(void **)&api->field = dlsym(library, name)

int nvml_open(const char *path, nvml_api *api, const char **reason) {
    *reason = NULL;
    memset(api, 0, sizeof *api);
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        *reason = dlerror();
        return -1;
    }
    FIND(Init, "nvmlInit_v2");
    FIND(ErrorString, "nvmlErrorString");
    FIND(DeviceGetCount, "nvmlDeviceGetCount_v2");
    FIND(DeviceGetHandleByIndex, "nvmlDeviceGetHandleByIndex_v2");
    FIND(DeviceGetName, "nvmlDeviceGetName");
    FIND(DeviceGetTotalEnergyConsumption, "nvmlDeviceGetTotalEnergyConsumption");
    FIND(DeviceGetPowerUsage, "nvmlDeviceGetPowerUsage");
    FIND(DeviceGetUUID, "nvmlDeviceGetUUID");
    FIND(DeviceGetPowerManagementLimit, "nvmlDeviceGetPowerManagementLimit");
    FIND(DeviceGetPowerManagementLimitConstraints, "nvmlDeviceGetPowerManagementLimitConstraints");
    FIND(DeviceSetPowerManagementLimit, "nvmlDeviceSetPowerManagementLimit");
    FIND(DeviceGetClockInfo, "nvmlDeviceGetClockInfo");
    FIND(DeviceGetMaxClockInfo, "nvmlDeviceGetMaxClockInfo");
    FIND(DeviceSetGpuLockedClocks, "nvmlDeviceSetGpuLockedClocks");
    FIND(DeviceResetGpuLockedClocks, "nvmlDeviceResetGpuLockedClocks");
    if (api->Init && api->ErrorString && api->DeviceGetCount && api->DeviceGetHandleByIndex && api->DeviceGetName) {
        return 0;
    }
    *reason = "it lacks functions that NVML has had since 2012";
    return -1;
}
