# Every frame that the driver numbers is in the results of heed watch, and lost are those that the driver dropped.
# seconds: 300
# The driver's own numbers come from the kernel's trace of each buffer that a program takes.
mount -t tracefs trace /sys/kernel/tracing
cd /sys/kernel/tracing
echo 8192 >buffer_size_kb
echo 1 >events/v4l2/v4l2_dqbuf/enable
cd - >/dev/null
# From the start of exposure on: stamps of its end lie in the future, as this driver gives them.
v4l2-ctl --device /dev/video0 -c timestamp_source=1
"$HEED" watch --camera /dev/video0 --size 640x480 --rate 25 --format yuyv --recognizer efficientnet-lite0-int8 \
    --accept-profile --duration 20s --results /tmp/results.jsonl >/tmp/said 2>&1 &
heed=$!
until [ "$(cat /tmp/results.jsonl 2>/dev/null | wc -l)" -gt 100 ]; do
    kill -0 $heed 2>/dev/null || { cat /tmp/said; exit 1; }
    sleep 0.5
done
v4l2-ctl --device /dev/video0 -c percentage_of_dropped_buffers=20
sleep 4
v4l2-ctl --device /dev/video0 -c percentage_of_dropped_buffers=0
wait $heed || { cat /tmp/said; exit 1; }
cp /sys/kernel/tracing/trace /tmp/trace
/usr/bin/python3 devices/library/check_frames.py /tmp/results.jsonl /tmp/trace
grep -E 'camera ' /tmp/said
