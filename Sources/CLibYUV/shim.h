#pragma once
#include <libyuv.h>
#include "weighted_rows.h"

// libyuv's vector code needs its tables at their own, aligned address, which a Swift copy would not keep.
// The "Yvu" tables serve callers that swap U and V, by which functions named RGB24 (B, G, R in memory) write R, G, B.
static inline const struct YuvConstants *heed_yvu_bt601(int full) { return full ? &kYvuJPEGConstants : &kYvuI601Constants; }
static inline const struct YuvConstants *heed_yvu_bt709(int full) { return full ? &kYvuF709Constants : &kYvuH709Constants; }
static inline const struct YuvConstants *heed_yvu_bt2020(int full) { return full ? &kYvuV2020Constants : &kYvu2020Constants; }
