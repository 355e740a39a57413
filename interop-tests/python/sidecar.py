"""A client of the sidecar: machines over a Unix socket, or TCP with TLS.

A call that raises grpc.RpcError or CallFailed has no result: execute the tipset again on a new machine. Modules of the protocol are generated from
proto/fvm/v1.
"""
import os
import pathlib
import queue

import grpc

from fvm.v1 import session_pb2, session_pb2_grpc, trace_pb2

# The server's limit of a frame, with room for what gRPC adds.
MAX_FRAME = 17 << 20
MAX_ANSWER = 8 << 20
MACHINE = 1
SCHEME = "https://"


class NoAnswer(Exception):
    """Raised by a node: the chain has no answer, and the message ends with exit code 10, as with the reference."""


class CallFailed(Exception):
    """A call failed, and the session goes on."""

    def __init__(self, error):
        super().__init__(error.message)
        self.code = next((code for code in grpc.StatusCode if code.value[0] == error.code), grpc.StatusCode.UNKNOWN)
        self.reason = error.detail.reason
        # Of a run: the index of the message that failed.
        self.message_index = error.detail.message_index if error.detail.HasField("message_index") else None


def connect(address, ca=None, certificate=None, key=None, token=None):
    """A channel for any number of machines: to the path of a Unix socket, or to https://HOST:PORT.

    For the latter there are files: with the authorities of the server's certificate; certificate and key of the client, if the server wants them;
    the bearer token, if it wants one.
    """
    options = [
        ("grpc.max_receive_message_length", MAX_FRAME),
        ("grpc.max_send_message_length", MAX_FRAME),
        # A restarted server is found again within a second.
        ("grpc.initial_reconnect_backoff_ms", 50),
        ("grpc.min_reconnect_backoff_ms", 50),
        ("grpc.max_reconnect_backoff_ms", 1000),
    ]
    if not address.startswith(SCHEME):
        return grpc.insecure_channel("unix:" + address, options + [("grpc.default_authority", "localhost")])
    read = [pathlib.Path(file).read_bytes() if file else None for file in (ca, key, certificate)]
    credentials = grpc.ssl_channel_credentials(*read)
    if token:
        bearer = grpc.access_token_call_credentials(pathlib.Path(token).read_text().strip())
        credentials = grpc.composite_channel_credentials(credentials, bearer)
    return grpc.secure_channel(address[len(SCHEME) :], credentials, options)


def files():
    """The files for connect that FVM_SIDECAR_CA, FVM_SIDECAR_CERTIFICATE, FVM_SIDECAR_KEY and FVM_SIDECAR_TOKEN name."""
    return {name: os.environ.get("FVM_SIDECAR_" + name.upper()) for name in ("ca", "certificate", "key", "token")}


class Machine:
    """A machine, in a session of its own. Its calls run one after another.

    The node has get(cid) -> bytes or None, put(cid, data), randomness(epoch, beacon), tipset_cid(epoch), consensus_fault(headers) ->
    ConsensusFaultAnswer, and verify(callback) -> verdicts. An exception of the node ends the call without a result, unless it is NoAnswer.

    A complete store lacks no block of the state: the machine takes those in the server's cache without a question.
    """

    def __init__(self, channel, settings, node, complete_store=False):
        self._open(channel, node, complete_store)
        create = session_pb2.CreateMachine(machine_id=MACHINE, settings=settings)
        self._call(session_pb2.SessionRequest(create_machine=create))

    @classmethod
    def run(cls, channel, settings, node, messages, trace=trace_pb2.TRACE_FORM_UNSPECIFIED, complete_store=False):
        """Creates a machine, executes MessageInputs, flushes and drops it, in one call.

        Returns a list of MessageExecuted, and the CID of the state root. The new blocks come with the answer, and are put to the node before.
        """
        with cls.__new__(cls) as machine:
            machine._open(channel, node, complete_store)
            run = session_pb2.RunMachine(
                machine_id=MACHINE, settings=settings, messages=messages, trace=trace, flushes=True, returns_blocks=True, drops=True
            )
            ran = machine._call(session_pb2.SessionRequest(run_machine=run)).machine_ran
            return list(ran.rest.executed), ran.state_root

    def _open(self, channel, node, complete_store):
        self._node = node
        self._frames = queue.SimpleQueue()
        self._calls = 0
        self._stream = session_pb2_grpc.SessionServiceStub(channel).Session(iter(self._frames.get, None))
        # The answer to the opening is read with the creation's.
        opening = session_pb2.OpenSession(client="python", priority=session_pb2.PRIORITY_HIGH, complete_store=complete_store)
        self._frames.put(session_pb2.SessionRequest(open=opening))

    def execute(self, message, trace=trace_pb2.TRACE_FORM_UNSPECIFIED):
        """Executes a MessageInput, and returns MessageExecuted."""
        execute = session_pb2.ExecuteMessage(machine_id=MACHINE, input=message, trace=trace)
        return self._call(session_pb2.SessionRequest(execute_message=execute)).message_executed

    def flush(self):
        """Puts the new blocks, and returns the CID of the state root."""
        flush = session_pb2.FlushMachine(machine_id=MACHINE)
        return self._call(session_pb2.SessionRequest(flush_machine=flush)).machine_flushed.state_root

    def close(self):
        """Drops the machine."""
        self._stream.cancel()
        self._frames.put(None)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _call(self, request):
        """Sends a call, and answers callbacks until it ends."""
        self._calls += 1
        request.call_id = self._calls
        self._frames.put(request)
        tree, executed = b"", []
        try:
            for frame in self._stream:
                kind = frame.WhichOneof("frame")
                if kind == "callback":
                    for answer in self._answers(frame.callback):
                        answer.callback_id = frame.callback.callback_id
                        self._frames.put(session_pb2.SessionRequest(callback_answer=answer))
                elif kind == "trace_tree_part":
                    tree += frame.trace_tree_part.data
                elif kind == "error":
                    raise CallFailed(frame.error)
                elif kind in ("run_part", "machine_ran"):
                    part = frame.run_part if kind == "run_part" else frame.machine_ran.rest
                    for block in part.blocks:
                        self._node.put(block.cid, block.data)
                    if tree:
                        # Parts of a tree come before the result that they belong to.
                        part.executed[0].trace.tree, tree = tree, b""
                    executed.extend(part.executed)
                    if kind == "machine_ran":
                        frame.machine_ran.rest.CopyFrom(session_pb2.RunPart(executed=executed))
                        return frame
                elif kind not in ("opened", "trace_events"):
                    if tree:
                        frame.message_executed.trace.tree = tree
                    return frame
        except grpc.RpcError:
            # Ends the thread that sends frames.
            self._frames.put(None)
            raise
        raise ConnectionError("the session ended before the call did")

    def _answers(self, callback):
        try:
            return list(self._answer(callback))
        except Exception as error:  # whatever the node raises must reach the machine
            kind = session_pb2.CALLBACK_FAILURE_KIND_FATAL if isinstance(error, NoAnswer) else session_pb2.CALLBACK_FAILURE_KIND_TRANSIENT
            failure = session_pb2.CallbackFailure(kind=kind, message=repr(error))
            return [session_pb2.CallbackAnswer(failure=failure)]

    def _answer(self, callback):
        node, answer = self._node, session_pb2.CallbackAnswer
        question = callback.WhichOneof("question")
        if question == "get_blocks":
            yield from self._blocks(callback.get_blocks.cids)
        elif question == "has_blocks":
            exists = [node.get(cid) is not None for cid in callback.has_blocks.cids]
            yield answer(existence=session_pb2.ExistenceAnswer(exists=exists))
        elif question == "put_blocks":
            for block in callback.put_blocks.blocks:
                node.put(block.cid, block.data)
            yield answer(stored=session_pb2.StoredAnswer())
        elif question in ("chain_randomness", "beacon_randomness"):
            epoch = getattr(callback, question).epoch
            value = node.randomness(epoch, beacon=question == "beacon_randomness")
            yield answer(randomness=session_pb2.RandomnessAnswer(randomness=value))
        elif question == "consensus_fault":
            yield answer(consensus_fault=node.consensus_fault(callback.consensus_fault))
        elif question == "tipset_cid":
            yield answer(tipset_cid=session_pb2.TipsetCidAnswer(cid=node.tipset_cid(callback.tipset_cid.epoch)))
        elif question is None:
            raise NotImplementedError("the client does not know the question")
        else:
            yield answer(proof=session_pb2.ProofAnswer(verdicts=node.verify(callback)))

    def _blocks(self, cids):
        """In several answers if the blocks do not fit into one."""
        part, size = session_pb2.BlocksAnswer(), 0
        for cid in cids:
            data = self._node.get(cid)
            if size and size + len(data or b"") > MAX_ANSWER:
                part.more = True
                yield session_pb2.CallbackAnswer(blocks=part)
                part, size = session_pb2.BlocksAnswer(), 0
            # None is an absent block, an empty one a block without bytes.
            part.blocks.add(data=data)
            size += len(data or b"")
        yield session_pb2.CallbackAnswer(blocks=part)
