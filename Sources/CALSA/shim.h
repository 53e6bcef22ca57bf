#pragma once
#include <alsa/asoundlib.h>
#include <stdarg.h>
#include <stdio.h>

// alsa-lib tells why it failed only to a handler with a variable number of arguments. The first line since the last
// reset is kept, for each thread, and nothing is printed.
#define HEED_ALSA_LINE_SIZE 256

static inline char *heed_alsa_line(void) {
    static _Thread_local char line[HEED_ALSA_LINE_SIZE];
    return line;
}

static inline void heed_alsa_log(
    const char *file, int number, const char *function, int error, const char *format, ...) {
    (void)file, (void)number, (void)function, (void)error;
    char *line = heed_alsa_line();
    if (line[0]) return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, HEED_ALSA_LINE_SIZE, format, arguments);
    va_end(arguments);
}

static inline void heed_alsa_keep_log(void) { snd_lib_error_set_handler(heed_alsa_log); }
static inline void heed_alsa_reset_line(void) { heed_alsa_line()[0] = 0; }
