# A sound card that is 1 % slow is found to be, within a tenth of that, and words stay where they were said.
# clock: counted
# seconds: 900
# Words would be off by 0.2 s at the end if the card's own count of samples were believed.
amixer -q -c Loopback cset iface=PCM,name='PCM Rate Shift 100000',device=1 101000
. devices/library/speech.sh
start_listening
play
end_listening
transcribe
/usr/bin/python3 devices/library/check_words.py /tmp/results.jsonl /tmp/speech.jsonl 1.01
/usr/bin/python3 - <<'CHECK'
import json
drift = json.load(open("/tmp/summary.json"))["microphone"]["drift_ppm"]
print(f"drift: {drift} ppm")
# Slow is negative: of 101 samples that it says it takes, it takes 100.
set_to = (100_000 / 101_000 - 1) * 1e6
raise SystemExit(0 if abs(drift - set_to) < 1000 else f"the card was set to {set_to:.0f} ppm")
CHECK
