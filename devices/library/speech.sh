# Speech for a case that plays it and listens; to be read by it.

speech=/tmp/speech.wav
# The demo recording's sound: 20.8 s.
ffmpeg -v error -i "${XDG_DATA_HOME:-$HOME/.local/share}/heed/recordings/demo.mkv" -map 0:a -c copy $speech

# start_listening: heed listens to what is played, with $heed its process, until it is told to end.
start_listening() {
    "$HEED" listen --microphone hw:CARD=Loopback,DEV=1 --recognizer moonshine-tiny --accept-profile --deadline 5s \
        --results /tmp/results.jsonl --summary /tmp/summary.json >/tmp/said 2>&1 &
    heed=$!
    until grep -q RUNNING /proc/asound/Loopback/pcm1c/sub0/status; do
        kill -0 $heed 2>/dev/null || { cat /tmp/said; return 1; }
        sleep 0.1
    done
}

# end_listening: ends it as Ctrl-C does, two seconds after the last sound.
end_listening() {
    sleep 2
    kill -INT $heed
    wait $heed || { cat /tmp/said; return 1; }
}

play() { aplay -q -D hw:Loopback,0,0 $speech; }

# transcribe: what the same recogniser makes of the file, as /tmp/speech.jsonl.
transcribe() {
    "$HEED" transcribe $speech --recognizer moonshine-tiny --threads 1 --to jsonl --output-folder /tmp >/dev/null 2>&1
}
