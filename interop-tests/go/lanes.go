package main

import (
	"fmt"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"fvm.test/interop/fvm"
)

// testLanes keeps this many machines busy concurrently for a while, and compares
// every result. First it measures the memory per lane: a machine that has run a
// message without a flush, with its thread.
func testLanes(all []*vector, lanes int, span time.Duration) error {
	if err := os.Setenv("LOTUS_FVM_CONCURRENCY", strconv.Itoa(lanes)); err != nil {
		return err
	}
	if err := all[0].run(nil); err != nil {
		return err
	}
	before, err := resident()
	if err != nil {
		return err
	}
	machines := make([]*fvm.Machine, lanes)
	stores := make([]*store, lanes)
	var wg sync.WaitGroup
	errs := make(chan error, lanes)
	// All of them are within a callback at the same time, so each has a thread of its own.
	meeting := &sync.WaitGroup{}
	meeting.Add(lanes)
	for i := range machines {
		v := all[i%len(all)]
		stores[i] = newStore(v.Blocks)
		if machines[i], err = fvm.Create(stores[i], v.options()); err != nil {
			return err
		}
		once := sync.Once{}
		stores[i].before = func(string) {
			once.Do(func() { meeting.Done(); waitFor(meeting, 10*time.Second) })
		}
		wg.Add(1)
		go func(m *fvm.Machine, s *store) {
			defer wg.Done()
			if _, err := m.Apply(v.Messages[0].Bytes, v.Messages[0].RawLength, false); err != nil {
				errs <- err
			}
			s.before = nil
		}(machines[i], stores[i])
	}
	wg.Wait()
	select {
	case err := <-errs:
		return err
	default:
	}
	after, err := resident()
	if err != nil {
		return err
	}
	fmt.Printf("     %d lanes: %d MiB resident before them, %d MiB with all: %d KiB a lane\n", lanes, before>>20, after>>20,
		(after-before)>>10/int64(lanes))
	for _, m := range machines {
		m.Drop()
	}

	var done int64
	until := time.Now().Add(span)
	for i := 0; i < lanes; i++ {
		wg.Add(1)
		go func(i int) {
			defer wg.Done()
			for n := i; time.Now().Before(until); n++ {
				if err := all[n%len(all)].run(nil); err != nil {
					errs <- err
					return
				}
				atomic.AddInt64(&done, 1)
			}
		}(i)
	}
	wg.Wait()
	select {
	case err := <-errs:
		return err
	default:
	}
	end, err := resident()
	if err != nil {
		return err
	}
	fmt.Printf("     %d vectors in %s, %d MiB resident at the end\n", done, span, end>>20)
	return nil
}

func waitFor(group *sync.WaitGroup, most time.Duration) {
	all := make(chan struct{})
	go func() { group.Wait(); close(all) }()
	select {
	case <-all:
	case <-time.After(most):
	}
}
