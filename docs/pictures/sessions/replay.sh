# The demo as it is.
cp "${XDG_DATA_HOME:-$HOME/.local/share}/heed/recordings/"demo.* "$OUT"
cd "$OUT"
/usr/bin/python3 "$OLDPWD/docs/pictures/session.py" "$OUT/session.cast" "heed replay demo.mkv"
