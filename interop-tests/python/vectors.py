"""Test vectors: a state, messages, and their results."""
import base64
import gzip
import itertools
import json
import pathlib

from fvm.v1 import proofs_pb2, session_pb2, types_pb2
from sidecar import NoAnswer


def read(path, every=1):
    """One in every so many vectors of VECTOR.json, SET.ndjson.gz, or a folder of such files."""
    path = pathlib.Path(path)
    files = sorted([*path.glob("*.json"), *path.glob("*.ndjson.gz")]) if path.is_dir() else [path]
    return map(json.loads, itertools.islice(itertools.chain.from_iterable(map(texts, files)), 0, None, every))


def texts(file):
    if file.suffix == ".json":
        return [file.read_bytes()]
    return gzip.open(file)


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def read_car(data):
    """The blocks of a CAR file of version 1, packed with gzip or not, by CID."""
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    blocks, (length, at) = {}, varint(data, 0)
    at += length  # the header
    while at < len(data):
        length, start = varint(data, at)
        end = cut = start + length
        at = start
        for _ in range(4):
            digest, at = varint(data, at)
        cut = at + digest
        blocks[data[start:cut]] = data[cut:end]
        at = end
    return blocks


def cid(link):
    text = link["/"][1:].upper()
    return base64.b32decode(text + "=" * (-len(text) % 8))


def amount(atto):
    number = int(atto)
    return types_pb2.TokenAmount(magnitude=number.to_bytes((number.bit_length() + 7) // 8, "big"))


def atto(value):
    number = int.from_bytes(value.magnitude, "big")
    return str(-number if value.negative else number)


def settings(vector, tracing):
    pre = vector["preconditions"]
    return types_pb2.MachineSettings(
        network_version=pre["variants"][0]["nv"],
        epoch=pre["variants"][0]["epoch"],
        timestamp=pre["timestamp"],
        chain_id=pre["chain_id"],
        base_fee=amount(pre["basefee"]),
        circulating_supply=amount(pre["circ_supply"]),
        state_root=cid(pre["state_tree"]["root_cid"]),
        actor_debugging=pre.get("actor_debugging", False),
        tracing=tracing,
    )


def message_input(message):
    kind = types_pb2.APPLY_KIND_IMPLICIT if message["kind"] == "implicit" else types_pb2.APPLY_KIND_EXPLICIT
    return types_pb2.MessageInput(message=base64.b64decode(message["bytes"]), chain_length=message["raw_length"], kind=kind)


class Node:
    """Answers from a vector: no consensus fault is found, and every proof verifies."""

    def __init__(self, vector, bundle=None):
        self._blocks = read_car(base64.b64decode(vector["car"]))
        self._bundle = bundle or {}
        self._put = {}
        self.before_get = None  # called before each get, if set
        self.gets = 0
        self._tipsets = {entry["epoch"]: cid(entry["cid"]) for entry in vector.get("tipset_cids") or []}
        self._randomness = {}
        for entry in vector.get("randomness") or []:
            # An older form has a tag before the epoch. Of two answers the first counts.
            on = entry["on"]
            self._randomness.setdefault((on[0] == "beacon", on[2 if len(on) == 4 else 1]), base64.b64decode(entry["ret"]))
        self.fault_checks = 0

    def get(self, key):
        self.gets += 1
        if self.before_get:
            self.before_get()
        for layer in (self._put, self._blocks, self._bundle):
            if key in layer:
                return layer[key]
        return None

    def put(self, key, data):
        self._put[key] = data

    def randomness(self, epoch, beacon):
        return self._randomness.get((beacon, epoch), b"i_am_random_____i_am_random_____")

    def tipset_cid(self, epoch):
        if epoch not in self._tipsets:
            raise NoAnswer(f"the vector has no tipset of epoch {epoch}")
        return self._tipsets[epoch]

    def consensus_fault(self, _headers):
        self.fault_checks += 1
        return session_pb2.ConsensusFaultAnswer()

    def verify(self, callback):
        count = len(callback.verify_seals.seals) if callback.HasField("verify_seals") else 1
        return [proofs_pb2.PROOF_VERDICT_VALID] * count
