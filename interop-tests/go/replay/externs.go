package main

import (
	"context"
	"fmt"
	"sync"

	"fvm.test/interop/sidecar"
	"fvm.test/interop/vectors"
)

// externs answers a machine from a vector: no fault is found, and every proof verifies.
type externs struct {
	vector *vectors.Vector
	bundle map[string][]byte // read only, shared
	gate   sync.Mutex
	put    map[string][]byte
	faults int
	before func() error // called at the start of every get, if set
}

func (e *externs) recorded(kind string, epoch int64) (value [32]byte, err error) {
	for _, r := range e.vector.Randomness {
		if r.Kind == kind && r.Epoch == epoch {
			copy(value[:], r.Value)
			return value, nil
		}
	}
	copy(value[:], "i_am_random_____i_am_random_____")
	return value, nil
}

func (e *externs) GetChainRandomness(_ context.Context, epoch int64) ([32]byte, error) {
	return e.recorded("chain", epoch)
}

func (e *externs) GetBeaconRandomness(_ context.Context, epoch int64) ([32]byte, error) {
	return e.recorded("beacon", epoch)
}

func (e *externs) VerifyConsensusFault(context.Context, []byte, []byte, []byte) (*sidecar.ConsensusFault, int64) {
	e.faults++
	return nil, 0
}

func (e *externs) TipsetCid(_ context.Context, epoch int64) ([]byte, error) {
	for _, t := range e.vector.TipsetCids {
		if t.Epoch == epoch {
			return t.Cid.Bytes(), nil
		}
	}
	return nil, fmt.Errorf("no tipset of epoch %d: %w", epoch, sidecar.ErrNoAnswer)
}

func (e *externs) Get(_ context.Context, cid []byte) ([]byte, error) {
	if e.before != nil {
		if err := e.before(); err != nil {
			return nil, err
		}
	}
	for _, layer := range []map[string][]byte{e.put, e.vector.Blocks, e.bundle} {
		if block, ok := layer[string(cid)]; ok {
			return block, nil
		}
	}
	return nil, nil
}

func (e *externs) Has(ctx context.Context, cid []byte) (bool, error) {
	block, err := e.Get(ctx, cid)
	return block != nil, err
}

func (e *externs) PutMany(_ context.Context, blocks []sidecar.Block) error {
	for _, block := range blocks {
		e.put[string(block.Cid)] = block.Data
	}
	return nil
}
