package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// node is a running devnet: a full node and a miner in one process, with blocks on request.
type node struct {
	command *exec.Cmd
	folder  string // Its home, counters and log.
	url     string
	exited  chan struct{}
	// From the start of the process to the first answer.
	start time.Duration
}

// counters are the processor-independent totals that the program keeps about its machines: milliseconds of wall-clock time.
type counters struct{ create, execute, flush float64 }

func (a counters) minus(b counters) counters {
	return counters{a.create - b.create, a.execute - b.execute, a.flush - b.flush}
}

func (a counters) sum() float64 { return a.create + a.execute + a.flush }

// startNode starts a devnet on one of the machines, "ours" or "rust", and waits until it serves. The folder keeps what the node writes.
func startNode(s *settings, machine string, traces bool, folder string) (*node, error) {
	for _, sub := range []string{"dual", "tmp", "home"} {
		if err := os.MkdirAll(filepath.Join(folder, sub), 0o755); err != nil {
			return nil, err
		}
	}
	log, err := os.Create(filepath.Join(folder, "log"))
	if err != nil {
		return nil, err
	}
	defer log.Close()
	ready := filepath.Join(folder, "ready")
	command := exec.Command(s.program, "-test.run", "^TestDevnet$", "-test.timeout", "0")
	command.Dir = s.fixtures
	command.Stdout, command.Stderr = log, log
	command.Env = append(os.Environ(),
		"LOTUS_FVM="+machine, "FVM_SO="+s.library, "FVM_CACHE="+s.cache, "FFI_USE_GPU=0",
		"FVM_DUAL_OUT="+filepath.Join(folder, "dual"), "HOME="+filepath.Join(folder, "home"), "TMPDIR="+filepath.Join(folder, "tmp"),
		"DEVNET_ADDR=127.0.0.1:0", "DEVNET_READY="+ready)
	if traces {
		command.Env = append(command.Env, "FVM_DUAL_TRACE=1")
	}
	begin := time.Now()
	if err := command.Start(); err != nil {
		return nil, err
	}
	n := &node{command: command, folder: folder, exited: make(chan struct{})}
	go func() {
		command.Wait()
		close(n.exited)
	}()
	for time.Since(begin) < 5*time.Minute {
		address, err := os.ReadFile(ready)
		if text := strings.TrimSpace(string(address)); err == nil && text != "" {
			if !strings.HasPrefix(text, "http") {
				text = "http://" + text
			}
			n.url = strings.TrimSuffix(text, "/")
			n.start = time.Since(begin)
			return n, nil
		}
		select {
		case <-n.exited:
			return nil, fmt.Errorf("the node ended before it served; its log is %s", log.Name())
		case <-time.After(20 * time.Millisecond):
		}
	}
	n.stop()
	return nil, fmt.Errorf("the node did not serve within 5 minutes; its log is %s", log.Name())
}

// stop ends the node, by force if it does not end by itself.
func (n *node) stop() {
	n.command.Process.Signal(syscall.SIGTERM)
	select {
	case <-n.exited:
	case <-time.After(30 * time.Second):
		n.command.Process.Kill()
		<-n.exited
	}
}

// mine makes blocks, one per epoch.
func (n *node) mine(epochs int) error {
	response, err := http.Post(fmt.Sprintf("%s/devnet/mine?n=%d", n.url, epochs), "", nil)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	body, _ := io.ReadAll(io.LimitReader(response.Body, 4096))
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("mining answered %s: %s", response.Status, bytes.TrimSpace(body))
	}
	return nil
}

// call makes a JSON-RPC request and decodes its result.
func (n *node) call(client *http.Client, result any, method string, parameters ...any) error {
	if parameters == nil {
		parameters = []any{}
	}
	request, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters})
	if err != nil {
		return err
	}
	response, err := client.Post(n.url+"/rpc/v1", "application/json", bytes.NewReader(request))
	if err != nil {
		return err
	}
	defer response.Body.Close()
	var answer struct {
		Result json.RawMessage
		Error  *struct{ Message string }
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	if answer.Error != nil {
		return fmt.Errorf("%s: %s", method, answer.Error.Message)
	}
	return json.Unmarshal(answer.Result, result)
}

// counters reads the totals of the machines so far.
func (n *node) counters(machine string) (counters, error) {
	files, _ := filepath.Glob(filepath.Join(n.folder, "dual", "total-*.json"))
	if len(files) == 0 {
		return counters{}, fmt.Errorf("the node wrote no counters into %s/dual", n.folder)
	}
	content, err := os.ReadFile(files[0])
	if err != nil {
		return counters{}, err
	}
	var all map[string]any
	if err := json.Unmarshal(content, &all); err != nil {
		return counters{}, fmt.Errorf("%s: %w", files[0], err)
	}
	number := func(ours, rust string) float64 {
		name := ours
		if machine == "rust" {
			name = rust
		}
		value, _ := all[name].(float64)
		return value
	}
	return counters{number("createOursMs", "createRustMs"), number("oursMs", "rustMs"), number("flushOursMs", "flushRustMs")}, nil
}

// resident returns the resident memory of the node in MiB.
func (n *node) resident() (float64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", n.command.Process.Pid))
	if err != nil {
		return 0, err
	}
	for _, line := range strings.Split(string(status), "\n") {
		if fields := strings.Fields(line); len(fields) == 3 && fields[0] == "VmRSS:" {
			kib, err := strconv.ParseFloat(fields[1], 64)
			return kib / 1024, err
		}
	}
	return 0, fmt.Errorf("/proc states no resident memory of the node")
}
