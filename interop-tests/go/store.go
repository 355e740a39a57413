package main

import (
	"errors"
	"sync"
	"sync/atomic"
)

// store is a host with blocks in memory.
type store struct {
	gate   sync.RWMutex
	blocks map[string][]byte
	base   map[string][]byte // read only, shared
	// before is called at the start of every callback, if set.
	before func(callback string)
	calls  int64
}

func newStore(base map[string][]byte) *store { return &store{blocks: map[string][]byte{}, base: base} }

func (s *store) begin(callback string) {
	atomic.AddInt64(&s.calls, 1)
	if s.before != nil {
		s.before(callback)
	}
}

func (s *store) find(cid string) []byte {
	s.gate.RLock()
	defer s.gate.RUnlock()
	if b, ok := s.blocks[cid]; ok {
		return b
	}
	return s.base[cid]
}

func (s *store) Get(cid string) ([]byte, error) {
	s.begin("get")
	return s.find(cid), nil
}

func (s *store) Has(cid string) (bool, error) {
	s.begin("has")
	return s.find(cid) != nil, nil
}

func (s *store) Put(cid string, block []byte) error {
	s.begin("put")
	s.gate.Lock()
	defer s.gate.Unlock()
	s.blocks[cid] = block
	return nil
}

func (s *store) Randomness(int64) (r [32]byte, err error) {
	s.begin("randomness")
	copy(r[:], "i_am_random_____i_am_random_____")
	return r, nil
}

func (s *store) TipsetCid(int64) ([]byte, error) {
	s.begin("tipset")
	return append([]byte{0x01, 0x71, 0xa0, 0xe4, 0x02, 0x20}, make([]byte, 32)...), nil
}

func (s *store) ConsensusFault(_, _, _ []byte) (fault, miner, epoch, gas int64, err error) {
	s.begin("fault")
	return 0, 0, 0, 0, nil
}

var errDisk = errors.New("disk on fire")
