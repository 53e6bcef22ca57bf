#pragma once
#include <libyuv.h>
#include "weighted_rows.h"

// libyuv's vector code needs its tables at their own, aligned address, which a Swift copy would not keep.
// The "Yvu" tables serve callers that swap U and V, by which functions named RGB24 (B, G, R in memory) write R, G, B.
// All are for full range: in those for limited range libyuv cuts factors above 2, which blue has, by up to 7 %.
static inline const struct YuvConstants *heed_yvu_bt601(void) { return &kYvuJPEGConstants; }
static inline const struct YuvConstants *heed_yvu_bt709(void) { return &kYvuF709Constants; }
static inline const struct YuvConstants *heed_yvu_bt2020(void) { return &kYvuV2020Constants; }
