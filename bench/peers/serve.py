"""Answers requests from the benchmark: one JSON object a line in, one out."""

import json
import platform
import sys
import time


def serve(functions, **modules):
    """functions[what](**options) -> dict with "seconds"."""
    versions = {"Python": platform.python_version(), **{name: module.__version__ for name, module in modules.items()}}
    answer = sys.stdout
    sys.stdout = sys.stderr  # what libraries print is no answer
    print(json.dumps({"versions": versions}), file=answer, flush=True)
    for line in sys.stdin:
        options = json.loads(line)
        try:
            reply = functions[options.pop("what")](**options)
        except Exception as error:  # told to the other side, which stops
            reply = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(reply), file=answer, flush=True)


class Timer:
    def __enter__(self):
        self.start = time.perf_counter()
        return self

    def __exit__(self, *_):
        self.seconds = time.perf_counter() - self.start
