#include "COpenVINO.h"

#include <dlfcn.h>
#include <stdlib.h>

const openvino_functions *openvino_open(const char *path, const char **reason) {
    *reason = NULL;
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        *reason = dlerror();
        return NULL;
    }
    // Kept as long as the library: as long as the process.
    openvino_functions *functions = malloc(sizeof *functions);
    if (!functions) {
        *reason = "there is no memory";
        return NULL;
    }
#define FIND(result, name, parameters) \
    functions->name = (result(*) parameters)dlsym(library, "ov_" #name); \
    if (!functions->name) { \
        *reason = dlerror(); \
        free(functions); \
        return NULL; \
    }
    OPENVINO_FUNCTIONS(FIND)
#undef FIND
    return functions;
}
