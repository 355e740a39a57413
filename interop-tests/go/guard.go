package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"fvm.test/interop/fvm"
)

// testGuard runs messages whose actors trap by guard pages, for a while, beside
// everything in Go that needs signals: nil pointers that are recovered, also on
// deep stacks and in callbacks, the profiler's signal at 1 kHz, garbage
// collections, and preemption. Each result is compared.
func testGuard(all []*vector, span time.Duration) error {
	if err := os.Setenv("FVM_GUARD_PAGES", "1"); err != nil {
		return err
	}
	if said, err := fvm.Capabilities(); err != nil {
		return err
	} else if !strings.Contains(string(said), `"guard_pages":true`) {
		return fmt.Errorf("there are no guard pages: %s", said)
	}
	// The profiler would ask for 100 Hz, and keeps the rate if there is one already (it says so).
	runtime.SetCPUProfileRate(1000)
	var profile bytes.Buffer
	if err := pprof.StartCPUProfile(&profile); err != nil {
		return err
	}
	var messages, recovered, collections int64
	until := time.Now().Add(span)
	errs := make(chan error, 64)
	var wg sync.WaitGroup
	start := func(count int, step func(n int) error) {
		for i := 0; i < count; i++ {
			wg.Add(1)
			go func(i int) {
				defer wg.Done()
				for n := i; time.Now().Before(until); n++ {
					if err := step(n); err != nil {
						errs <- err
						return
					}
				}
			}(i)
		}
	}
	var failing []*vector
	for _, v := range all {
		if strings.HasPrefix(v.Meta.ID, "failing") {
			failing = append(failing, v)
		}
	}
	if len(failing) == 0 {
		return errors.New("no vector is called failing")
	}
	start(4, func(n int) error {
		v := failing[n%len(failing)]
		if n%4 == 3 {
			v = all[n%len(all)]
		}
		atomic.AddInt64(&messages, int64(len(v.Messages)))
		return v.run(nil)
	})
	start(2, func(n int) error {
		s := newStore(failing[0].Blocks)
		var inside error
		s.before = func(string) {
			if err := recovers(); err != nil {
				inside = err
			}
		}
		m, err := fvm.Create(s, failing[0].options())
		if err != nil {
			return err
		}
		defer m.Drop()
		atomic.AddInt64(&messages, int64(len(failing[0].Messages)))
		if err := failing[0].apply(m, s); err != nil {
			return err
		}
		return inside
	})
	start(4, func(n int) error {
		atomic.AddInt64(&recovered, 1)
		_, err := grow(n % 400)
		return err
	})
	start(1, func(int) error {
		runtime.GC()
		atomic.AddInt64(&collections, 1)
		return nil
	})
	wg.Wait()
	pprof.StopCPUProfile()
	select {
	case err := <-errs:
		return err
	default:
	}
	fmt.Printf("     %d messages, %d nil pointers, %d collections of Go's, a profile of %d bytes in %s\n",
		messages, recovered, collections, profile.Len(), span)
	if said, err := fvm.Capabilities(); err != nil || !strings.Contains(string(said), `"guard_pages":true`) {
		return fmt.Errorf("guard pages have gone: %s, %v", said, err)
	}
	if profile.Len() == 0 || recovered == 0 || collections == 0 {
		return errors.New("nothing was beside the messages")
	}
	return nil
}
