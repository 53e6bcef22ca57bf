#include "COpenVINO.h"

#include <dlfcn.h>

const openvino_functions *openvino_open(const char *path, const char **reason) {
    // heed opens one library in a process, under a lock.
    static openvino_functions functions;
    *reason = NULL;
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        *reason = dlerror();
        return NULL;
    }
#define FIND(result, name, parameters) \
    functions.name = (result(*) parameters)dlsym(library, "ov_" #name); \
    if (!functions.name) { \
        *reason = dlerror(); \
        return NULL; \
    }
    OPENVINO_FUNCTIONS(FIND)
#undef FIND
    return &functions;
}
