#pragma once

// The part of OpenVINO's C API that heed calls, declared by hand from the published headers.
//
// heed opens the library at run time and needs neither its headers nor its package to build. Names and signatures are
// those of OpenVINO 2026.4, whose numbers for element types hold for that release only; check-functions.sh compares
// them with the official headers.

#include <stddef.h>
#include <stdint.h>

// Opaque objects, under the tags of the official headers so that the signatures can be compared with them.
typedef struct ov_core ov_core;
typedef struct ov_compiled_model ov_compiled_model;
typedef struct ov_infer_request ov_infer_request;
typedef struct ov_tensor ov_tensor;

/// Zero where a call went well.
typedef int openvino_status;

typedef struct {
    const char *build_number;  // such as "2026.4.1-22982-…"
    const char *description;
} openvino_version;

typedef struct {
    const char *key;
    const void *value;  // characters, for every property that heed sets
} openvino_property;

typedef struct {
    int64_t rank;
    int64_t *dimensions;
} openvino_shape;

/// The release that the functions and numbers here belong to.
#define OPENVINO_RELEASE "2026.4"

// Element types of tensors, as OpenVINO numbers them.
enum {
    openvino_bool = 1,
    openvino_float16 = 3,
    openvino_float32 = 4,
    openvino_int8 = 7,
    openvino_int32 = 9,
    openvino_int64 = 10,
    openvino_uint8 = 16,
};

/// Every function that heed calls: F(result, name, parameters), the name without its `ov_`.
#define OPENVINO_FUNCTIONS(F) \
    F(openvino_status, get_openvino_version, (openvino_version *)) \
    F(void, version_free, (openvino_version *)) \
    F(const char *, get_last_err_msg, (void)) \
    F(void, free, (const char *)) \
    F(openvino_status, core_create, (ov_core **)) \
    F(openvino_status, core_get_property, (const ov_core *, const char *device, const char *key, char **value)) \
    F(openvino_status, core_compile_model_from_file_props, \
      (const ov_core *, const char *path, const char *device, size_t count, const openvino_property *, \
       ov_compiled_model **)) \
    F(void, compiled_model_free, (ov_compiled_model *)) \
    F(openvino_status, compiled_model_create_infer_request, (const ov_compiled_model *, ov_infer_request **)) \
    F(openvino_status, infer_request_set_tensor, (ov_infer_request *, const char *name, const ov_tensor *)) \
    F(openvino_status, infer_request_infer, (ov_infer_request *)) \
    F(openvino_status, infer_request_cancel, (ov_infer_request *)) \
    F(void, infer_request_free, (ov_infer_request *)) \
    F(openvino_status, tensor_create_from_host_ptr, (unsigned type, openvino_shape, void *bytes, ov_tensor **)) \
    F(void, tensor_free, (ov_tensor *))

#define OPENVINO_MEMBER(result, name, parameters) result (*name) parameters;
/// OpenVINO's functions.
typedef struct {
    OPENVINO_FUNCTIONS(OPENVINO_MEMBER)
} openvino_functions;
#undef OPENVINO_MEMBER

/// Opens the library at `path` and finds its functions.
///
/// A library once opened stays open for the life of the process. When it cannot be opened, or lacks a function, the
/// result is null and `reason` holds the loader's own words, valid until the thread's next call.
const openvino_functions *openvino_open(const char *path, const char **reason);
