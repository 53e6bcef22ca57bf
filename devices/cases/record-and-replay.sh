# Camera and microphone, recognised and recorded for 15 s, replay with the same samples; 99 % arrive within 1 ms of then.
# clock: counted
# seconds: 1500
. devices/library/speech.sh
cat >/tmp/both.yaml <<'YAML'
camera:
  device: /dev/video0
  size: 640x480
  rate: 25
microphone:
  device: hw:CARD=Loopback,DEV=1
record:
  path: /tmp/both.mkv
  video: raw
recognizers: [efficientnet-lite0-int8, moonshine-tiny]
goal:
  deadline: 1s
speech:
  goal:
    deadline: 5s
YAML
"$HEED" run /tmp/both.yaml --accept-profile --results /tmp/live.jsonl --duration 17s >/tmp/said 2>&1 &
heed=$!
until grep -q RUNNING /proc/asound/Loopback/pcm1c/sub0/status; do
    kill -0 $heed 2>/dev/null || { cat /tmp/said; exit 1; }
    sleep 0.1
done
play
wait $heed || { cat /tmp/said; exit 1; }
complaints=$(ffmpeg -v warning -nostdin -i /tmp/both.mkv -f null - 2>&1; ffprobe -v warning /tmp/both.mkv 2>&1)
test -z "$complaints" || { echo "ffmpeg complains: $complaints"; exit 1; }
"$HEED" replay --pipeline /tmp/both.yaml /tmp/both.mkv --accept-profile --results /tmp/replayed.jsonl >/tmp/said 2>&1 ||
    { cat /tmp/said; exit 1; }
/usr/bin/python3 devices/library/check_replay.py /tmp/live.jsonl /tmp/replayed.jsonl
