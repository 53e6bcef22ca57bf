#pragma once

#include <stddef.h>

/// How often the calling thread has asked the C library for memory: every malloc, calloc, realloc and aligned variant in
/// the process comes by here, Swift's own included.
size_t heed_bench_allocations(void);
