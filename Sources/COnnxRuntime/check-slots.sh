#!/bin/sh
# Compares the hand-written function table with ONNX Runtime's official header: the slot and the signature of each
# function in table.c, and the numbers of the constants. Prints what differs and fails, or says that all agree.
#
#   Sources/COnnxRuntime/check-slots.sh /usr/include/onnxruntime/onnxruntime_c_api.h
#
# Needs gcc. Last run on the headers of libonnxruntime-dev 1.21.0 (Debian 13) and 1.23.2 (Debian unstable): all agree.
# Functions later than the header are left out, and it says so; those of 1.24 were compared with the text of that
# release's header by eye. Debian 12 has no such package; `apt-get download` through an apt root of its own with another
# source fetches it, and `dpkg-deb -x` unpacks it without installing anything.
set -eu

if [ $# -ne 1 ] || [ ! -r "$1" ]; then
    echo "usage: $0 PATH/TO/onnxruntime_c_api.h" >&2
    exit 2
fi
header=$(realpath "$1")
here=$(dirname "$(realpath "$0")")
version=$(sed -n 's/^#define ORT_API_VERSION \([0-9]*\).*/\1/p' "$header")
# Table, function, and the API version that brought it.
names=$(sed -n -e 's/^SLOT(\([A-Za-z0-9_]*\), [0-9]*)$/ort_api \1 21/p' \
    -e 's/^PROVIDER_SLOT(\([A-Za-z0-9_]*\), [0-9]*, \([0-9]*\))$/ort_provider_api \1 \2/p' "$here/table.c")
known=$(echo "$names" | awk -v version="$version" '$3 <= version')

{
    # gcc compares an enumeration with its integer type as C does, and knows no nullability.
    printf '#define _Nonnull\n#define _Nullable\n'
    printf '#include "%s"\n#include "%s"\n' "$header" "$here/include/COnnxRuntime.h"
    echo "$known" | while read -r table name _; do
        printf '_Static_assert(offsetof(%s, %s) == offsetof(OrtApi, %s), "slot of %s");\n' \
            "$table" "$name" "$name" "$name"
        printf 'void check_%s(OrtApi *theirs, %s *ours) { theirs->%s = ours->%s; }\n' "$name" "$table" "$name" "$name"
    done
    while read -r ours theirs; do
        printf '_Static_assert((int)%s == (int)%s, "%s");\n' "$ours" "$theirs" "$ours"
    done <<CONSTANTS
ort_log_fatal ORT_LOGGING_LEVEL_FATAL
ort_optimize_nothing ORT_DISABLE_ALL
ort_optimize_all ORT_ENABLE_ALL
ort_allocator_arena OrtArenaAllocator
ort_memory_default OrtMemTypeDefault
ort_float32 ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT
ort_uint8 ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8
ort_int8 ONNX_TENSOR_ELEMENT_DATA_TYPE_INT8
ort_int32 ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32
ort_int64 ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64
ort_bool ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL
ort_float16 ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16
CONSTANTS
    printf '_Static_assert(ort_api_version <= ORT_API_VERSION, "the header is older than the table");\n'
} | gcc -std=c11 -fsyntax-only -Wno-unknown-pragmas -Wno-attributes \
    -Werror=incompatible-pointer-types -Werror=discarded-qualifiers -x c -

echo "all $(echo "$known" | wc -l) functions agree with $header"
if [ "$known" != "$names" ]; then
    later=$(($(echo "$names" | wc -l) - $(echo "$known" | wc -l)))
    echo "$later functions came after API version $version: not compared"
fi
