#pragma once
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

// The one row function that libyuv has not, for kernels wider than two rows:
// dst[x] = (bias + Σ weight[k] · src[k · stride + x]) / 2²², rounded down and clamped.
// Weights are in 1/2²² as in Pillow; weight[k] = 256 · high[k] + low[k], so that vector units can multiply 16 bits at a
// time and still be exact: both versions give the same bytes. Without `low` (NULL) weights are in 1/2¹⁴, which costs a
// third less. An odd number of weights is followed by a 0 in `high` and in `low`.

static inline void heed_weighted_rows_plain(
    const uint8_t *src, ptrdiff_t stride, int width, const int16_t *high, const int16_t *low, int taps, int32_t bias,
    uint8_t *dst) {
    for (int x = 0; x < width; x++) {
        int32_t sum = bias;
        for (int k = 0; k < taps; k++) sum += src[k * stride + x] * (256 * high[k] + (low ? low[k] : 0));
        sum >>= 22;
        dst[x] = (uint8_t)(sum < 0 ? 0 : sum > 255 ? 255 : sum);
    }
}

#if defined(__x86_64__)
// Needs AVX2 and at least 32 bytes a row.
__attribute__((target("avx2"))) static inline void heed_weighted_rows_avx2(
    const uint8_t *src, ptrdiff_t stride, int width, const int16_t *high, const int16_t *low, int taps, int32_t bias,
    uint8_t *dst) {
    const __m256i zero = _mm256_setzero_si256(), start = _mm256_set1_epi32(bias);
    for (int x = 0;;) {
        __m256i ah = zero, bh = zero, ch = zero, dh = zero, al = start, bl = start, cl = start, dl = start;
        const uint8_t *row = src + x;
        for (int k = 0; k < taps; k += 2, row += 2 * stride) {
            int32_t high_pair, low_pair;
            memcpy(&high_pair, high + k, sizeof high_pair);
            const __m256i wh = _mm256_set1_epi32(high_pair);
            const __m256i r0 = _mm256_loadu_si256((const __m256i *)row);
            const __m256i r1 = _mm256_loadu_si256((const __m256i *)(k + 1 < taps ? row + stride : row));
            const __m256i front = _mm256_unpacklo_epi8(r0, r1), back = _mm256_unpackhi_epi8(r0, r1);
            const __m256i a = _mm256_unpacklo_epi8(front, zero), b = _mm256_unpackhi_epi8(front, zero);
            const __m256i c = _mm256_unpacklo_epi8(back, zero), d = _mm256_unpackhi_epi8(back, zero);
            ah = _mm256_add_epi32(ah, _mm256_madd_epi16(a, wh)), bh = _mm256_add_epi32(bh, _mm256_madd_epi16(b, wh));
            ch = _mm256_add_epi32(ch, _mm256_madd_epi16(c, wh)), dh = _mm256_add_epi32(dh, _mm256_madd_epi16(d, wh));
            if (!low) continue;
            memcpy(&low_pair, low + k, sizeof low_pair);
            const __m256i wl = _mm256_set1_epi32(low_pair);
            al = _mm256_add_epi32(al, _mm256_madd_epi16(a, wl)), bl = _mm256_add_epi32(bl, _mm256_madd_epi16(b, wl));
            cl = _mm256_add_epi32(cl, _mm256_madd_epi16(c, wl)), dl = _mm256_add_epi32(dl, _mm256_madd_epi16(d, wl));
        }
        const __m256i a = _mm256_srai_epi32(_mm256_add_epi32(_mm256_slli_epi32(ah, 8), al), 22);
        const __m256i b = _mm256_srai_epi32(_mm256_add_epi32(_mm256_slli_epi32(bh, 8), bl), 22);
        const __m256i c = _mm256_srai_epi32(_mm256_add_epi32(_mm256_slli_epi32(ch, 8), cl), 22);
        const __m256i d = _mm256_srai_epi32(_mm256_add_epi32(_mm256_slli_epi32(dh, 8), dl), 22);
        const __m256i front = _mm256_packs_epi32(a, b), back = _mm256_packs_epi32(c, d);
        _mm256_storeu_si256((__m256i *)(dst + x), _mm256_packus_epi16(front, back));
        if (x + 32 >= width) return;
        x = x + 64 <= width ? x + 32 : width - 32;  // the last block overlaps the one before it
    }
}
#endif

static inline void heed_weighted_rows(
    const uint8_t *src, ptrdiff_t stride, int width, const int16_t *high, const int16_t *low, int taps, int32_t bias,
    uint8_t *dst) {
#if defined(__x86_64__)
    if (width >= 32 && TestCpuFlag(kCpuHasAVX2)) {
        heed_weighted_rows_avx2(src, stride, width, high, low, taps, bias, dst);
        return;
    }
#endif
    heed_weighted_rows_plain(src, stride, width, high, low, taps, bias, dst);
}
