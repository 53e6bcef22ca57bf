#pragma once

#include <stdint.h>

// Counts what a thread allocates: the test program's own malloc and its kin, which hand on to the C library's.

/// The allocations of the calling thread since it began.
uint64_t allocation_count(void);
