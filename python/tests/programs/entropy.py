"""Nothing but the operating system's generator."""

import multiprocessing
import os
import secrets
import uuid


def work(_task):
    return secrets.token_hex(8) + str(uuid.uuid4()) + os.urandom(4).hex()


if __name__ == "__main__":
    with multiprocessing.get_context("fork").Pool(4) as pool:
        pool.map(work, range(40))
