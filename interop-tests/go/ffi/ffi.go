// Package ffi has the machine of filecoin-ffi, with its types, on the sidecar: a node changes the import. It needs no cgo.
//
// The server is the one at $FVM_SIDECAR. Proofs are verified by Proofs, which a node sets to filecoin-ffi's functions.
package ffi

import (
	"context"
	"fmt"

	"fvm.test/interop/ffi/cgo"
	fvmv1 "fvm.test/interop/protocol/fvm/v1"
	"fvm.test/interop/sidecar"
	"github.com/filecoin-project/go-address"
	"github.com/filecoin-project/go-state-types/abi"
	"github.com/filecoin-project/go-state-types/big"
	"github.com/filecoin-project/go-state-types/network"
	blocks "github.com/ipfs/go-block-format"
	"github.com/ipfs/go-cid"
	ipld "github.com/ipfs/go-ipld-format"
)

// Proofs verify the proofs of all machines. Set before the first machine is created; a message with a proof to verify has no result without it.
var Proofs sidecar.Proofs

// FVM is a machine.
type FVM struct{ machine *sidecar.FVM }

// FVMOpts are the settings of a machine.
type FVMOpts struct {
	FVMVersion uint64 // ignored, as by filecoin-ffi: the network version decides
	Externs    cgo.Externs

	Epoch          abi.ChainEpoch
	Timestamp      uint64
	ChainID        uint64
	BaseFee        abi.TokenAmount
	BaseCircSupply abi.TokenAmount
	NetworkVersion network.Version
	StateBase      cid.Cid
	Tracing        bool
	FlushAllBlocks bool

	Debug         bool
	ActorRedirect cid.Cid // refused, unless undefined
}

// ApplyRet is the result of a message.
type ApplyRet struct {
	Return             []byte
	ExitCode           uint64
	GasUsed            int64
	MinerPenalty       abi.TokenAmount
	MinerTip           abi.TokenAmount
	BaseFeeBurn        abi.TokenAmount
	OverEstimationBurn abi.TokenAmount
	Refund             abi.TokenAmount
	GasRefund          int64
	GasBurned          int64
	ExecTraceBytes     []byte
	FailureInfo        string
	EventsRoot         *cid.Cid
	EventsBytes        []byte
}

// CreateFVM creates a machine. It is freed when it is garbage-collected.
func CreateFVM(opts *FVMOpts) (*FVM, error) {
	var redirect []byte
	if opts.ActorRedirect.Defined() {
		redirect = opts.ActorRedirect.Bytes()
	}
	machine, err := sidecar.CreateFVM(&sidecar.FVMOpts{
		Externs: externs{opts.Externs}, Proofs: Proofs, Epoch: int64(opts.Epoch), Timestamp: opts.Timestamp, ChainID: opts.ChainID,
		BaseFee: opts.BaseFee.Int, BaseCircSupply: opts.BaseCircSupply.Int, NetworkVersion: uint32(opts.NetworkVersion),
		StateBase: opts.StateBase.Bytes(), Tracing: opts.Tracing, FlushAllBlocks: opts.FlushAllBlocks, Debug: opts.Debug,
		ActorRedirect: redirect,
	})
	if err != nil {
		return nil, err
	}
	return &FVM{machine}, nil
}

// ApplyMessage executes a message of the chain. An error means that there is no result: execute the tipset again on a new machine.
func (f *FVM) ApplyMessage(msgBytes []byte, chainLen uint) (*ApplyRet, error) {
	return result(f.machine.ApplyMessage(msgBytes, chainLen))
}

// ApplyImplicitMessage executes a message of the node.
func (f *FVM) ApplyImplicitMessage(msgBytes []byte) (*ApplyRet, error) {
	return result(f.machine.ApplyImplicitMessage(msgBytes))
}

// Flush puts the new blocks, and returns the state root.
func (f *FVM) Flush() (cid.Cid, error) {
	root, err := f.machine.Flush()
	if err != nil {
		return cid.Undef, err
	}
	return cid.Cast(root)
}

func result(ret *sidecar.ApplyRet, err error) (*ApplyRet, error) {
	if err != nil {
		return nil, err
	}
	r := &ApplyRet{
		Return: ret.Return, ExitCode: ret.ExitCode, GasUsed: ret.GasUsed, MinerPenalty: big.NewFromGo(ret.MinerPenalty),
		MinerTip: big.NewFromGo(ret.MinerTip), BaseFeeBurn: big.NewFromGo(ret.BaseFeeBurn),
		OverEstimationBurn: big.NewFromGo(ret.OverEstimationBurn), Refund: big.NewFromGo(ret.Refund), GasRefund: ret.GasRefund,
		GasBurned: ret.GasBurned, ExecTraceBytes: ret.ExecTraceBytes, FailureInfo: ret.FailureInfo, EventsBytes: ret.EventsBytes,
	}
	if len(ret.EventsRoot) > 0 {
		root, err := cid.Cast(ret.EventsRoot)
		if err != nil {
			return nil, fmt.Errorf("failed to cast events root CID: %w", err)
		}
		r.EventsRoot = &root
	}
	return r, nil
}

// externs are a node's with CIDs in binary form.
type externs struct{ node cgo.Externs }

func (e externs) GetChainRandomness(ctx context.Context, epoch int64) ([32]byte, error) {
	return e.node.GetChainRandomness(ctx, abi.ChainEpoch(epoch))
}

func (e externs) GetBeaconRandomness(ctx context.Context, epoch int64) ([32]byte, error) {
	return e.node.GetBeaconRandomness(ctx, abi.ChainEpoch(epoch))
}

func (e externs) TipsetCid(ctx context.Context, epoch int64) ([]byte, error) {
	c, err := e.node.TipsetCid(ctx, abi.ChainEpoch(epoch))
	return c.Bytes(), err
}

func (e externs) VerifyConsensusFault(ctx context.Context, h1, h2, extra []byte) (*sidecar.ConsensusFault, int64) {
	fault, gas := e.node.VerifyConsensusFault(ctx, h1, h2, extra)
	if fault == nil || fault.Type == cgo.ConsensusFaultNone {
		return nil, gas
	}
	id, err := address.IDFromAddress(fault.Target)
	if err != nil {
		panic(err) // ends the call without a result
	}
	return &sidecar.ConsensusFault{Target: id, Epoch: int64(fault.Epoch), Type: fvmv1.ConsensusFaultType(fault.Type)}, gas
}

func (e externs) Get(ctx context.Context, c []byte) (data []byte, err error) {
	key, err := cid.Cast(c)
	if err != nil {
		return nil, err
	}
	err = e.node.View(ctx, key, func(block []byte) error {
		data = append([]byte{}, block...)
		return nil
	})
	if ipld.IsNotFound(err) {
		return nil, nil
	}
	return data, err
}

func (e externs) Has(ctx context.Context, c []byte) (bool, error) {
	key, err := cid.Cast(c)
	if err != nil {
		return false, err
	}
	return e.node.Has(ctx, key)
}

func (e externs) PutMany(ctx context.Context, put []sidecar.Block) error {
	all := make([]blocks.Block, 0, len(put))
	for _, block := range put {
		key, err := cid.Cast(block.Cid)
		if err != nil {
			return err
		}
		with, err := blocks.NewBlockWithCid(block.Data, key)
		if err != nil {
			return err
		}
		all = append(all, with)
	}
	return e.node.PutMany(ctx, all)
}
