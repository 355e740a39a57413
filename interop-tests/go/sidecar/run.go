package sidecar

import (
	fvmv1 "fvm.test/interop/protocol/fvm/v1"
)

// Message is a message of a run.
type Message struct {
	Bytes    []byte
	ChainLen uint64 // as of ApplyMessage; 0 if implicit
	Implicit bool
}

// Run creates a machine, executes messages, flushes and drops it, in one call to the server. It returns one result per message, and the CID of the
// state root; the new blocks come with the answer, and are put to the externs before. An error names the message by Error.MessageIndex.
func (c *Client) Run(opts *FVMOpts, messages []Message) ([]*ApplyRet, []byte, error) {
	f, err := c.open(opts)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	run := &fvmv1.RunMachine{MachineId: machineID, Settings: f.settings(), Flushes: true, ReturnsBlocks: true, Drops: true}
	if f.tracing {
		run.Trace = fvmv1.TraceForm_TRACE_FORM_TREE
	}
	for _, message := range messages {
		kind := fvmv1.ApplyKind_APPLY_KIND_EXPLICIT
		if message.Implicit {
			kind = fvmv1.ApplyKind_APPLY_KIND_IMPLICIT
		}
		run.Messages = append(run.Messages, &fvmv1.MessageInput{Message: message.Bytes, ChainLength: message.ChainLen, Kind: kind})
	}
	answer, err := f.call(&fvmv1.SessionRequest{Frame: &fvmv1.SessionRequest_RunMachine{RunMachine: run}})
	if err != nil {
		return nil, nil, err
	}
	return f.ran, answer.GetMachineRan().GetStateRoot(), nil
}

// partOf is what a frame brings of a run; nil if nothing.
func partOf(frame *fvmv1.SessionResponse) *fvmv1.RunPart {
	if part := frame.GetRunPart(); part != nil {
		return part
	}
	return frame.GetMachineRan().GetRest()
}

func (f *FVM) take(part *fvmv1.RunPart) error {
	for _, executed := range part.GetExecuted() {
		f.ran = append(f.ran, resultOf(executed))
	}
	if len(part.GetBlocks()) == 0 {
		return nil
	}
	blocks := make([]Block, 0, len(part.GetBlocks()))
	for _, block := range part.GetBlocks() {
		blocks = append(blocks, Block{block.Cid, block.Data})
	}
	return f.opts.Externs.PutMany(f.stream.Context(), blocks)
}
