# The virtual camera is /dev/video0 and offers YUYV.
test -c /dev/video0
v4l2-ctl --device /dev/video0 --info | grep -q 'Driver name *: vivid'
v4l2-ctl --device /dev/video0 --list-formats | grep -q YUYV
