#!/bin/busybox sh
# The first process of the guest. /job, shared with the host, says what to do (settings, modules, command) and takes the
# command's exit status. The command runs in the host's own file system, of which it can change nothing but the shared
# folders: what it writes elsewhere lies in memory.
export PATH=/bin
/bin/busybox mkdir -p /proc /sys /dev /job /lower /upper /whole
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev 2>/dev/null
trap '' INT TERM

end() {
    dmesg >/job/dmesg
    echo "$1" >/job/status
    sync
    poweroff -f
    sleep 9
}
fail() {
    echo "$*" >/job/failure
    end 125
}

while read -r module; do modprobe "$module"; done </boot-modules
tries=0
while ! mount -t 9p -o trans=virtio,version=9p2000.L,msize=131072,cache=none job /job 2>/dev/null; do
    tries=$((tries + 1))
    [ $tries -lt 100 ] || { echo "init: no job to do"; poweroff -f; }
    usleep 20000
done
. /job/settings

port() {
    for folder in /sys/class/virtio-ports/*; do
        [ "$(cat "$folder/name" 2>/dev/null)" = "$1" ] && echo "/dev/${folder##*/}" && return
    done
    return 1
}
tries=0
until output=$(port output) && errors=$(port errors); do
    tries=$((tries + 1))
    [ $tries -lt 100 ] || fail "the guest has no way to send its output"
    usleep 20000
done

mount -t 9p -o ro,trans=virtio,version=9p2000.L,msize=512000,cache=loose host /lower || fail "cannot mount the host's files"
mount -t tmpfs -o size=75% upper /upper
mkdir /upper/changes /upper/work
mount -t overlay -o lowerdir=/lower,upperdir=/upper/changes,workdir=/upper/work whole /whole || fail "cannot lay memory over the host's files"
for folder in proc sys dev run tmp; do mkdir -p /whole/$folder; done
mount -t proc proc /whole/proc
mount -t sysfs sys /whole/sys
ln -sf /proc/self/fd /dev/fd
for number in 0:stdin 1:stdout 2:stderr; do ln -sf "fd/${number%:*}" "/dev/${number#*:}"; done
mkdir -p /dev/pts /dev/shm
mount -t devpts -o gid=5,mode=620 pts /dev/pts
mount -t tmpfs shm /dev/shm
mount --rbind /dev /whole/dev
mount -t tmpfs run /whole/run
# Temporary files of the host are no concern of the guest's, and its own are quicker in memory.
mount -t tmpfs tmp /whole/tmp
chmod 1777 /whole/tmp
# The command's own folder is there, wherever it is.
if [ ! -d "/whole$working_folder" ]; then
    mkdir -p "/whole$working_folder"
    mount --bind "/lower$working_folder" "/whole$working_folder" || fail "cannot show $working_folder"
fi
modules=/lib/modules/$(uname -r)
mkdir -p "/whole$modules"
mount --bind "$modules" "/whole$modules"
number=0
while read -r folder; do
    mkdir -p "/whole$folder"
    mount -t 9p -o trans=virtio,version=9p2000.L,msize=512000,cache=mmap "shared$number" "/whole$folder" ||
        fail "cannot share $folder"
    number=$((number + 1))
done </job/shared
ip link set lo up
hostname heed-devices

# Each line is a module with its parameters.
while read -r line; do
    # shellcheck disable=SC2086 # One word for each parameter.
    modprobe $line || fail "cannot load the module: $line"
done </job/modules
if grep -q '^vivid' /job/modules; then
    tries=0
    while [ ! -e /dev/video0 ] && [ $tries -lt 100 ]; do usleep 20000; tries=$((tries + 1)); done
fi
[ -z "$open_devices" ] || chmod 666 /dev/video* /dev/snd/* 2>/dev/null

# Through pipes, because a command may open /dev/stdout anew, and a port opens only once.
mkfifo /output /errors
cat </output >"$output" &
relay=$!
cat </errors >"$errors" &
relay="$relay $!"
mkdir -p /whole/run/job
mount --bind /job /whole/run/job
chroot /whole /bin/sh /run/job/command </dev/null >/output 2>/errors
status=$?
# What the command left running holds the pipes open; that is no reason to wait for ever.
(usleep 2000000; kill -KILL $relay) >/dev/null 2>&1 &
# shellcheck disable=SC2086 # Two processes.
wait $relay
end $status
