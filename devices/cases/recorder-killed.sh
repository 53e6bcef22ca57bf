# A recording whose recorder was killed opens, plays and holds all but the last second.
# seconds: 300
. devices/library/speech.sh
(while play; do :; done) 2>/dev/null &
"$HEED" record --output /tmp/killed.mkv --camera /dev/video0 --rate 25 --video raw \
    --microphone hw:CARD=Loopback,DEV=1 >/tmp/said 2>&1 &
heed=$!
until grep -q RUNNING /proc/asound/Loopback/pcm1c/sub0/status; do
    kill -0 $heed 2>/dev/null || { cat /tmp/said; exit 1; }
    sleep 0.1
done
started=$(cut -d' ' -f1 /proc/uptime)
sleep 5
kill -KILL $heed
killed=$(cut -d' ' -f1 /proc/uptime)
/usr/bin/python3 devices/library/check_killed.py /tmp/killed.mkv "$(echo "$killed $started" | awk '{ print $1 - $2 }')"
# In real time, in which most frames are too late for such a processor: each has its line all the same.
"$HEED" replay /tmp/killed.mkv --stream frames --policy fastest --recognizer efficientnet-lite0-int8 \
    --accept-profile --results /tmp/replayed.jsonl >/tmp/said 2>&1 || { cat /tmp/said; exit 1; }
test "$(wc -l </tmp/replayed.jsonl)" -gt 90
