// Command lotus times a devnet of Lotus on two machines by turns: this project's library, and the Rust FVM that the program contains.
//
//	lotus [-epochs N] [-clients N] [-span TIME] -program FILE -fixtures FOLDER -library FILE -work FOLDER
//
// Prints a table: milliseconds of the machine per tipset without messages (reward and cron), of the first tipset, of calls of a contract,
// and the node's resident memory.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

type settings struct {
	// Paths: Lotus's program, its working folder, the library in place of the Rust FVM, and that library's cache.
	program, fixtures, library, cache string
	epochs, clients                   int
	span                              time.Duration
}

// figures are one node's measurements.
type figures struct {
	start, first            float64  // Seconds until the node serves; milliseconds of the machine until then.
	perEpoch                counters // Milliseconds per epoch.
	residentStart, resident float64  // MiB.
	calls                   calls
}

func main() {
	var s settings
	var work string
	flag.StringVar(&s.program, "program", "", "Lotus's integration tests")
	flag.StringVar(&s.fixtures, "fixtures", "", "their working folder")
	flag.StringVar(&s.library, "library", "", "the library to run in place of the Rust FVM")
	flag.StringVar(&work, "work", "", "a folder for the nodes")
	flag.IntVar(&s.epochs, "epochs", 300, "epochs to mine")
	flag.IntVar(&s.clients, "clients", 8, "concurrent clients of eth_call")
	flag.DurationVar(&s.span, "span", 10*time.Second, "duration of their calls")
	flag.Parse()
	if flag.NArg() != 0 || s.program == "" || s.fixtures == "" || s.library == "" || work == "" || s.epochs < 1 || s.clients < 1 || s.span <= 0 {
		flag.Usage()
		os.Exit(2)
	}
	s.cache = filepath.Join(work, "cache")
	for _, traces := range []bool{false, true} {
		var both [2]figures
		for i, machine := range []string{"ours", "rust"} {
			folder := filepath.Join(work, fmt.Sprintf("%s-traces-%t", machine, traces))
			result, err := measure(&s, machine, traces, folder)
			if err != nil {
				fmt.Fprintf(os.Stderr, "bench-lotus: %s: %v\n", machine, err)
				os.Exit(1)
			}
			both[i] = result
		}
		table(&s, traces, &both[0], &both[1])
	}
}

func measure(s *settings, machine string, traces bool, folder string) (result figures, err error) {
	n, err := startNode(s, machine, traces, folder)
	if err != nil {
		return result, err
	}
	defer n.stop()
	result.start = n.start.Seconds()
	if result.residentStart, err = n.resident(); err != nil {
		return result, err
	}
	if err = n.mine(1); err != nil {
		return result, err
	}
	before, err := n.counters(machine)
	if err != nil {
		return result, err
	}
	result.first = before.sum()
	for left := s.epochs; left > 0; left -= 10 {
		count := left
		if count > 10 {
			count = 10
		}
		if err = n.mine(count); err != nil {
			return result, err
		}
	}
	after, err := n.counters(machine)
	if err != nil {
		return result, err
	}
	spent := after.minus(before)
	if spent.sum() <= 0 {
		return result, errors.New("the counters did not move while blocks were made")
	}
	epochs := float64(s.epochs)
	result.perEpoch = counters{spent.create / epochs, spent.execute / epochs, spent.flush / epochs}
	if result.resident, err = n.resident(); err != nil || traces {
		return result, err
	}
	contract, err := n.deploy(filepath.Join(s.fixtures, "contracts", "SimpleCoin.hex"))
	if err != nil {
		return result, err
	}
	result.calls, err = n.callContract(contract, s.clients, s.span)
	return result, err
}

func table(s *settings, traces bool, ours, rust *figures) {
	title := "without traces"
	if traces {
		title = "with traces"
	}
	fmt.Printf("%-44s %10s %10s %8s\n", title, "ours", "Rust FVM", "ratio")
	row := func(name string, a, b float64) { fmt.Printf("%-44s %10.2f %10.2f %8.2f\n", name, a, b, a/b) }
	row("start until the node serves, s", ours.start, rust.start)
	row("machine until the first tipset, ms", ours.first, rust.first)
	row("create per tipset, ms", ours.perEpoch.create, rust.perEpoch.create)
	row("execute per tipset, ms", ours.perEpoch.execute, rust.perEpoch.execute)
	row("flush per tipset, ms", ours.perEpoch.flush, rust.perEpoch.flush)
	row("together per tipset, ms", ours.perEpoch.sum(), rust.perEpoch.sum())
	row("resident memory after the start, MiB", ours.residentStart, rust.residentStart)
	row(fmt.Sprintf("resident memory after %d epochs, MiB", s.epochs), ours.resident, rust.resident)
	if !traces {
		row(fmt.Sprintf("eth_calls per second, %d clients", s.clients), ours.calls.perSecond, rust.calls.perSecond)
		row("eth_call, median, ms", ours.calls.median, rust.calls.median)
		row("eth_call, 99th percentile, ms", ours.calls.slow, rust.calls.slow)
	}
	fmt.Println()
}
