# Each pixel format that heed reads gives the right colours, those that libv4l converts too.
# seconds: 400
. devices/library/tests.sh
run_tests 'VividPictureTests|everyFormatThatIsOfferedIsDelivered'
