#pragma once

#include <stdint.h>

/// From now on clocks every run of a graph by the ONNX Runtime library at `path`, for whoever asks the library for its
/// functions after this call. Gives null, or why it cannot.
const char *heed_bench_clock_runs(const char *path);

/// The nanoseconds that the calling thread has spent in runs of graphs whose first input has this name.
int64_t heed_bench_run_nanoseconds(const char *first_input);

/// When the calling thread last began to run a graph, in nanoseconds on the monotonic clock; 0 when it never has.
int64_t heed_bench_last_run_start(void);
