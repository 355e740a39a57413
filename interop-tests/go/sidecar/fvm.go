package sidecar

import (
	"context"
	"errors"
	"math/big"
	"runtime"
	"sync"
	"time"

	fvmv1 "fvm.test/interop/protocol/fvm/v1"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// FVMOpts are the settings of a machine. CIDs are in binary form; amounts are in attoFIL.
type FVMOpts struct {
	Externs        Externs
	Proofs         Proofs // nil for none: a message with a proof to verify then fails without a result
	Epoch          int64
	Timestamp      uint64 // seconds since 1970
	ChainID        uint64
	BaseFee        *big.Int
	BaseCircSupply *big.Int
	NetworkVersion uint32
	StateBase      []byte
	Tracing        bool
	FlushAllBlocks bool
	Debug          bool   // actors may log, which costs gas: never for consensus
	ActorRedirect  []byte // replaces code of actors: refused, as the server has no such setting; nil for none
	CompleteStore  bool   // the store lacks no block of the state: those in the server's cache are taken from there without a question
}

// ApplyRet is the result of a message. A message that failed has one, too: its exit code tells.
type ApplyRet struct {
	Return             []byte // nil if nothing was returned
	ExitCode           uint64
	GasUsed            int64
	MinerPenalty       *big.Int
	MinerTip           *big.Int
	BaseFeeBurn        *big.Int
	OverEstimationBurn *big.Int
	Refund             *big.Int
	GasRefund          int64
	GasBurned          int64
	ExecTraceBytes     []byte // in CBOR, as filecoin-ffi returns it; nil without tracing
	FailureInfo        string
	EventsRoot         []byte // nil for no events
	EventsBytes        []byte // a CBOR array; nil for no events

	// TraceDigest is that of recorded vectors, over TraceEvents lines; nil without tracing.
	TraceDigest []byte
	TraceEvents uint64
	// Cost is what the message cost the server: for metrics.
	Cost *fvmv1.ExecutionCost
}

// FVM is a machine. Its calls run one after another; machines run concurrently. The callbacks of a call run on the goroutine that makes it.
type FVM struct {
	gate    sync.Mutex
	opts    FVMOpts
	client  *Client
	open    *connection
	stream  fvmv1.SessionService_SessionClient
	cancel  context.CancelFunc
	calls   uint64
	tracing bool
	once    sync.Once
	ran     []*ApplyRet // of a run
}

// Of the machine, in a session of its own.
const machineID = 1

// CreateFVM creates a machine. It is freed by Close, or when it is garbage-collected.
func (c *Client) CreateFVM(opts *FVMOpts) (*FVM, error) {
	f, err := c.create(opts)
	for attempt := 0; attempt < 3 && status.Code(err) == codes.ResourceExhausted; attempt++ {
		// The server's limit may be taken by machines that nobody uses any more.
		runtime.GC()
		time.Sleep(50 * time.Millisecond)
		f, err = c.create(opts)
	}
	return f, err
}

func (c *Client) create(opts *FVMOpts) (*FVM, error) {
	f, err := c.open(opts)
	if err != nil {
		return nil, err
	}
	_, err = f.call(&fvmv1.SessionRequest{Frame: &fvmv1.SessionRequest_CreateMachine{CreateMachine: &fvmv1.CreateMachine{
		MachineId: machineID, Settings: f.settings()}}})
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

func (f *FVM) settings() *fvmv1.MachineSettings {
	opts := &f.opts
	return &fvmv1.MachineSettings{
		NetworkVersion: opts.NetworkVersion, Epoch: opts.Epoch, Timestamp: opts.Timestamp, ChainId: opts.ChainID,
		BaseFee: amount(opts.BaseFee), CirculatingSupply: amount(opts.BaseCircSupply), StateRoot: opts.StateBase,
		Tracing: f.tracing, FlushAllBlocks: opts.FlushAllBlocks, ActorDebugging: opts.Debug,
	}
}

// open opens a session for a machine that is not there yet.
func (c *Client) open(opts *FVMOpts) (*FVM, error) {
	if len(opts.ActorRedirect) > 0 {
		return nil, errors.New("sidecar: ActorRedirect is set, and the server cannot replace code of actors")
	}
	open, err := c.enter()
	if err != nil {
		return nil, err
	}
	open.awake()
	ctx, cancel := context.WithCancel(context.Background())
	f := &FVM{opts: *opts, client: c, open: open, cancel: cancel, tracing: opts.Tracing || opts.Debug}
	if f.stream, err = fvmv1.NewSessionServiceClient(open).Session(ctx); err != nil {
		f.Close()
		return nil, errorOf(err)
	}
	// The answer to the opening is read with that of the first call.
	first := &fvmv1.SessionRequest{Frame: &fvmv1.SessionRequest_Open{Open: &fvmv1.OpenSession{
		Client: "go", Priority: fvmv1.Priority_PRIORITY_HIGH, CompleteStore: opts.CompleteStore}}}
	if err := f.stream.Send(first); err != nil {
		err := f.ended(err)
		f.Close()
		return nil, err
	}
	runtime.SetFinalizer(f, (*FVM).Close)
	return f, nil
}

// Close frees the machine. A running call ends with codes.Canceled.
func (f *FVM) Close() {
	f.once.Do(func() {
		f.cancel()
		f.client.leave(f.open)
		runtime.SetFinalizer(f, nil)
	})
}

// ApplyMessage executes a message of the chain. chainLen is its length on the chain, signature included: it is charged for.
func (f *FVM) ApplyMessage(msgBytes []byte, chainLen uint) (*ApplyRet, error) {
	return f.apply(msgBytes, uint64(chainLen), fvmv1.ApplyKind_APPLY_KIND_EXPLICIT)
}

// ApplyImplicitMessage executes a message of the node, such as a cron tick.
func (f *FVM) ApplyImplicitMessage(msgBytes []byte) (*ApplyRet, error) {
	return f.apply(msgBytes, 0, fvmv1.ApplyKind_APPLY_KIND_IMPLICIT)
}

func (f *FVM) apply(msgBytes []byte, chainLen uint64, kind fvmv1.ApplyKind) (*ApplyRet, error) {
	execute := &fvmv1.ExecuteMessage{
		MachineId: machineID, Input: &fvmv1.MessageInput{Message: msgBytes, ChainLength: chainLen, Kind: kind}}
	if f.tracing {
		execute.Trace = fvmv1.TraceForm_TRACE_FORM_TREE
	}
	answer, err := f.call(&fvmv1.SessionRequest{Frame: &fvmv1.SessionRequest_ExecuteMessage{ExecuteMessage: execute}})
	if err != nil {
		return nil, err
	}
	return resultOf(answer.GetMessageExecuted()), nil
}

func resultOf(executed *fvmv1.MessageExecuted) *ApplyRet {
	result, trace := executed.GetResult(), executed.GetTrace()
	receipt := result.GetReceipt()
	ret := &ApplyRet{
		ExitCode: uint64(receipt.GetExitCode()), GasUsed: int64(receipt.GetGasUsed()), MinerPenalty: number(result.GetMinerPenalty()),
		MinerTip: number(result.GetMinerTip()), BaseFeeBurn: number(result.GetBaseFeeBurn()),
		OverEstimationBurn: number(result.GetOverEstimationBurn()), Refund: number(result.GetRefund()),
		GasRefund: int64(result.GetGasRefund()), GasBurned: int64(result.GetGasBurned()), ExecTraceBytes: trace.GetTree(),
		FailureInfo: result.GetFailure(), EventsRoot: receipt.GetEventsRoot(), EventsBytes: eventsArray(result.GetEvents()),
		TraceDigest: trace.GetDigest(), TraceEvents: trace.GetEvents(), Cost: result.GetCost(),
	}
	if len(receipt.GetReturnData()) > 0 {
		ret.Return = receipt.GetReturnData()
	}
	return ret
}

// Flush puts the new blocks, and returns the CID of the state root.
func (f *FVM) Flush() ([]byte, error) {
	answer, err := f.call(&fvmv1.SessionRequest{Frame: &fvmv1.SessionRequest_FlushMachine{FlushMachine: &fvmv1.FlushMachine{MachineId: machineID}}})
	if err != nil {
		return nil, err
	}
	return answer.GetMachineFlushed().GetStateRoot(), nil
}

// call sends a call, and answers callbacks until it ends.
func (f *FVM) call(request *fvmv1.SessionRequest) (*fvmv1.SessionResponse, error) {
	f.gate.Lock()
	defer f.gate.Unlock()
	defer runtime.KeepAlive(f)
	f.calls++
	request.CallId = f.calls
	if err := f.stream.Send(request); err != nil {
		return nil, f.ended(err)
	}
	var tree []byte
	for {
		frame, err := f.stream.Recv()
		if err != nil {
			return nil, errorOf(err)
		}
		if callback := frame.GetCallback(); callback != nil {
			for _, answer := range f.answer(callback) {
				answer.CallbackId = callback.CallbackId
				if err := f.stream.Send(&fvmv1.SessionRequest{Frame: &fvmv1.SessionRequest_CallbackAnswer{CallbackAnswer: answer}}); err != nil {
					return nil, f.ended(err)
				}
			}
			continue
		}
		if frame.CallId != request.CallId {
			continue // the opening
		}
		if part := frame.GetTraceTreePart(); part != nil {
			tree = append(tree, part.Data...)
			continue
		}
		if part := partOf(frame); part != nil {
			// Parts of a tree come before the result that they belong to.
			if tree != nil && len(part.Executed) > 0 {
				part.Executed[0].Trace.Tree, tree = tree, nil
			}
			if err := f.take(part); err != nil {
				return nil, err
			}
			if frame.GetRunPart() != nil {
				continue
			}
		}
		if trace := frame.GetMessageExecuted().GetTrace(); tree != nil && trace != nil {
			trace.Tree = tree
		}
		if failed := frame.GetError(); failed != nil {
			return nil, errorOfCall(failed)
		}
		return frame, nil
	}
}

// ended is the reason why the stream ended: a failed send tells only that it did.
func (f *FVM) ended(err error) error {
	for {
		if _, received := f.stream.Recv(); received != nil {
			return errorOf(received)
		}
	}
}

func amount(n *big.Int) *fvmv1.TokenAmount {
	if n == nil {
		return &fvmv1.TokenAmount{}
	}
	return &fvmv1.TokenAmount{Magnitude: n.Bytes(), Negative: n.Sign() < 0}
}

func number(a *fvmv1.TokenAmount) *big.Int {
	n := new(big.Int).SetBytes(a.GetMagnitude())
	if a.GetNegative() {
		n.Neg(n)
	}
	return n
}

// eventsArray joins events to a CBOR array.
func eventsArray(events [][]byte) []byte {
	n := len(events)
	if n == 0 {
		return nil
	}
	const array = 4 << 5
	var b []byte
	switch {
	case n < 24:
		b = append(b, array|byte(n))
	case n < 1<<8:
		b = append(b, array|24, byte(n))
	case n < 1<<16:
		b = append(b, array|25, byte(n>>8), byte(n))
	default:
		b = append(b, array|26, byte(n>>24), byte(n>>16), byte(n>>8), byte(n))
	}
	for _, event := range events {
		b = append(b, event...)
	}
	return b
}
