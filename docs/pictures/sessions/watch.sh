# The demo's frames, five a second, as a camera's.
ffmpeg -v error -i "${XDG_DATA_HOME:-$HOME/.local/share}/heed/recordings/demo.mkv" -map 0:v -c copy \
    -bsf:v 'noise=drop=mod(n\,6)' /tmp/frames.mkv
echo @5 >/sys/devices/virtual/video4linux/video0/format
ffmpeg -v error -re -stream_loop -1 -i /tmp/frames.mkv -c copy -f v4l2 /dev/video0 &
tries=0
until v4l2-ctl --device /dev/video0 --list-formats | grep -q MJPG; do
    tries=$((tries + 1))
    [ $tries -lt 60 ] || { echo "the camera was not fed"; exit 1; }
    sleep 0.5
done
/usr/bin/python3 docs/pictures/session.py --interrupt-after 21 --begin "met" "$OUT/session.cast" \
    "heed watch --rate 5 --deadline 300ms --accept-profile"
