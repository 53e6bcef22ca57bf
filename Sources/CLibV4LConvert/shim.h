#pragma once
#include <errno.h>
#include <libv4l-plugin.h>
#include <libv4lconvert.h>
#include <stdint.h>
#include <string.h>

// A picture as Video4Linux describes it.
typedef struct {
    uint32_t fourcc, width, height, bytes_per_row, byte_count;
} heed_v4l_picture;

// The converter asks its device for what it can do and turns pictures of some devices upside down. heed hands it
// pictures only; in place of a device there is one that can do nothing and has no name.
static inline void *heed_v4l_open(int file) { return NULL; }
static inline void heed_v4l_close(void *device) {}
static inline int heed_v4l_control(void *device, int file, unsigned long request, void *argument) {
    if (request == VIDIOC_QUERYCAP) {
        memset(argument, 0, sizeof(struct v4l2_capability));
        return 0;
    }
    errno = ENOTTY;
    return -1;
}
static inline ssize_t heed_v4l_read(void *device, int file, void *bytes, size_t count) {
    errno = EBADF;
    return -1;
}
static inline ssize_t heed_v4l_write(void *device, int file, const void *bytes, size_t count) {
    errno = EBADF;
    return -1;
}

// A converter, or NULL where there is no memory.
static inline struct v4lconvert_data *heed_v4l_converter(void) {
    static const struct libv4l_dev_ops no_device = {
        .init = heed_v4l_open, .close = heed_v4l_close, .ioctl = heed_v4l_control,
        .read = heed_v4l_read, .write = heed_v4l_write,
    };
    return v4lconvert_create_with_dev_ops(-1, NULL, &no_device);
}

static inline struct v4l2_format heed_v4l_format(heed_v4l_picture picture) {
    struct v4l2_format format = {.type = V4L2_BUF_TYPE_VIDEO_CAPTURE};
    format.fmt.pix.pixelformat = picture.fourcc;
    format.fmt.pix.width = picture.width;
    format.fmt.pix.height = picture.height;
    format.fmt.pix.bytesperline = picture.bytes_per_row;
    format.fmt.pix.sizeimage = picture.byte_count;
    format.fmt.pix.field = V4L2_FIELD_NONE;
    return format;
}

// Writes `target.byte_count` bytes at most; returns how many, or the negative error number: EPIPE for a picture with
// too few bytes.
static inline int heed_v4l_convert(
    struct v4lconvert_data *converter, heed_v4l_picture source, heed_v4l_picture target, uint8_t *from, int count,
    uint8_t *to) {
    struct v4l2_format has = heed_v4l_format(source), wanted = heed_v4l_format(target);
    int written = v4lconvert_convert(converter, &has, &wanted, from, count, to, (int)target.byte_count);
    return written < 0 ? -errno : written;
}
