#!/usr/bin/env python3
"""One verdict at every memory limit: audits a large capture under several and compares what is said.

    examples/limits.py target/release/seedbench FOLDER --gib 8 --limits 64M,256M,1G,none

makes FOLDER/capture where it is missing (64 workers in one run, words of a counter under AES-128; one stretch of a
stream is a copy of another's, and one is copied backwards), audits it once a limit, and prints for each the
verdict, a hash of the joins, findings and verdict, the time, and the peak of anonymous memory (RssAnon of
/proc/PID/status, read every 50 ms). Fails where two hashes differ. Linux; needs `openssl` to make the capture.
"""

import argparse
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import time

WORKERS = 64


def make(folder: pathlib.Path, gib: float, sound: bool) -> None:
    folder.mkdir(parents=True)
    size = int(gib * 2**30) // WORKERS // 8 * 8
    for worker in range(WORKERS):
        with open(folder / f"worker-{worker:05}.u64", "wb") as file:
            zeros = subprocess.Popen(["head", "-c", str(size), "/dev/zero"], stdout=subprocess.PIPE)
            cipher = ["openssl", "enc", "-aes-128-ctr", "-nosalt", "-K", f"{worker:032x}", "-iv", "0" * 32]
            subprocess.run(cipher, stdin=zeros.stdout, stdout=file, check=True)
    if sound:
        return
    copied = size // 8 // 8 * 8
    with open(folder / "worker-00003.u64", "rb") as file:
        file.seek(copied)
        part = file.read(copied)
    with open(folder / "worker-00040.u64", "r+b") as file:
        file.seek(3 * copied + 8 * 4321)
        file.write(part)
    words = memoryview(part[: 1 << 20]).cast("Q")[::-1]
    with open(folder / "worker-00051.u64", "r+b") as file:
        file.seek(5 * copied)
        file.write(words.tobytes())


def audit(program: str, capture: pathlib.Path, limit: str, options: list[str]) -> dict:
    command = [program, "audit", str(capture), "--quiet", "--json", "-", *options]
    if limit != "none":
        command += ["--memory", limit]
    started = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    peak = 0
    os.set_blocking(process.stdout.fileno(), False)
    output = b""
    while process.poll() is None:
        try:
            status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
            fields = dict(line.split(":", 1) for line in status.splitlines())
            peak = max(peak, int(fields.get("RssAnon", "0 kB").split()[0]))
        except (FileNotFoundError, ProcessLookupError):
            pass
        output += process.stdout.read() or b""
        time.sleep(0.05)
    output += process.stdout.read() or b""
    wall = time.monotonic() - started
    used = os.times()
    report = json.loads(output)
    analysis = report["cells"][0]["outcome"]["analysis"]
    said = {
        "joins": analysis["joins"],
        "plan": analysis["plan"],
        "findings": report["findings"],
        "verdict": report["verdict"],
    }
    bytes_said = json.dumps(said, sort_keys=True).encode()
    return {
        "limit": limit,
        "verdict": report["verdict"],
        "shared": len(analysis["joins"]["shared"]),
        "sha256": hashlib.sha256(bytes_said).hexdigest()[:16],
        "wall_s": round(wall, 1),
        "cpu_s": round(used.children_user + used.children_system, 1),
        "peak_anon_mib": round(peak / 1024),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--gib", type=float, default=8)
    parser.add_argument("--limits", default="64M,256M,1G,none")
    parser.add_argument("--sound", action="store_true", help="without copies")
    parser.add_argument("options", nargs="*", help="further options of the audit, after --")
    arguments = parser.parse_args()
    capture = arguments.folder / "capture"
    if not capture.exists():
        make(capture, arguments.gib, arguments.sound)
    size = sum(path.stat().st_size for path in capture.iterdir())
    print(f"{size / 2**30:.2f} GiB in {WORKERS} streams")
    print("| limit | verdict | shared | sha256 of joins, plan, findings, verdict | wall s | CPU s | peak anonymous MiB |")
    print("|---|---|---|---|---|---|---|")
    hashes, cpu = set(), 0.0
    for limit in arguments.limits.split(","):
        row = audit(arguments.program, capture, limit, arguments.options)
        row["cpu_s"], cpu = round(row["cpu_s"] - cpu, 1), row["cpu_s"]
        hashes.add(row["sha256"])
        print("| " + " | ".join(str(value) for value in row.values()) + " |", flush=True)
    if len(hashes) > 1:
        sys.exit("the limits do not say the same")


if __name__ == "__main__":
    main()
