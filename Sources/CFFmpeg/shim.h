#pragma once
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/display.h>
#include <libavutil/imgutils.h>
#include <libavutil/log.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>
#include <stdarg.h>
#include <string.h>

// Macros that Swift cannot read.
static const int heed_averror_eof = AVERROR_EOF;
static const int heed_averror_again = AVERROR(EAGAIN);
static const int64_t heed_no_pts = AV_NOPTS_VALUE;

// The bytes that a callback is given are const since libavformat 61.
typedef int (*heed_write)(void *opaque, const uint8_t *bytes, int count);
typedef int64_t (*heed_seek)(void *opaque, int64_t offset, int whence);

static inline AVIOContext *heed_output_open(void *opaque, int size, heed_write write, heed_seek seek) {
    unsigned char *buffer = av_malloc(size);
    if (!buffer) return NULL;
#if LIBAVFORMAT_VERSION_MAJOR < 61
    AVIOContext *output =
        avio_alloc_context(buffer, size, 1, opaque, NULL, (int (*)(void *, uint8_t *, int))write, seek);
#else
    AVIOContext *output = avio_alloc_context(buffer, size, 1, opaque, NULL, write, seek);
#endif
    if (!output) av_free(buffer);
    return output;
}

static inline void heed_output_close(AVIOContext *output) {
    if (output) av_freep(&output->buffer);
    avio_context_free(&output);
}

// FFmpeg tells why it failed only in its log. The first error line since the last reset is kept, for each thread, and
// nothing is printed.
#define HEED_FFMPEG_LINE_SIZE 256

static inline char *heed_ffmpeg_line(void) {
    static _Thread_local char line[HEED_FFMPEG_LINE_SIZE];
    return line;
}

static inline void heed_ffmpeg_log(void *context, int level, const char *format, va_list arguments) {
    (void)context;
    char *line = heed_ffmpeg_line();
    if (level > AV_LOG_ERROR || line[0]) return;
    int prefix = 0;
    av_log_format_line2(NULL, level, format, arguments, line, HEED_FFMPEG_LINE_SIZE, &prefix);
    line[strcspn(line, "\n")] = 0;
}

static inline void heed_ffmpeg_keep_log(void) { av_log_set_callback(heed_ffmpeg_log); }
static inline void heed_ffmpeg_reset_line(void) { heed_ffmpeg_line()[0] = 0; }
