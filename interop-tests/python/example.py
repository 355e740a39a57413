"""Executes the first message of a vector: example.py ADDRESS VECTOR.json"""
import sys

import grpc

import sidecar
import vectors


def main(address, path):
    vector = next(vectors.read(path))
    with sidecar.connect(address, **sidecar.files()) as channel:
        try:
            with sidecar.Machine(channel, vectors.settings(vector, tracing=False), vectors.Node(vector)) as machine:
                receipt = machine.execute(vectors.message_input(vector["apply_messages"][0])).result.receipt
                root = machine.flush()
        except (grpc.RpcError, sidecar.CallFailed) as error:
            # No result: execute the tipset again on a new machine.
            sys.exit(f"example: {error}")
    print(f"exit {receipt.exit_code}, gas {receipt.gas_used}, state root {root.hex()}")


main(*sys.argv[1:])
