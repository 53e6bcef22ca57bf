# The loopback card can be recorded from.
arecord --list-devices | grep -q 'card 0: Loopback'
grep -q 'Loopback' /proc/asound/cards
