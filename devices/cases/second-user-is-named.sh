# A camera and a microphone that another program has: heed watch, listen and devices name that program.
# seconds: 200
v4l2-ctl --device /dev/video0 --set-fmt-video width=640,height=480 --stream-mmap=4 --stream-count=100000 \
    >/dev/null 2>&1 &
camera=$!
arecord -q -D hw:Loopback,1,0 -f S16_LE -r 48000 /dev/null &
microphone=$!
# The card would lend its other half.
arecord -q -D hw:Loopback,1,1 -f S16_LE -r 48000 /dev/null &
other=$!
for half in 0 1; do
    until grep -q RUNNING /proc/asound/Loopback/pcm1c/sub$half/status; do sleep 0.1; done
done
sleep 1

names() {
    grep "$2" "$1" | grep "$3" | grep -q "$4" || { cat "$1"; echo "$1 does not name $3, process $4"; exit 1; }
}
if "$HEED" watch --camera /dev/video0 --accept-profile >/tmp/watch 2>&1; then cat /tmp/watch; exit 1; fi
names /tmp/watch /dev/video0 v4l2-ctl $camera
if "$HEED" listen --microphone hw:CARD=Loopback,DEV=1 --accept-profile >/tmp/listen 2>&1; then
    cat /tmp/listen
    exit 1
fi
names /tmp/listen hw:CARD=Loopback,DEV=1 arecord $microphone
"$HEED" devices >/tmp/devices
names /tmp/devices . v4l2-ctl $camera
names /tmp/devices . arecord $microphone
cat /tmp/watch /tmp/listen
kill $camera $microphone $other
