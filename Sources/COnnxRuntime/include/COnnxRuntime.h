#pragma once

// The part of ONNX Runtime's C API that heed calls, declared by hand from the published ABI.
//
// ONNX Runtime hands out one table of function pointers. The table only ever grows, so a function's place in it, its
// slot, holds for every later release. heed opens the library at run time and needs neither its headers nor its
// package to build. table.c asserts every slot; check-slots.sh compares slots and signatures with the official header.

#include <stddef.h>
#include <stdint.h>

// Opaque objects, under the tags of the official header so that the signatures can be compared with it.
typedef struct OrtStatus ort_status;
typedef struct OrtEnv ort_environment;
typedef struct OrtSession ort_session;
typedef struct OrtSessionOptions ort_session_options;
typedef struct OrtRunOptions ort_run_options;
typedef struct OrtValue ort_value;
typedef struct OrtMemoryInfo ort_memory_info;
typedef struct OrtAllocator ort_allocator;
typedef struct OrtArenaCfg ort_arena_config;
typedef struct OrtTypeInfo ort_type_info;
typedef struct OrtTensorTypeAndShapeInfo ort_tensor_info;
typedef struct OrtEpDevice ort_provider_device;
typedef struct OrtHardwareDevice ort_hardware_device;
typedef struct OrtEpAssignedSubgraph ort_assigned_subgraph;
typedef struct OrtEpAssignedNode ort_assigned_node;
typedef struct OrtCUDAProviderOptionsV2 ort_cuda_options;
typedef const struct OrtCustomHandleType *ort_thread;

/// What a thread of a session does, with its argument.
typedef void (*ort_thread_work)(void *);
/// Starts a thread; null where that cannot be.
typedef ort_thread (*ort_thread_start)(void *options, ort_thread_work, void *argument);
/// Waits for the end of a thread.
typedef void (*ort_thread_join)(ort_thread);

/// A failed call gives a status that the caller must release; a call that went well gives none.
typedef ort_status *ort_result;

/// The API version the table belongs to: ONNX Runtime 1.21, the header that check-slots.sh was run on, and later.
enum { ort_api_version = 21 };
/// The API version that has all of `ort_provider_api`: ONNX Runtime 1.24 and later.
enum { ort_provider_api_version = 24 };

enum { ort_log_fatal = 4 };
enum { ort_optimize_nothing = 0, ort_optimize_all = 99 };
enum { ort_allocator_arena = 1 };
enum { ort_memory_default = 0 };
enum { ort_hardware_cpu = 0 };

// Element types of tensors, as ONNX Runtime numbers them.
enum {
    ort_float32 = 1,
    ort_uint8 = 2,
    ort_int8 = 3,
    ort_int32 = 6,
    ort_int64 = 7,
    ort_bool = 9,
    ort_float16 = 10,
};

/// ONNX Runtime's function table; `unused` spans the slots that heed does not call.
typedef struct ort_api {
    void *unused_0[2];
    const char *(*GetErrorMessage)(const ort_status *);  // 2
    ort_result (*CreateEnv)(unsigned log_level, const char *name, ort_environment **);  // 3
    void *unused_4[3];
    ort_result (*CreateSession)(
        const ort_environment *, const char *path, const ort_session_options *, ort_session **);  // 7
    void *unused_8[1];
    ort_result (*Run)(
        ort_session *, const ort_run_options *, const char *const *input_names, const ort_value *const *inputs,
        size_t input_count, const char *const *output_names, size_t output_count, ort_value **outputs);  // 9
    ort_result (*CreateSessionOptions)(ort_session_options **);  // 10
    void *unused_11[6];
    ort_result (*DisableMemPattern)(ort_session_options *);  // 17
    void *unused_18[5];
    ort_result (*SetSessionGraphOptimizationLevel)(ort_session_options *, unsigned);  // 23
    ort_result (*SetIntraOpNumThreads)(ort_session_options *, int);  // 24
    ort_result (*SetInterOpNumThreads)(ort_session_options *, int);  // 25
    void *unused_26[4];
    ort_result (*SessionGetInputCount)(const ort_session *, size_t *);  // 30
    ort_result (*SessionGetOutputCount)(const ort_session *, size_t *);  // 31
    void *unused_32[1];
    ort_result (*SessionGetInputTypeInfo)(const ort_session *, size_t, ort_type_info **);  // 33
    ort_result (*SessionGetOutputTypeInfo)(const ort_session *, size_t, ort_type_info **);  // 34
    void *unused_35[1];
    ort_result (*SessionGetInputName)(const ort_session *, size_t, ort_allocator *, char **);  // 36
    ort_result (*SessionGetOutputName)(const ort_session *, size_t, ort_allocator *, char **);  // 37
    void *unused_38[1];
    ort_result (*CreateRunOptions)(ort_run_options **);  // 39
    void *unused_40[6];
    ort_result (*RunOptionsSetTerminate)(ort_run_options *);  // 46
    ort_result (*RunOptionsUnsetTerminate)(ort_run_options *);  // 47
    void *unused_48[1];
    ort_result (*CreateTensorWithDataAsOrtValue)(
        const ort_memory_info *, void *bytes, size_t byte_count, const int64_t *shape, size_t rank,
        unsigned type, ort_value **);  // 49
    void *unused_50[5];
    ort_result (*CastTypeInfoToTensorInfo)(const ort_type_info *, const ort_tensor_info **);  // 55
    void *unused_56[4];
    ort_result (*GetTensorElementType)(const ort_tensor_info *, unsigned *);  // 60
    ort_result (*GetDimensionsCount)(const ort_tensor_info *, size_t *);  // 61
    ort_result (*GetDimensions)(const ort_tensor_info *, int64_t *, size_t);  // 62
    void *unused_63[6];
    ort_result (*CreateCpuMemoryInfo)(int allocator, int memory, ort_memory_info **);  // 69
    void *unused_70[6];
    ort_result (*AllocatorFree)(ort_allocator *, void *);  // 76
    void *unused_77[1];
    ort_result (*GetAllocatorWithDefaultOptions)(ort_allocator **);  // 78
    void *unused_79[14];
    void (*ReleaseStatus)(ort_status *);  // 93
    void *unused_94[1];
    void (*ReleaseSession)(ort_session *);  // 95
    void (*ReleaseValue)(ort_value *);  // 96
    void (*ReleaseRunOptions)(ort_run_options *);  // 97
    void (*ReleaseTypeInfo)(ort_type_info *);  // 98
    void *unused_99[1];
    void (*ReleaseSessionOptions)(ort_session_options *);  // 100
    void *unused_101[29];
    ort_result (*AddSessionConfigEntry)(ort_session_options *, const char *key, const char *value);  // 130
    void *unused_131[13];
    ort_result (*CreateAndRegisterAllocator)(
        ort_environment *, const ort_memory_info *, const ort_arena_config *);  // 144
    void *unused_145[12];
    void (*ReleaseArenaCfg)(ort_arena_config *);  // 157
    void *unused_158[6];
    ort_result (*CreateArenaCfgV2)(
        const char *const *keys, const size_t *values, size_t count, ort_arena_config **);  // 164
    void *unused_165[31];
    ort_result (*SessionOptionsSetCustomCreateThreadFn)(ort_session_options *, ort_thread_start);  // 196
    ort_result (*SessionOptionsSetCustomThreadCreationOptions)(ort_session_options *, void *);  // 197
    ort_result (*SessionOptionsSetCustomJoinThreadFn)(ort_session_options *, ort_thread_join);  // 198
    void *unused_199[5];
    ort_result (*SessionOptionsAppendExecutionProvider_CUDA_V2)(
        ort_session_options *, const ort_cuda_options *);  // 204
    ort_result (*CreateCUDAProviderOptions)(ort_cuda_options **);  // 205
    ort_result (*UpdateCUDAProviderOptions)(
        ort_cuda_options *, const char *const *keys, const char *const *values, size_t count);  // 206
    void *unused_207[1];
    void (*ReleaseCUDAProviderOptions)(ort_cuda_options *);  // 208
} ort_api;

/// What later releases have added to the same table for execution providers that are libraries of their own, and for
/// telling which nodes of a graph run where.
typedef struct ort_provider_api {
    void *unused_0[301];
    ort_result (*RegisterExecutionProviderLibrary)(ort_environment *, const char *name, const char *path);  // 301
    void *unused_302[1];
    ort_result (*GetEpDevices)(
        const ort_environment *, const ort_provider_device *const **devices, size_t *count);  // 303
    ort_result (*SessionOptionsAppendExecutionProvider_V2)(
        ort_session_options *, ort_environment *, const ort_provider_device *const *devices, size_t device_count,
        const char *const *keys, const char *const *values, size_t option_count);  // 304
    void *unused_305[2];
    unsigned (*HardwareDevice_Type)(const ort_hardware_device *);  // 307
    void *unused_308[1];
    const char *(*HardwareDevice_Vendor)(const ort_hardware_device *);  // 309
    void *unused_310[2];
    const char *(*EpDevice_EpName)(const ort_provider_device *);  // 312
    void *unused_313[3];
    const ort_hardware_device *(*EpDevice_Device)(const ort_provider_device *);  // 316
    void *unused_317[90];
    ort_result (*Session_GetEpGraphAssignmentInfo)(
        const ort_session *, const ort_assigned_subgraph *const **subgraphs, size_t *count);  // 407
    ort_result (*EpAssignedSubgraph_GetEpName)(const ort_assigned_subgraph *, const char **);  // 408
    ort_result (*EpAssignedSubgraph_GetNodes)(
        const ort_assigned_subgraph *, const ort_assigned_node *const **nodes, size_t *count);  // 409
    void *unused_410[2];
    ort_result (*EpAssignedNode_GetOperatorType)(const ort_assigned_node *, const char **);  // 412
} ort_provider_api;

/// What the library's one exported function, `OrtGetApiBase`, gives.
typedef struct ort_api_base {
    /// The table of an API version; null where the library is older than that.
    const ort_api *(*GetApi)(uint32_t version);
    /// The library's version, for example `1.31.1`.
    const char *(*GetVersionString)(void);
} ort_api_base;

/// Opens the library at `path` (a bare name is looked up by the system's loader) and gives its base.
///
/// A library once opened stays open for the life of the process. When it cannot be opened, or is no ONNX Runtime, the
/// result is null and `reason` holds the loader's own words, valid until the thread's next call.
const ort_api_base *ort_open(const char *path, const char **reason);

/// Gives memory that was freed back to the system; the C library would hold on to it.
void ort_return_free_memory(void);

/// The file that `base` came from, valid while the library is open; null where the loader does not say.
const char *ort_file(const ort_api_base *base);
