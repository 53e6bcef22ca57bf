#pragma once
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

// The one row function that libyuv has not: dst[x] = Σ weights[k] · src[k · stride + x], for kernels wider than two rows.
// Weights are in 1/32768 and followed by a 0 when `taps` is odd; sums are exact, so that both versions give equal bytes.

static inline void heed_weighted_rows_plain(
    const uint8_t *src, ptrdiff_t stride, int width, const int16_t *weights, int taps, uint8_t *dst) {
    for (int x = 0; x < width; x++) {
        int32_t sum = 1 << 14;
        for (int k = 0; k < taps; k++) sum += src[k * stride + x] * weights[k];
        sum >>= 15;
        dst[x] = (uint8_t)(sum < 0 ? 0 : sum > 255 ? 255 : sum);
    }
}

#if defined(__x86_64__)
// Needs AVX2 and at least 32 bytes a row.
__attribute__((target("avx2"))) static inline void heed_weighted_rows_avx2(
    const uint8_t *src, ptrdiff_t stride, int width, const int16_t *weights, int taps, uint8_t *dst) {
    const __m256i zero = _mm256_setzero_si256();
    for (int x = 0;;) {
        __m256i a = _mm256_set1_epi32(1 << 14), b = a, c = a, d = a;
        const uint8_t *row = src + x;
        for (int k = 0; k < taps; k += 2, row += 2 * stride) {
            int32_t pair;
            memcpy(&pair, weights + k, sizeof pair);
            const __m256i w = _mm256_set1_epi32(pair);
            const __m256i r0 = _mm256_loadu_si256((const __m256i *)row);
            const __m256i r1 = _mm256_loadu_si256((const __m256i *)(k + 1 < taps ? row + stride : row));
            const __m256i lo = _mm256_unpacklo_epi8(r0, r1), hi = _mm256_unpackhi_epi8(r0, r1);
            a = _mm256_add_epi32(a, _mm256_madd_epi16(_mm256_unpacklo_epi8(lo, zero), w));
            b = _mm256_add_epi32(b, _mm256_madd_epi16(_mm256_unpackhi_epi8(lo, zero), w));
            c = _mm256_add_epi32(c, _mm256_madd_epi16(_mm256_unpacklo_epi8(hi, zero), w));
            d = _mm256_add_epi32(d, _mm256_madd_epi16(_mm256_unpackhi_epi8(hi, zero), w));
        }
        const __m256i ab = _mm256_packs_epi32(_mm256_srai_epi32(a, 15), _mm256_srai_epi32(b, 15));
        const __m256i cd = _mm256_packs_epi32(_mm256_srai_epi32(c, 15), _mm256_srai_epi32(d, 15));
        _mm256_storeu_si256((__m256i *)(dst + x), _mm256_packus_epi16(ab, cd));
        if (x + 32 >= width) return;
        x = x + 64 <= width ? x + 32 : width - 32;  // the last block overlaps the one before it
    }
}
#endif

static inline void heed_weighted_rows(
    const uint8_t *src, ptrdiff_t stride, int width, const int16_t *weights, int taps, uint8_t *dst) {
#if defined(__x86_64__)
    if (width >= 32 && TestCpuFlag(kCpuHasAVX2)) {
        heed_weighted_rows_avx2(src, stride, width, weights, taps, dst);
        return;
    }
#endif
    heed_weighted_rows_plain(src, stride, width, weights, taps, dst);
}
