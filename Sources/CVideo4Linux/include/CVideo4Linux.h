#pragma once

// Video4Linux's ioctls as plain functions over plain structures.
//
// Swift reads neither the _IOWR macros nor the anonymous unions of <linux/videodev2.h>, so neither leaves shim.c. Every
// function makes one call and returns 0, or the negative errno read right after it. Nothing is retried, nothing is
// allocated, nothing is kept.

#include <stdbool.h>
#include <stdint.h>

/// What a device says of itself. The texts end in a zero.
typedef struct heed_v4l2_capability {
    char driver[17];
    char card[33];
    char bus[33];
    /// What this very node can do, where the driver tells it apart from the whole device.
    uint32_t capabilities;
} heed_v4l2_capability;

enum {
    heed_v4l2_can_capture = 0x00000001,
    heed_v4l2_can_capture_planes = 0x00001000,
    heed_v4l2_can_capture_metadata = 0x00800000,
    heed_v4l2_can_stream = 0x04000000,
};

/// A pixel format on offer.
typedef struct heed_v4l2_format_offer {
    uint32_t fourcc;
    bool is_compressed;
    bool is_emulated;
    char description[33];
} heed_v4l2_format_offer;

/// A size, or a range of sizes: then minimum and maximum differ.
typedef struct heed_v4l2_size_offer {
    uint32_t minimum_width, maximum_width, step_width;
    uint32_t minimum_height, maximum_height, step_height;
} heed_v4l2_size_offer;

/// The time from one frame to the next, in seconds, as a fraction.
typedef struct heed_v4l2_fraction {
    uint32_t numerator, denominator;
} heed_v4l2_fraction;

/// An interval, or a range of intervals: then minimum and maximum differ. A continuous range has a step of 0/1.
typedef struct heed_v4l2_interval_offer {
    heed_v4l2_fraction minimum, maximum, step;
} heed_v4l2_interval_offer;

/// The format in force.
typedef struct heed_v4l2_format {
    uint32_t fourcc, width, height;
    /// Bytes from one row to the next of the first plane, and bytes in the whole picture.
    uint32_t bytes_per_row, byte_count;
    /// The kernel's numbers for colours, with the defaults filled in where the driver leaves them open.
    uint32_t color_matrix;
    bool is_full_range;
    /// The separate memories a picture is spread over.
    uint32_t memory_count;
    bool is_interlaced;
} heed_v4l2_format;

enum { heed_v4l2_matrix_601 = 0, heed_v4l2_matrix_709 = 1, heed_v4l2_matrix_2020 = 2 };

/// What a dequeued buffer says.
typedef struct heed_v4l2_buffer {
    uint32_t index, sequence, byte_count;
    /// Where the picture starts in the buffer.
    uint32_t data_offset;
    bool has_error, is_monotonic;
    /// Whether the stamp is that of the start of the exposure rather than of the end of the frame.
    bool is_start_of_exposure;
    int64_t nanoseconds;
} heed_v4l2_buffer;

int heed_v4l2_query_capability(int file, heed_v4l2_capability *result);

// Offers, by index from 0; -EINVAL after the last.
int heed_v4l2_offered_format(int file, bool planes, uint32_t index, heed_v4l2_format_offer *result);
int heed_v4l2_offered_size(int file, uint32_t fourcc, uint32_t index, heed_v4l2_size_offer *result);
int heed_v4l2_offered_interval(
    int file, uint32_t fourcc, uint32_t width, uint32_t height, uint32_t index, heed_v4l2_interval_offer *result);

// The driver may change what is asked: `format` and `interval` then hold what it took.
int heed_v4l2_set_format(int file, bool planes, heed_v4l2_format *format);
/// Sets the interval and reads it back; -ENOTSUP where the device cannot be told.
int heed_v4l2_set_interval(int file, bool planes, heed_v4l2_fraction *interval);

/// Asks for `count` memory-mapped buffers and tells how many there are; 0 gives all back.
int heed_v4l2_request_buffers(int file, bool planes, uint32_t *count);
int heed_v4l2_query_buffer(int file, bool planes, uint32_t index, uint32_t *byte_count, uint32_t *offset);
int heed_v4l2_queue(int file, bool planes, uint32_t index);
int heed_v4l2_dequeue(int file, bool planes, heed_v4l2_buffer *result);
int heed_v4l2_stream_on(int file, bool planes);
int heed_v4l2_stream_off(int file, bool planes);

/// Whether the camera may lower its rate for a longer exposure; -EINVAL where it has no such control.
int heed_v4l2_set_dynamic_rate(int file, bool allowed);

/// A new event counter for use with poll, or the negative errno.
int heed_event_counter(void);

/// Names the calling thread; 15 letters at most.
int heed_name_thread(const char *name);
