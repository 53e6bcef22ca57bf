"""The parts of heed's set-up tool; `build.py`, one folder up, is the program."""
