#!/bin/sh
# Compares the hand-written declarations with OpenVINO's official C headers: the signature of each function, the size of
# each structure and the numbers of the element types. Prints what differs and fails, or says that all agree.
#
#   Sources/COpenVINO/check-functions.sh FOLDER   # has openvino/c/openvino.h
#
# Needs gcc. Last run on the headers of OpenVINO 2026.4.1, which lie in its Python package: all agree.
set -eu

if [ $# -ne 1 ] || [ ! -r "$1/openvino/c/openvino.h" ]; then
    echo "usage: $0 FOLDER, which has openvino/c/openvino.h" >&2
    exit 2
fi
headers=$(realpath "$1")
here=$(dirname "$(realpath "$0")")

{
    # Ours first, for the sizes; then the functions again, in terms of the official types.
    printf '#include "%s/include/COpenVINO.h"\n' "$here"
    for type in version property shape; do
        printf 'enum { size_of_%s = sizeof(openvino_%s) };\n' "$type" "$type"
    done
    printf '#include <openvino/c/openvino.h>\n'
    for type in version property shape; do
        printf '_Static_assert(size_of_%s == sizeof(ov_%s_t), "size of %s");\n' "$type" "$type" "$type"
        printf '#define openvino_%s ov_%s_t\n' "$type" "$type"
    done
    printf '#define CHECK(result, name, parameters) result (*check_##name) parameters = ov_##name;\n'
    printf 'OPENVINO_FUNCTIONS(CHECK)\n'
    while read -r ours theirs; do
        printf '_Static_assert((int)%s == (int)%s, "%s");\n' "$ours" "$theirs" "$ours"
    done <<CONSTANTS
openvino_bool BOOLEAN
openvino_float16 F16
openvino_float32 F32
openvino_int8 I8
openvino_int32 I32
openvino_int64 I64
openvino_uint8 U8
CONSTANTS
} | gcc -std=gnu11 -fsyntax-only -Werror=incompatible-pointer-types -Werror=discarded-qualifiers -I "$headers" -x c -
echo "all functions agree with $headers"
