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
raise SystemExit(0 if abs(abs(drift) - 10_000) < 1000 else "the card was set to be 10000 ppm slow")
CHECK
