"""Viewers of heed's page that are no browser: they ask for what the page asks for, and read all of it, or nothing."""

import selectors
import socket
import threading

EVENTS, PICTURES = "/api/events", "/preview.mjpeg"
PICTURE = b"--heed-frame\r\n"


class Viewers:
    """Plain clients, each with the events and the pictures; one thread reads for all of them and only counts."""

    def __init__(self, port, count):
        self.received = {EVENTS: 0, PICTURES: 0}
        self.pictures, self.lost = 0, 0
        self._selector = selectors.DefaultSelector()
        for _ in range(count):
            for path in (EVENTS, PICTURES):
                self._selector.register(_ask(port, path), selectors.EVENT_READ, path)
        self._open = True
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._open = False
        self._thread.join()
        for key in list(self._selector.get_map().values()):
            key.fileobj.close()
        self._selector.close()

    def _read(self):
        buffer = bytearray(1 << 18)
        while self._open:
            for key, _ in self._selector.select(0.1):
                try:
                    count = key.fileobj.recv_into(buffer)
                except OSError:
                    count = 0
                self.received[key.data] += count
                self.pictures += buffer.count(PICTURE, 0, count)
                if count == 0:
                    self.lost += 1
                    self._selector.unregister(key.fileobj)
                    key.fileobj.close()


def silent(port, path):
    """A viewer that asks and then reads nothing."""
    return _ask(port, path, receive_buffer=4096)


def _ask(port, path, receive_buffer=None):
    connection = socket.socket()
    if receive_buffer:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    connection.connect(("127.0.0.1", port))
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
    return connection
