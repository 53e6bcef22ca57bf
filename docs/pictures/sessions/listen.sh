# The demo's sound, played into the card whose input is its output.
ffmpeg -v error -i "${XDG_DATA_HOME:-$HOME/.local/share}/heed/recordings/demo.mkv" -map 0:a -c copy /tmp/speech.wav
{
    until grep -q RUNNING /proc/asound/Loopback/pcm1c/sub0/status; do sleep 0.1; done
    aplay -q -D hw:Loopback,0,0 /tmp/speech.wav
} &
/usr/bin/python3 docs/pictures/session.py --interrupt-after 18 --begin "met" "$OUT/session.cast" \
    "heed listen --microphone hw:CARD=Loopback,DEV=1 --deadline 2s --accept-profile"
