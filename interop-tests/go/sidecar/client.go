// Package sidecar executes messages on machines of the sidecar, a server on a Unix socket of the same host. It has the calls of filecoin-ffi's
// machine: CreateFVM, ApplyMessage, ApplyImplicitMessage and Flush.
//
// An error says nothing of the chain: the message has no result, and the tipset is to be executed again on a new machine. Nothing is left of the
// old one, since a machine changes only blocks that it puts at a flush, under CIDs of their content.
//
// The generated package of the protocol is made by the build, from proto/fvm/v1.
package sidecar

import (
	"context"
	"errors"
	"os"
	"sync"
	"time"

	fvmv1 "fvm.test/interop/protocol/fvm/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/connectivity"
	"google.golang.org/grpc/keepalive"
)

const (
	// The server's limit of a frame, with room for what gRPC adds.
	maxFrameBytes = 17 << 20
	// Machines per connection: each has a stream, and servers allow 100 streams by default.
	machinesPerConnection = 64
	// A restarted server is found again within this time.
	maxBackoff = time.Second
	// A server that answers nothing at all, though its process exists, is taken for lost after twice this time.
	silence = 20 * time.Second
)

// Client connects to a server. Safe for concurrent use.
type Client struct {
	target      string
	dial        []grpc.DialOption
	gate        sync.Mutex
	connections []*connection
	closed      bool
}

type connection struct {
	*grpc.ClientConn
	machines int
}

var (
	defaultClient *Client
	defaultOnce   sync.Once
	defaultError  = errors.New("sidecar: FVM_SIDECAR does not name the server's address")
)

// CreateFVM creates a machine of the server at the address $FVM_SIDECAR, as of ClientOf.
func CreateFVM(opts *FVMOpts) (*FVM, error) {
	defaultOnce.Do(func() {
		if address := os.Getenv("FVM_SIDECAR"); address != "" {
			defaultClient, defaultError = ClientOf(address)
		}
	})
	if defaultClient == nil {
		return nil, defaultError
	}
	return defaultClient.CreateFVM(opts)
}

// Close ends all machines of the client.
func (c *Client) Close() error {
	c.gate.Lock()
	defer c.gate.Unlock()
	c.closed = true
	var first error
	for _, open := range c.connections {
		if err := open.ClientConn.Close(); err != nil && first == nil {
			first = err
		}
	}
	c.connections = nil
	return first
}

// enter takes a connection with room for a machine.
func (c *Client) enter() (*connection, error) {
	c.gate.Lock()
	defer c.gate.Unlock()
	if c.closed {
		return nil, errors.New("sidecar: the client is closed")
	}
	for _, open := range c.connections {
		if open.machines < machinesPerConnection {
			open.machines++
			return open, nil
		}
	}
	pause := backoff.DefaultConfig
	pause.BaseDelay, pause.MaxDelay = maxBackoff/20, maxBackoff
	conn, err := grpc.Dial(c.target, append([]grpc.DialOption{
		grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: silence, Timeout: silence}),
		grpc.WithConnectParams(grpc.ConnectParams{Backoff: pause}),
		grpc.WithDefaultCallOptions(grpc.ForceCodec(codec{}), grpc.MaxCallRecvMsgSize(maxFrameBytes), grpc.MaxCallSendMsgSize(maxFrameBytes)),
	}, c.dial...)...)
	if err != nil {
		return nil, err
	}
	open := &connection{conn, 1}
	c.connections = append(c.connections, open)
	return open, nil
}

// awake dials at once if the connection was lost, instead of at the end of a pause: the server may be back.
func (c *connection) awake() {
	if c.GetState() != connectivity.TransientFailure {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), maxBackoff)
	defer cancel()
	c.ResetConnectBackoff()
	for state := connectivity.TransientFailure; c.WaitForStateChange(ctx, state); {
		if state = c.GetState(); state == connectivity.Ready || state == connectivity.TransientFailure {
			return
		}
	}
}

func (c *Client) leave(open *connection) {
	c.gate.Lock()
	defer c.gate.Unlock()
	open.machines--
}

// Capabilities asks the server for its version and abilities.
func (c *Client) Capabilities(ctx context.Context) (*fvmv1.GetCapabilitiesResponse, error) {
	open, err := c.enter()
	if err != nil {
		return nil, err
	}
	defer c.leave(open)
	told, err := fvmv1.NewExecutionServiceClient(open).GetCapabilities(ctx, &fvmv1.GetCapabilitiesRequest{})
	return told, errorOf(err)
}
