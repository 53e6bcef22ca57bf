#define _GNU_SOURCE
#include "CVideo4Linux.h"

#include <errno.h>
#include <linux/videodev2.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>

_Static_assert(heed_v4l2_can_capture == V4L2_CAP_VIDEO_CAPTURE, "capability");
_Static_assert(heed_v4l2_can_capture_planes == V4L2_CAP_VIDEO_CAPTURE_MPLANE, "capability");
_Static_assert(heed_v4l2_can_capture_metadata == V4L2_CAP_META_CAPTURE, "capability");
_Static_assert(heed_v4l2_can_stream == V4L2_CAP_STREAMING, "capability");

static int call(int file, unsigned long request, void *argument) {
    return ioctl(file, request, argument) < 0 ? -errno : 0;
}

static enum v4l2_buf_type capture_type(bool planes) {
    return planes ? V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE : V4L2_BUF_TYPE_VIDEO_CAPTURE;
}

int heed_v4l2_query_capability(int file, heed_v4l2_capability *result) {
    struct v4l2_capability capability = {0};
    int status = call(file, VIDIOC_QUERYCAP, &capability);
    if (status) return status;
    *result = (heed_v4l2_capability){0};
    memcpy(result->driver, capability.driver, sizeof capability.driver);
    memcpy(result->card, capability.card, sizeof capability.card);
    memcpy(result->bus, capability.bus_info, sizeof capability.bus_info);
    result->capabilities =
        capability.capabilities & V4L2_CAP_DEVICE_CAPS ? capability.device_caps : capability.capabilities;
    return 0;
}

int heed_v4l2_offered_format(int file, bool planes, uint32_t index, heed_v4l2_format_offer *result) {
    struct v4l2_fmtdesc offer = {.index = index, .type = capture_type(planes)};
    int status = call(file, VIDIOC_ENUM_FMT, &offer);
    if (status) return status;
    *result = (heed_v4l2_format_offer){
        .fourcc = offer.pixelformat,
        .is_compressed = offer.flags & V4L2_FMT_FLAG_COMPRESSED,
        .is_emulated = offer.flags & V4L2_FMT_FLAG_EMULATED,
    };
    memcpy(result->description, offer.description, sizeof offer.description);
    return 0;
}

int heed_v4l2_offered_size(int file, uint32_t fourcc, uint32_t index, heed_v4l2_size_offer *result) {
    struct v4l2_frmsizeenum offer = {.index = index, .pixel_format = fourcc};
    int status = call(file, VIDIOC_ENUM_FRAMESIZES, &offer);
    if (status) return status;
    if (offer.type == V4L2_FRMSIZE_TYPE_DISCRETE) {
        *result = (heed_v4l2_size_offer){
            offer.discrete.width,  offer.discrete.width,  1,
            offer.discrete.height, offer.discrete.height, 1,
        };
        return 0;
    }
    *result = (heed_v4l2_size_offer){
        offer.stepwise.min_width,  offer.stepwise.max_width,  offer.stepwise.step_width,
        offer.stepwise.min_height, offer.stepwise.max_height, offer.stepwise.step_height,
    };
    return 0;
}

static heed_v4l2_fraction fraction(struct v4l2_fract from) {
    return (heed_v4l2_fraction){from.numerator, from.denominator};
}

int heed_v4l2_offered_interval(
    int file, uint32_t fourcc, uint32_t width, uint32_t height, uint32_t index, heed_v4l2_interval_offer *result) {
    struct v4l2_frmivalenum offer = {.index = index, .pixel_format = fourcc, .width = width, .height = height};
    int status = call(file, VIDIOC_ENUM_FRAMEINTERVALS, &offer);
    if (status) return status;
    if (offer.type == V4L2_FRMIVAL_TYPE_DISCRETE) {
        *result = (heed_v4l2_interval_offer){fraction(offer.discrete), fraction(offer.discrete), {0, 1}};
        return 0;
    }
    // A continuous range comes with a step of 1/1, which means nothing.
    bool is_continuous = offer.type == V4L2_FRMIVAL_TYPE_CONTINUOUS;
    *result = (heed_v4l2_interval_offer){
        fraction(offer.stepwise.min),
        fraction(offer.stepwise.max),
        is_continuous ? (heed_v4l2_fraction){0, 1} : fraction(offer.stepwise.step),
    };
    return 0;
}

static uint32_t matrix(uint32_t encoding) {
    switch (encoding) {
    case V4L2_YCBCR_ENC_709:
    case V4L2_YCBCR_ENC_XV709: return heed_v4l2_matrix_709;
    case V4L2_YCBCR_ENC_BT2020:
    case V4L2_YCBCR_ENC_BT2020_CONST_LUM: return heed_v4l2_matrix_2020;
    default: return heed_v4l2_matrix_601;
    }
}

// What the driver leaves open follows from the colour space, as the kernel's own macros have it. Luma alone is no
// Y'CbCr: like RGB, it spans its whole range.
static void read_colors(
    heed_v4l2_format *format, uint32_t colorspace, uint32_t encoding, uint32_t quantization) {
    if (encoding == V4L2_YCBCR_ENC_DEFAULT) encoding = V4L2_MAP_YCBCR_ENC_DEFAULT(colorspace);
    if (quantization == V4L2_QUANTIZATION_DEFAULT) {
        bool is_luma = format->fourcc == V4L2_PIX_FMT_GREY;
        quantization = V4L2_MAP_QUANTIZATION_DEFAULT(is_luma, colorspace, encoding);
    }
    format->color_matrix = matrix(encoding);
    format->is_full_range = quantization == V4L2_QUANTIZATION_FULL_RANGE;
}

int heed_v4l2_set_format(int file, bool planes, heed_v4l2_format *format) {
    struct v4l2_format wanted = {.type = capture_type(planes)};
    if (planes) {
        wanted.fmt.pix_mp.pixelformat = format->fourcc;
        wanted.fmt.pix_mp.width = format->width;
        wanted.fmt.pix_mp.height = format->height;
        wanted.fmt.pix_mp.field = V4L2_FIELD_NONE;
        wanted.fmt.pix_mp.num_planes = 1;
    } else {
        wanted.fmt.pix.pixelformat = format->fourcc;
        wanted.fmt.pix.width = format->width;
        wanted.fmt.pix.height = format->height;
        wanted.fmt.pix.field = V4L2_FIELD_NONE;
    }
    int status = call(file, VIDIOC_S_FMT, &wanted);
    if (status) return status;
    uint32_t field;
    if (planes) {
        struct v4l2_pix_format_mplane *taken = &wanted.fmt.pix_mp;
        field = taken->field;
        *format = (heed_v4l2_format){
            .fourcc = taken->pixelformat,
            .width = taken->width,
            .height = taken->height,
            .bytes_per_row = taken->plane_fmt[0].bytesperline,
            .byte_count = taken->plane_fmt[0].sizeimage,
            .memory_count = taken->num_planes,
        };
        read_colors(format, taken->colorspace, taken->ycbcr_enc, taken->quantization);
    } else {
        struct v4l2_pix_format *taken = &wanted.fmt.pix;
        field = taken->field;
        *format = (heed_v4l2_format){
            .fourcc = taken->pixelformat,
            .width = taken->width,
            .height = taken->height,
            .bytes_per_row = taken->bytesperline,
            .byte_count = taken->sizeimage,
            .memory_count = 1,
        };
        // Before this mark was made, drivers left whatever was in the fields.
        bool is_told = taken->priv == V4L2_PIX_FMT_PRIV_MAGIC;
        read_colors(
            format, taken->colorspace, is_told ? taken->ycbcr_enc : 0, is_told ? taken->quantization : 0);
    }
    format->is_interlaced = field != V4L2_FIELD_NONE && field != V4L2_FIELD_ANY;
    return 0;
}

int heed_v4l2_set_interval(int file, bool planes, heed_v4l2_fraction *interval) {
    struct v4l2_streamparm parameters = {.type = capture_type(planes)};
    int status = call(file, VIDIOC_G_PARM, &parameters);
    if (status) return status;
    struct v4l2_captureparm *capture = &parameters.parm.capture;
    if (capture->capability & V4L2_CAP_TIMEPERFRAME) {
        capture->timeperframe.numerator = interval->numerator;
        capture->timeperframe.denominator = interval->denominator;
        status = call(file, VIDIOC_S_PARM, &parameters);
        if (status) return status;
    } else {
        status = -ENOTSUP;
    }
    *interval = fraction(capture->timeperframe);
    return status;
}

int heed_v4l2_request_buffers(int file, bool planes, uint32_t *count) {
    struct v4l2_requestbuffers request = {
        .count = *count, .type = capture_type(planes), .memory = V4L2_MEMORY_MMAP};
    int status = call(file, VIDIOC_REQBUFS, &request);
    if (!status) *count = request.count;
    return status;
}

// A buffer whose picture lies in one memory, in either of the kernel's two ways to say so.
static struct v4l2_buffer described(bool planes, uint32_t index, struct v4l2_plane *plane) {
    struct v4l2_buffer buffer = {.index = index, .type = capture_type(planes), .memory = V4L2_MEMORY_MMAP};
    if (planes) {
        buffer.m.planes = plane;
        buffer.length = 1;
    }
    return buffer;
}

int heed_v4l2_query_buffer(int file, bool planes, uint32_t index, uint32_t *byte_count, uint32_t *offset) {
    struct v4l2_plane plane = {0};
    struct v4l2_buffer buffer = described(planes, index, &plane);
    int status = call(file, VIDIOC_QUERYBUF, &buffer);
    if (status) return status;
    *byte_count = planes ? plane.length : buffer.length;
    *offset = planes ? plane.m.mem_offset : buffer.m.offset;
    return 0;
}

int heed_v4l2_queue(int file, bool planes, uint32_t index) {
    struct v4l2_plane plane = {0};
    struct v4l2_buffer buffer = described(planes, index, &plane);
    return call(file, VIDIOC_QBUF, &buffer);
}

int heed_v4l2_dequeue(int file, bool planes, heed_v4l2_buffer *result) {
    struct v4l2_plane plane = {0};
    struct v4l2_buffer buffer = described(planes, 0, &plane);
    int status = call(file, VIDIOC_DQBUF, &buffer);
    if (status) return status;
    uint32_t offset = planes ? plane.data_offset : 0;
    uint32_t byte_count = planes ? plane.bytesused : buffer.bytesused;
    *result = (heed_v4l2_buffer){
        .index = buffer.index,
        .sequence = buffer.sequence,
        .byte_count = byte_count > offset ? byte_count - offset : 0,
        .data_offset = offset,
        .has_error = buffer.flags & V4L2_BUF_FLAG_ERROR,
        .is_monotonic = (buffer.flags & V4L2_BUF_FLAG_TIMESTAMP_MASK) == V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC,
        .is_start_of_exposure = (buffer.flags & V4L2_BUF_FLAG_TSTAMP_SRC_MASK) == V4L2_BUF_FLAG_TSTAMP_SRC_SOE,
        .nanoseconds = (int64_t)buffer.timestamp.tv_sec * 1000000000 + (int64_t)buffer.timestamp.tv_usec * 1000,
    };
    return 0;
}

int heed_v4l2_stream_on(int file, bool planes) {
    int type = capture_type(planes);
    return call(file, VIDIOC_STREAMON, &type);
}

int heed_v4l2_stream_off(int file, bool planes) {
    int type = capture_type(planes);
    return call(file, VIDIOC_STREAMOFF, &type);
}

int heed_v4l2_set_dynamic_rate(int file, bool allowed) {
    struct v4l2_control control = {.id = V4L2_CID_EXPOSURE_AUTO_PRIORITY, .value = allowed};
    return call(file, VIDIOC_S_CTRL, &control);
}

int heed_event_counter(void) {
    int file = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return file < 0 ? -errno : file;
}

int heed_name_thread(const char *name) { return prctl(PR_SET_NAME, name) < 0 ? -errno : 0; }
