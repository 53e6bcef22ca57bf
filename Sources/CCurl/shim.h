#pragma once
#include <curl/curl.h>
#include <string.h>

// libcurl's options have a variable number of arguments, which Swift cannot call: one function for each kind of value.
static inline CURLcode heed_curl_set_number(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode heed_curl_set_text(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode heed_curl_set_pointer(CURL *handle, CURLoption option, void *value) {
    return curl_easy_setopt(handle, option, value);
}

// The beginning of what the server answers: as much of it as there is room for.
struct heed_curl_answer {
    char *bytes;
    size_t length;
    size_t capacity;
};

static inline size_t heed_curl_keep(char *bytes, size_t size, size_t count, void *context) {
    struct heed_curl_answer *answer = context;
    size_t room = answer->capacity - answer->length;
    size_t kept = size * count < room ? size * count : room;
    memcpy(answer->bytes + answer->length, bytes, kept);
    answer->length += kept;
    return size * count;
}

static inline CURLcode heed_curl_keep_answer(CURL *handle, struct heed_curl_answer *answer) {
    CURLcode result = curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, heed_curl_keep);
    return result != CURLE_OK ? result : curl_easy_setopt(handle, CURLOPT_WRITEDATA, answer);
}

static inline long heed_curl_status(CURL *handle) {
    long status = 0;
    return curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK ? status : 0;
}
