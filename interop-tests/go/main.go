// Command interop drives the machine's C interface from Go: blockstore and chain
// data in Go, errors, panics, signals, many goroutines, leaks.
//
//	interop [-machines N] [-lanes N] [-span TIME] [-only TEST] VECTORS
//
// The last line is "N passed, N failed, N skipped".
package main

import (
	"flag"
	"fmt"
	"os"
	"time"
)

func main() {
	machines := flag.Int("machines", 10_000, "how many machines are made and dropped in the search for leaks")
	lanes := flag.Int("lanes", 64, "how many machines are at work at once")
	span := flag.Duration("span", 5*time.Second, "for how long they are")
	only := flag.String("only", "", "run just the test of this name")
	flag.Parse()
	if flag.NArg() != 1 {
		flag.Usage()
		os.Exit(2)
	}
	vectors, err := readVectors(flag.Arg(0))
	if err != nil {
		fmt.Fprintln(os.Stderr, "interop:", err)
		os.Exit(2)
	}
	tests := []struct {
		name string
		run  func([]*vector) error
		// Only if requested by name, in a separate process.
		alone bool
	}{
		// While nothing is cached: the messages have to call their host.
		{"host panics", testHostPanics, false},
		{"host fails", testHostFails, false},
		{"examples", testExamples, false},
		{"traces", testTraces, false},
		{"capabilities", testCapabilities, false},
		{"errors", testErrors, false},
		{"goroutines", testGoroutines, false},
		{"signals", testSignals, false},
		{"finalizers", testFinalizers, false},
		{"leaks", func(v []*vector) error { return testLeaks(v, *machines) }, false},
		// The number of lanes is read at the first call of a process.
		{"lanes", func(v []*vector) error { return testLanes(v, *lanes, *span) }, true},
		{"guard", func(v []*vector) error { return testGuard(v, *span) }, true},
	}
	passed, failed := 0, 0
	for _, t := range tests {
		if *only != t.name && (*only != "" || t.alone) {
			continue
		}
		if err := t.run(vectors); err != nil {
			failed++
			fmt.Printf("FAIL %s: %v\n", t.name, err)
		} else {
			passed++
			fmt.Printf("ok   %s\n", t.name)
		}
	}
	fmt.Printf("%d passed, %d failed, 0 skipped\n", passed, failed)
	if failed > 0 {
		os.Exit(1)
	}
}
