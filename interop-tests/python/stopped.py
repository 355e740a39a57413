"""Executes the first message of a vector, and stops its own process at the first block that the machine asks for: stopped.py ADDRESS VECTOR.json

Prints how the call ended, once the process goes on.
"""
import os
import signal
import sys

import sidecar
import vectors


def main(address, path):
    vector = next(vectors.read(path))
    node = vectors.Node(vector)

    def stop():
        node.before_get = None
        os.kill(os.getpid(), signal.SIGSTOP)

    with sidecar.connect(address, **sidecar.files()) as channel:
        with sidecar.Machine(channel, vectors.settings(vector, tracing=False), node) as machine:
            node.before_get = stop
            try:
                machine.execute(vectors.message_input(vector["apply_messages"][0]))
                print("executed")
            except sidecar.CallFailed as error:
                print(f"{error.code.name}: {error}")


main(*sys.argv[1:])
