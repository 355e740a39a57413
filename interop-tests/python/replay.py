"""Runs vectors through the sidecar, and compares results, state roots and trace digests.

replay.py --socket ADDRESS [--bundles DIR] [--every N] [--break COMMAND] FILE...

The last line is "N passed, N failed, N skipped".
"""
import argparse
import base64
import functools
import pathlib
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import grpc

import sidecar
import vectors
from fvm.v1 import trace_pb2

# No timeout of gRPC or of the server is as short.
AT_ONCE = 2


class Replay:
    def __init__(self, channel, bundles):
        self._channel = channel
        self._bundles = bundles
        self._bundle = functools.lru_cache(self._read_bundle)

    def _read_bundle(self, name):
        return vectors.read_car(pathlib.Path(self._bundles, name).read_bytes()) if name else {}

    def _node(self, vector):
        return vectors.Node(vector, self._bundle(vector["_meta"].get("bundle")))

    def run(self, vector, node, before_get=None, complete_store=False):
        """The first difference, or None. The function is called before each get of the messages."""
        name = vector["_meta"]["id"]
        with sidecar.Machine(self._channel, vectors.settings(vector, tracing=True), node, complete_store) as machine:
            node.before_get = before_get
            for index, message in enumerate(vector["apply_messages"]):
                checks = node.fault_checks
                executed = machine.execute(vectors.message_input(message), trace_pb2.TRACE_FORM_DIGEST)
                for field, got, wanted in fields(vector["postconditions"], index, executed, node.fault_checks > checks):
                    if got != wanted:
                        return f"{name}: message {index}: {field} {got}, not {wanted} ({executed.result.failure})"
            root = machine.flush()
        return self._root(vector, node, root)

    def as_one(self, vector):
        """The first difference of a vector whose calls are one, or None."""
        node = self._node(vector)
        inputs = [vectors.message_input(message) for message in vector["apply_messages"]]
        try:
            executed, root = sidecar.Machine.run(
                self._channel, vectors.settings(vector, tracing=True), node, inputs, trace_pb2.TRACE_FORM_DIGEST)
        except (grpc.RpcError, sidecar.CallFailed, ConnectionError) as error:
            return f"{vector['_meta']['id']} as one: {error}"
        for index, result in enumerate(executed):
            for field, got, wanted in fields(vector["postconditions"], index, result, node.fault_checks > 0):
                if got != wanted:
                    return f"{vector['_meta']['id']} as one: message {index}: {field} {got}, not {wanted} ({result.result.failure})"
        count = len(vector["apply_messages"])
        return self._root(vector, node, root) if len(executed) == count else f"{len(executed)} results of {count} messages"

    def broken_run(self, vector):
        """A run breaks off at a malformed message, and says at which."""
        inputs = [vectors.message_input(message) for message in vector["apply_messages"]]
        inputs[1].message = b"\xff"
        try:
            sidecar.Machine.run(self._channel, vectors.settings(vector, tracing=True), self._node(vector), inputs)
        except sidecar.CallFailed as error:
            return None if error.message_index == 1 else f"the run broke off at message {error.message_index}: {error}"
        return "a run with a malformed message passed"

    @staticmethod
    def _root(vector, node, root):
        name = vector["_meta"]["id"]
        wanted = vectors.cid(vector["postconditions"]["state_tree"]["root_cid"])
        if root != wanted or node.get(root) is None:
            return f"{name}: state root {root.hex()}, not {wanted.hex()}, or not put"
        return None

    def try_run(self, vector):
        try:
            return self.run(vector, self._node(vector))
        except (grpc.RpcError, sidecar.CallFailed, ConnectionError) as error:
            return f"{vector['_meta']['id']}: {error}"

    def breaks(self, vector, command):
        """A command kills the server in the midst of the vector and starts another one: the client must get UNAVAILABLE at once, and then, as a
        node executes its tipset again, the vector's results."""
        killed = None

        def kill():
            nonlocal killed
            if killed is None:
                subprocess.run(command, shell=True, check=True)
                killed = time.monotonic()

        try:
            self.run(vector, self._node(vector), kill)
            return "the server was killed, and the vector passed"
        except grpc.RpcError as error:
            if error.code() != grpc.StatusCode.UNAVAILABLE or killed is None or time.monotonic() - killed > AT_ONCE:
                return f"the server was killed, and the error is: {error}"
        grpc.channel_ready_future(self._channel).result(timeout=AT_ONCE)
        return self.try_run(vector)

    def complete_store(self, vector):
        """The node of a complete store is asked for less, and the results are the same."""
        gets = []
        for complete in (False, True):
            node = self._node(vector)
            difference = self.run(vector, node, complete_store=complete)
            if difference:
                return f"with complete_store {complete}: {difference}"
            gets.append(node.gets)
        return None if gets[1] < gets[0] else f"{gets[1]} gets of a complete store, {gets[0]} of another one"


def fields(post, index, executed, fault_checked):
    receipt, ret, result = post["receipts"][index], post["apply_rets"][index], executed.result
    yield "exit code", result.receipt.exit_code, receipt["exit_code"]
    yield "gas", result.receipt.gas_used, receipt["gas_used"]
    yield "return", result.receipt.return_data.hex(), base64.b64decode(receipt["return"]).hex()
    yield "events root", result.receipt.events_root, vectors.cid(receipt["events_root"]) if receipt.get("events_root") else b""
    yield "events", len(result.events), len(ret["events"])
    yield "penalty", vectors.atto(result.miner_penalty), ret["miner_penalty"]
    yield "tip", vectors.atto(result.miner_tip), ret["miner_tip"]
    yield "base fee burn", vectors.atto(result.base_fee_burn), ret["base_fee_burn"]
    yield "overestimation burn", vectors.atto(result.over_estimation_burn), ret["over_estimation_burn"]
    yield "refund", vectors.atto(result.refund), ret["refund"]
    yield "gas refund", result.gas_refund, ret["gas_refund"]
    yield "gas burned", result.gas_burned, ret["gas_burned"]
    yield "trace length", executed.trace.events, ret["trace_length"]
    # The recorder of fvm 4's vectors traces the charge for the check of a consensus fault as computation, fvm's own kernel as the rest.
    if not fault_checked:
        yield "trace digest", executed.trace.digest.hex(), ret["trace_digest"]


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--socket", required=True)
    options.add_argument("--bundles")
    options.add_argument("--every", type=int, default=1)
    options.add_argument("--break", dest="command")
    options.add_argument("files", nargs="+")
    options = options.parse_args()
    read = [vector for path in options.files for vector in vectors.read(path, options.every)]
    with sidecar.connect(options.socket, **sidecar.files()) as channel, ThreadPoolExecutor(2) as two:
        replay = Replay(channel, options.bundles)
        # The second one after the first has filled the server's cache.
        broken = [replay.breaks(read[0], options.command), replay.complete_store(read[0]), replay.broken_run(read[0])] if options.command else []
        broken += [replay.as_one(vector) for vector in read] if options.command else []
        differences = broken + list(two.map(replay.try_run, read))
    failures = [difference for difference in differences if difference]
    for failure in failures:
        print("FAIL", failure)
    print(f"{len(differences) - len(failures)} passed, {len(failures)} failed, 0 skipped")
    sys.exit(bool(failures))


main()
