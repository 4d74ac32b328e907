"""`python -m benchmarks.server PLACE`: where a contender lands, said as variables in JSON.

PLACE is `local`, the local AWS's S3 and Glue, empty, or `nowhere`: an S3 that keeps nothing and that Glue.
"""

import json
import sys
import time
from contextlib import suppress

from benchmarks import nowhere
from localaws.apis import serving

LONGER_THAN_ANY_RUN = 24 * 3600

PLACES = ("local", "nowhere")

if __name__ == "__main__":
    if sys.argv[1] not in PLACES:
        sys.exit(f"{sys.argv[1]} is none of {', '.join(PLACES)}")
    with serving() as apis:
        environment = {"AWS_ENDPOINT_URL": apis.endpoint_url}
        if sys.argv[1] == "nowhere":
            environment["AWS_ENDPOINT_URL_S3"] = nowhere.start()
        print(json.dumps(environment), flush=True)  # noqa: T201
        with suppress(KeyboardInterrupt):
            time.sleep(LONGER_THAN_ANY_RUN)
