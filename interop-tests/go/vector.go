package main

import (
	"errors"
	"fmt"
	"strconv"

	"fvm.test/interop/fvm"
	"fvm.test/interop/vectors"
)

// A vector of examples/vectors, to be run through the C interface.
type vector struct{ *vectors.Vector }

func readVectors(folder string) (all []*vector, err error) {
	read, err := vectors.Read(folder)
	if err != nil {
		return nil, err
	}
	for _, v := range read {
		all = append(all, &vector{v})
	}
	return all, nil
}

func (v *vector) options() fvm.Options {
	fee, err := strconv.ParseUint(v.Pre.BaseFee, 10, 64)
	if err != nil {
		panic(err)
	}
	return fvm.Options{
		Epoch: v.Pre.Variants[0].Epoch, NetworkVersion: v.Pre.Variants[0].NV, Timestamp: v.Pre.Timestamp, ChainID: v.Pre.ChainID,
		BaseFee: fee, Supply: [2]uint64{1 << 20, 0}, StateRoot: v.Pre.State.Cid.Bytes(), Debug: v.Pre.Debug,
	}
}

// apply runs all messages on m and compares the results, then flushes and compares the root.
func (v *vector) apply(m *fvm.Machine, s *store) error {
	for i, message := range v.Messages {
		ret, err := m.Apply(message.Bytes, message.RawLength, message.Kind == "implicit")
		if err != nil {
			return fmt.Errorf("%s: message %d: %w", v.Meta.ID, i, err)
		}
		if err := v.Compare(i, vectors.Result{
			ExitCode: ret.ExitCode, GasUsed: ret.GasUsed, Return: ret.Return, EventsRoot: ret.EventsRoot, Failure: ret.FailureInfo,
		}); err != nil {
			return err
		}
		if ret.Return != nil && len(ret.Return) == 0 {
			return fmt.Errorf("%s: message %d: an empty return is there", v.Meta.ID, i)
		}
	}
	got, err := m.Flush()
	if err != nil {
		return err
	}
	if err := v.CompareRoot(got); err != nil {
		return err
	}
	if s != nil && s.find(string(got)) == nil {
		return errors.New(v.Meta.ID + ": the state root was not put")
	}
	return nil
}

// run creates a machine for the vector and applies it.
func (v *vector) run(change func(*fvm.Options)) error {
	s := newStore(v.Blocks)
	o := v.options()
	if change != nil {
		change(&o)
	}
	m, err := fvm.Create(s, o)
	if err != nil {
		return err
	}
	defer m.Drop()
	return v.apply(m, s)
}
