#define _GNU_SOURCE  // dladdr
#include "COnnxRuntime.h"

#include <dlfcn.h>
#include <malloc.h>

const ort_api_base *ort_open(const char *path, const char **reason) {
    *reason = NULL;
    // RTLD_LOCAL: the library's symbols must not answer for those of another copy, such as a plug-in's own.
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        *reason = dlerror();
        return NULL;
    }
    const ort_api_base *(*base)(void) = (const ort_api_base *(*)(void))dlsym(library, "OrtGetApiBase");
    if (!base) {
        *reason = dlerror();  // Closing the library would take these words away.
        return NULL;
    }
    return base();
}

const char *ort_file(const ort_api_base *base) {
    Dl_info where;
    return dladdr((const void *)base, &where) ? where.dli_fname : NULL;
}

void ort_return_free_memory(void) { malloc_trim(0); }
