package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"fvm.test/interop/fvm"
)

func testExamples(all []*vector) error {
	for _, v := range all {
		if err := v.run(nil); err != nil {
			return err
		}
		if err := v.run(func(o *fvm.Options) { o.FlushAll = true }); err != nil {
			return fmt.Errorf("flushing all: %w", err)
		}
	}
	return nil
}

// Gas is the same with tracing on, and the trace contains the calls.
func testTraces(all []*vector) error {
	for _, v := range all {
		if err := v.run(func(o *fvm.Options) { o.Tracing = true }); err != nil {
			return err
		}
	}
	v := all[0]
	o := v.options()
	o.Tracing = true
	m, err := fvm.Create(newStore(v.Blocks), o)
	if err != nil {
		return err
	}
	defer m.Drop()
	ret, err := m.Apply(v.Messages[0].Bytes, v.Messages[0].RawLength, false)
	switch {
	case err != nil:
		return err
	case len(ret.Trace) == 0 || ret.Trace[0] != 0x87:
		return fmt.Errorf("a trace that begins with % x", ret.Trace[:1])
	}
	return nil
}

// Identity and capabilities of the library; repeated queries leak no memory
// visible to the leak test.
func testCapabilities([]*vector) error {
	for i := 0; i < 1000; i++ {
		bytes, err := fvm.Capabilities()
		if err != nil {
			return err
		}
		var said struct {
			Version           string   `json:"version"`
			Commit            string   `json:"commit"`
			NetworkVersions   []int    `json:"network_versions"`
			Engines           []string `json:"engines"`
			Engine            string   `json:"engine"`
			Lanes             int      `json:"lanes"`
			ProcessorFeatures []string `json:"processor_features"`
			MissingProofs     []string `json:"missing_proofs"`
		}
		if err := json.Unmarshal(bytes, &said); err != nil {
			return err
		}
		nvs := said.NetworkVersions
		if said.Version != fvm.Version() || said.Commit == "" || len(nvs) == 0 || nvs[0] != 16 || said.Lanes < 1 ||
			len(said.Engines) == 0 || said.Engine == "" || said.ProcessorFeatures == nil || said.MissingProofs == nil {
			return fmt.Errorf("the capabilities are %s", bytes)
		}
	}
	return nil
}

func testErrors(all []*vector) error {
	v := all[0]
	wants := func(what string, err error, part string) error {
		if err == nil || !strings.Contains(err.Error(), part) {
			return fmt.Errorf("%s: the error is %v", what, err)
		}
		return nil
	}
	for _, bad := range []struct {
		what, part string
		change     func(*fvm.Options)
	}{
		{"network version 3", "not supported", func(o *fvm.Options) { o.NetworkVersion = 3 }},
		{"no state root", "state root", func(o *fvm.Options) { o.StateRoot = nil }},
		{"junk for a state root", "state root", func(o *fvm.Options) { o.StateRoot = []byte{1, 2, 3} }},
	} {
		o := v.options()
		bad.change(&o)
		_, err := fvm.Create(newStore(v.Blocks), o)
		if err := wants(bad.what, err, bad.part); err != nil {
			return err
		}
	}
	_, err := fvm.Create(newStore(nil), v.options())
	if err := wants("an empty store", err, "state root"); err != nil {
		return err
	}
	s := newStore(v.Blocks)
	m, err := fvm.Create(s, v.options())
	if err != nil {
		return err
	}
	defer m.Drop()
	for _, junk := range [][]byte{nil, {0xff}, v.Messages[0].Bytes[:10], append(append([]byte{}, v.Messages[0].Bytes...), 0)} {
		_, err := m.Apply(junk, uint64(len(junk)), false)
		if err := wants(fmt.Sprintf("message % x", junk), err, "decode"); err != nil {
			return err
		}
	}
	if err := v.apply(m, s); err != nil {
		return err
	}
	ret, err := m.Apply(v.Messages[0].Bytes, v.Messages[0].RawLength, false)
	if err != nil || ret.ExitCode != 2 || ret.GasUsed != 0 || ret.Penalty == 0 || ret.FailureInfo == "" || ret.Return != nil {
		return fmt.Errorf("a nonce seen before: %+v, %v", ret, err)
	}
	return nil
}

// disturbed runs v's first message while its host misbehaves in its n-th
// callback, for increasing n until there is none; then the machine must work.
func disturbed(v *vector, disturb func(s *store, callback string)) error {
	for n := int64(0); ; n++ {
		s := newStore(v.Blocks)
		m, err := fvm.Create(s, v.options())
		if err != nil {
			return err
		}
		after, came := s.calls+n, false
		s.before = func(callback string) {
			if s.calls == after+1 && !came {
				came = true
				disturb(s, callback)
			}
		}
		ret, err := m.Apply(v.Messages[0].Bytes, v.Messages[0].RawLength, false)
		s.before = nil
		if err == nil && came && ret.ExitCode != 10 {
			return fmt.Errorf("callback %d: exit %d", n, ret.ExitCode)
		}
		again, err := m.Apply(v.Messages[0].Bytes, v.Messages[0].RawLength, false)
		if err != nil || again.ExitCode != 2 && again.ExitCode != v.Post.Receipts[0].ExitCode {
			return fmt.Errorf("callback %d: the machine is broken afterwards: %+v, %v", n, again, err)
		}
		if _, err := m.Flush(); err != nil {
			return fmt.Errorf("callback %d: flush: %w", n, err)
		}
		m.Drop()
		if !came {
			if n == 0 {
				return errors.New("the message asks for nothing")
			}
			return v.run(nil)
		}
	}
}

func testHostPanics(all []*vector) error {
	return disturbed(all[0], func(*store, string) { panic("as asked") })
}

func testHostFails(all []*vector) error {
	// A nil dereference within a callback is a signal that Go must turn into a panic.
	return disturbed(all[0], func(s *store, _ string) {
		var nothing *store
		nothing.calls++
	})
}

func testGoroutines(all []*vector) error {
	var wg sync.WaitGroup
	errs := make(chan error, 64)
	stop := make(chan struct{})
	go func() {
		for {
			select {
			case <-stop:
				return
			default:
				runtime.GC()
			}
		}
	}()
	for i := 0; i < 64; i++ {
		wg.Add(1)
		go func(i int) {
			defer wg.Done()
			for n := 0; n < 3; n++ {
				if err := all[(i+n)%len(all)].run(nil); err != nil {
					errs <- err
					return
				}
			}
		}(i)
	}
	wg.Wait()
	close(stop)
	select {
	case err := <-errs:
		return err
	default:
		return nil
	}
}

//go:noinline
func dereference(p *int) int { return *p }

func recovers() (err error) {
	defer func() {
		if recover() == nil {
			err = errors.New("a nil pointer was read")
		}
	}()
	dereference(nil)
	return nil
}

// grow uses much of a goroutine's stack, so that a signal handler running on it
// would overflow it.
//
//go:noinline
func grow(n int) (int, error) {
	var room [128]byte
	room[n%128] = byte(n)
	if n == 0 {
		return int(room[0]), recovers()
	}
	v, err := grow(n - 1)
	return v + int(room[n%128]), err
}

// Go's own signals keep working during messages and afterwards: a nil
// dereference is a panic, preemption and signals from other processes arrive.
func testSignals(all []*vector) error {
	notified := make(chan os.Signal, 16)
	signal.Notify(notified, syscall.SIGUSR1, syscall.SIGHUP)
	defer signal.Stop(notified)
	stop := make(chan struct{})
	errs := make(chan error, 8)
	var wg sync.WaitGroup
	for i := 0; i < 4; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for depth := 0; ; depth = (depth + 7) % 400 {
				select {
				case <-stop:
					return
				default:
				}
				if _, err := grow(depth); err != nil {
					errs <- err
					return
				}
			}
		}()
	}
	var failure error
	for i := 0; i < 20 && failure == nil; i++ {
		if failure = all[i%len(all)].run(nil); failure == nil {
			failure = syscall.Kill(os.Getpid(), syscall.SIGUSR1)
		}
	}
	close(stop)
	wg.Wait()
	select {
	case err := <-errs:
		return err
	case <-notified:
	case <-time.After(10 * time.Second):
		return errors.New("no signal came")
	}
	if failure != nil {
		return failure
	}
	return recovers()
}

// Machines without an explicit Drop are dropped by Go's collector, on its own thread.
func testFinalizers(all []*vector) error {
	for i := 0; i < 200; i++ {
		if _, err := fvm.Create(newStore(all[0].Blocks), all[0].options()); err != nil {
			return err
		}
	}
	for i := 0; i < 100 && fvm.Hosts() > 0; i++ {
		runtime.GC()
		time.Sleep(10 * time.Millisecond)
	}
	if n := fvm.Hosts(); n > 0 {
		return fmt.Errorf("%d machines are left", n)
	}
	return nil
}

// testLeaks creates, uses and drops machines. Memory after the last is hardly
// more than after the first tenth of them.
func testLeaks(all []*vector, machines int) error {
	v := all[0]
	var level int64
	for i := 0; i < machines; i++ {
		m, err := fvm.Create(newStore(v.Blocks), v.options())
		if err != nil {
			return err
		}
		if _, err := m.Apply(v.Messages[0].Bytes, v.Messages[0].RawLength, false); err != nil {
			return err
		}
		m.Drop()
		if i == machines/10 {
			if level, err = resident(); err != nil {
				return err
			}
		}
	}
	now, err := resident()
	if err != nil {
		return err
	}
	fmt.Printf("     %d machines: %d MiB resident after a tenth, %d MiB after all\n", machines, level>>20, now>>20)
	if now > level+level/4+(16<<20) {
		return fmt.Errorf("resident memory grew from %d to %d bytes", level, now)
	}
	return nil
}

// resident is the resident memory of this process, in bytes.
func resident() (int64, error) {
	runtime.GC()
	raw, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0, err
	}
	fields := bytes.Fields(raw)
	if len(fields) < 2 {
		return 0, errors.New("statm")
	}
	pages, err := strconv.ParseInt(string(fields[1]), 10, 64)
	return pages * int64(os.Getpagesize()), err
}
