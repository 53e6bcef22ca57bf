"""A web server that behaves as it is told: webhook_server.py PORT LOG [CERTIFICATE] PLAN…

Each request takes the next word of the plan, and those after it `ok`. A number is a status; `hang` never answers;
`slow` takes its time; `ok` writes the body and the authorization to the log and answers 204.
"""

import http.server
import ssl
import sys
import time

port, log, certificate, *plan = sys.argv[1:]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        step = plan.pop(0) if plan else "ok"
        if step == "hang":
            time.sleep(1000)
        if step == "slow":
            time.sleep(0.2)
        if step in ("ok", "slow"):
            with open(log, "a") as file:
                file.write(f"{body} {self.headers['Authorization'] or '-'} {self.headers['Content-Type']}\n")
            step = "204"
        self.send_response(int(step))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", int(port)), Handler)
server.daemon_threads = True
if certificate != "-":
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
