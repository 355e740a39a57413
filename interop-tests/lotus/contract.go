package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net/http"
	"os"
	"sort"
	"strings"
	"sync"
	"time"
)

const (
	// The Ethereum address manager, and its method CreateExternal: deployment of a contract by an account.
	addressManager = "f010"
	createExternal = 4
	// getBalance(address): like an ERC-20's balanceOf, a lookup in a mapping from address to number.
	getBalance = "f8b2cb4f"
)

// deploy creates a contract from a file of hexadecimal init code, and returns its Ethereum address.
func (n *node) deploy(file string) (string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	code, err := hex.DecodeString(strings.TrimPrefix(strings.TrimSpace(string(text)), "0x"))
	if err != nil {
		return "", fmt.Errorf("%s: %w", file, err)
	}
	client := http.DefaultClient
	var from string
	if err := n.call(client, &from, "Filecoin.WalletDefaultAddress"); err != nil {
		return "", err
	}
	// A CBOR byte string.
	parameters := append([]byte{0x59, 0, 0}, code...)
	binary.BigEndian.PutUint16(parameters[1:], uint16(len(code)))
	message := map[string]any{
		"Version": 0, "To": addressManager, "From": from, "Nonce": 0, "Value": "0", "GasLimit": 0, "GasFeeCap": "0", "GasPremium": "0",
		"Method": createExternal, "Params": base64.StdEncoding.EncodeToString(parameters),
	}
	var signed struct{ CID map[string]string }
	if err := n.call(client, &signed, "Filecoin.MpoolPushMessage", message, nil); err != nil {
		return "", err
	}
	for epoch := 0; epoch < 10; epoch++ {
		if err := n.mine(1); err != nil {
			return "", err
		}
		var found *struct {
			Receipt struct {
				ExitCode int
				Return   string
			}
		}
		if err := n.call(client, &found, "Filecoin.StateSearchMsg", nil, signed.CID, -1, true); err != nil {
			return "", err
		}
		if found == nil {
			continue
		}
		if found.Receipt.ExitCode != 0 {
			return "", fmt.Errorf("the deployment of %s ended with exit code %d", file, found.Receipt.ExitCode)
		}
		// [actor ID, robust address, Ethereum address of 20 bytes]: the last bytes.
		result, err := base64.StdEncoding.DecodeString(found.Receipt.Return)
		if err != nil || len(result) < 21 || !bytes.Equal(result[len(result)-21:len(result)-20], []byte{0x54}) {
			return "", fmt.Errorf("the deployment of %s returned %s, which does not end with an Ethereum address", file, found.Receipt.Return)
		}
		return "0x" + hex.EncodeToString(result[len(result)-20:]), nil
	}
	return "", fmt.Errorf("no block of ten contains the deployment of %s", file)
}

// calls is the result of a run of many clients.
type calls struct {
	perSecond float64
	// Milliseconds of one call: median and 99th percentile.
	median, slow float64
}

// callContract lets clients ask for a balance by eth_call, each one call after the other, and counts the answers after a second of warm-up.
func (n *node) callContract(contract string, clients int, span time.Duration) (calls, error) {
	call := map[string]string{"to": contract, "data": "0x" + getBalance + strings.Repeat("0", 24) + strings.Repeat("11", 20)}
	want := "0x" + strings.Repeat("0", 64)
	warm := time.Now().Add(time.Second)
	end := warm.Add(span)
	var lock sync.Mutex
	var latencies []float64
	var failure error
	var group sync.WaitGroup
	for i := 0; i < clients; i++ {
		group.Add(1)
		go func() {
			defer group.Done()
			client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 1}, Timeout: time.Minute}
			var own []float64
			for time.Now().Before(end) {
				begin := time.Now()
				var answer string
				err := n.call(client, &answer, "eth_call", call, "latest")
				if err == nil && answer != want {
					err = fmt.Errorf("eth_call answered %s in place of %s", answer, want)
				}
				if err != nil {
					lock.Lock()
					failure = err
					lock.Unlock()
					return
				}
				if begin.After(warm) {
					own = append(own, float64(time.Since(begin).Microseconds())/1000)
				}
			}
			lock.Lock()
			latencies = append(latencies, own...)
			lock.Unlock()
		}()
	}
	group.Wait()
	if failure != nil {
		return calls{}, failure
	}
	if len(latencies) == 0 {
		return calls{}, fmt.Errorf("no eth_call ended within %v", span)
	}
	sort.Float64s(latencies)
	return calls{
		float64(len(latencies)) / span.Seconds(),
		latencies[len(latencies)/2],
		latencies[len(latencies)*99/100],
	}, nil
}
