# A camera's JPEG pictures have the bytes that it was fed, and are what another decoder makes of them.
# modules: v4l2loopback video_nr=0 exclusive_caps=1
# Blurred, for decoders differ in how they fill in the chroma of hard edges.
ffmpeg -v error -f lavfi -i testsrc2=size=640x480,gblur=sigma=3 -frames:v 1 \
    -pix_fmt yuvj422p -c:v mjpeg -q:v 2 /tmp/fed.jpg
ffmpeg -v error -i /tmp/fed.jpg -vf scale=flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp \
    -f rawvideo -pix_fmt rgb24 /tmp/fed.rgb
ffmpeg -v error -re -stream_loop -1 -framerate 25 -f image2 -i /tmp/fed.jpg -c copy -f v4l2 /dev/video0 &
feeder=$!
tries=0
until v4l2-ctl --device /dev/video0 --list-formats | grep -q MJPG; do
    tries=$((tries + 1))
    [ $tries -lt 30 ] || { echo "the camera was not fed"; exit 1; }
    sleep 1
done
export HEED_FED_JPEG=/tmp/fed.jpg HEED_FED_PIXELS=/tmp/fed.rgb
. devices/library/tests.sh
run_tests FedCameraTests
kill $feeder
