# heed devices lists camera and card, names who holds them, and knows the command for what is forbidden.
list=$("$HEED" devices)
echo "$list"
echo "$list" | grep -q '^  /dev/video0$'
echo "$list" | grep -q '^  heed takes  .* 640×480 25/s$'
echo "$list" | grep -q '^  hw:CARD=Loopback,DEV=1$'
test "$(echo "$list" | grep -c '^  busy')" = 0

v4l2-ctl --device /dev/video0 --set-fmt-video=width=640,height=480 --stream-mmap --stream-count=500 >/dev/null 2>&1 &
for substream in 0 1; do
    arecord -q -D "hw:Loopback,1,$substream" -f S16_LE -r 16000 /dev/null &
done
sleep 2
list=$("$HEED" devices)
echo "$list" | grep -q '^  busy        held by v4l2-ctl (process [0-9]*)$'
echo "$list" | grep -q '^  busy        held by arecord (process [0-9]*), arecord (process [0-9]*)$'
test "$("$HEED" devices --json | grep -c '"busy" : true')" = 2

chgrp video /dev/video0
chgrp audio /dev/snd/*
chmod 660 /dev/video0 /dev/snd/*
list=$(setpriv --reuid=65534 --regid=65534 --clear-groups "$HEED" devices)
echo "$list" | grep -q 'sudo usermod -aG video'
echo "$list" | grep -q 'sudo usermod -aG audio'
