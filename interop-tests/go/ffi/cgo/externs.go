// Package cgo has the types of filecoin-ffi's package of this name that a node implements for a machine.
package cgo

import (
	"context"

	"github.com/filecoin-project/go-address"
	"github.com/filecoin-project/go-state-types/abi"
	"github.com/ipfs/boxo/blockstore"
	"github.com/ipfs/go-cid"
)

// Externs answer a machine from the node's chain and blockstore.
type Externs interface {
	GetChainRandomness(ctx context.Context, epoch abi.ChainEpoch) ([32]byte, error)
	GetBeaconRandomness(ctx context.Context, epoch abi.ChainEpoch) ([32]byte, error)
	VerifyConsensusFault(ctx context.Context, h1, h2, extra []byte) (*ConsensusFault, int64)
	TipsetCid(ctx context.Context, epoch abi.ChainEpoch) (cid.Cid, error)

	blockstore.Blockstore
	blockstore.Viewer
}

// ConsensusFault is a proven fault of a miner; none if its type is none.
type ConsensusFault struct {
	Target address.Address
	Epoch  abi.ChainEpoch
	Type   ConsensusFaultType
}

// ConsensusFaultType is the chain's number of a kind of fault.
type ConsensusFaultType int64

// The kinds of faults.
const (
	ConsensusFaultNone ConsensusFaultType = iota
	ConsensusFaultDoubleForkMining
	ConsensusFaultParentGrinding
	ConsensusFaultTimeOffsetMining
)
