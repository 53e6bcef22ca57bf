# heed listen makes of speech that is played into the microphone what heed transcribe makes of the file.
# clock: counted
# seconds: 900
. devices/library/speech.sh
start_listening
play
end_listening
transcribe
/usr/bin/python3 devices/library/check_words.py /tmp/results.jsonl /tmp/speech.jsonl
