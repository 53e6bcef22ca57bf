# When heed listen is held up for 2 s, the sound that is lost is one gap in its results, and what follows is written down.
# clock: counted
# seconds: 900
. devices/library/speech.sh
start_listening
play &
player=$!
# Within the second sentence.
sleep 9
kill -STOP $heed
stopped=$(cut -d' ' -f1 /proc/uptime)
sleep 2
kill -CONT $heed
went_on=$(cut -d' ' -f1 /proc/uptime)
wait $player
end_listening
transcribe
/usr/bin/python3 devices/library/check_gap.py /tmp/results.jsonl /tmp/summary.json /tmp/said /tmp/speech.jsonl \
    "$(echo "$went_on $stopped" | awk '{ print $1 - $2 }')"
