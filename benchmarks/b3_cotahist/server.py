"""`python -m benchmarks.b3_cotahist.server`: an empty S3 and Glue on a free port, which it prints."""

import time

from moto.server import ThreadedMotoServer

if __name__ == "__main__":
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    print(server.get_host_and_port()[1], flush=True)  # noqa: T201
    while True:
        time.sleep(3600)
