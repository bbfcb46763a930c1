"""A web server that loads its application before it forks: every worker inherits the module's generator."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np

WORKERS = 3
rng = np.random.default_rng()  # made


def application(_environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    token = rng.integers(2**32)  # draws
    time.sleep(0.05)  # so that another worker takes the next request
    return [f"{os.getpid()} {token}".encode()]


def ask(address):
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(address)
        connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
        answer = b""
        while part := connection.recv(4096):
            answer += part
    return answer.rsplit(b"\r\n", 1)[1].split()[0]


def run(folder):
    address = os.path.join(folder, "socket")
    options = ["--preload", "--workers", str(WORKERS), "--bind", f"unix:{address}", "--log-level", "error"]
    options += ["--worker-tmp-dir", folder, "--chdir", os.path.dirname(os.path.abspath(__file__))]
    server = subprocess.Popen([sys.executable, "-m", "gunicorn", *options, "gunicorn_preload:application"])
    seen = set()
    try:
        end = time.monotonic() + 60
        while len(seen) < WORKERS and time.monotonic() < end:
            try:
                with ThreadPoolExecutor(WORKERS) as together:
                    seen.update(together.map(ask, [address] * WORKERS))
            except (OSError, IndexError):  # it is not there yet
                time.sleep(0.1)
    finally:
        server.terminate()
        server.wait()
    sys.exit(len(seen) != WORKERS)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        run(folder)
