package sidecar

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"os"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
)

// TLS are the credentials for a server behind TCP, as files. Certificate and Key are for servers that want a client's certificate, Token is for those
// that want a bearer token; each may be empty.
type TLS struct {
	Authorities      string // of the server's certificate, in PEM
	Certificate, Key string // the client's, in PEM
	Token            string
}

// ClientOf is a client of the server at an address: the path of a Unix socket, or https://HOST:PORT with the files that FVM_SIDECAR_CA,
// FVM_SIDECAR_CERTIFICATE, FVM_SIDECAR_KEY and FVM_SIDECAR_TOKEN name.
func ClientOf(address string) (*Client, error) {
	if !strings.HasPrefix(address, scheme) {
		return NewClient(address), nil
	}
	return NewTLSClient(strings.TrimPrefix(address, scheme), TLS{
		Authorities: os.Getenv("FVM_SIDECAR_CA"), Certificate: os.Getenv("FVM_SIDECAR_CERTIFICATE"), Key: os.Getenv("FVM_SIDECAR_KEY"),
		Token: os.Getenv("FVM_SIDECAR_TOKEN"),
	})
}

const scheme = "https://"

// NewClient is a client of the server at the path of a Unix socket. It connects with the first machine, and again whenever the server was away.
func NewClient(socket string) *Client {
	return &Client{target: "passthrough:///localhost", dial: []grpc.DialOption{
		grpc.WithInsecure(),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, "unix", socket)
		}),
	}}
}

// NewTLSClient is a client of the server at HOST:PORT.
func NewTLSClient(address string, files TLS) (*Client, error) {
	authorities, err := os.ReadFile(files.Authorities)
	if err != nil {
		return nil, fmt.Errorf("sidecar: the authorities of the server's certificate: %w", err)
	}
	settings := &tls.Config{RootCAs: x509.NewCertPool(), MinVersion: tls.VersionTLS12}
	if !settings.RootCAs.AppendCertsFromPEM(authorities) {
		return nil, fmt.Errorf("sidecar: %s has no certificate in PEM", files.Authorities)
	}
	if files.Certificate != "" {
		pair, err := tls.LoadX509KeyPair(files.Certificate, files.Key)
		if err != nil {
			return nil, fmt.Errorf("sidecar: the client's certificate: %w", err)
		}
		settings.Certificates = []tls.Certificate{pair}
	}
	client := &Client{target: address, dial: []grpc.DialOption{grpc.WithTransportCredentials(credentials.NewTLS(settings))}}
	if files.Token != "" {
		token, err := os.ReadFile(files.Token)
		if err != nil {
			return nil, fmt.Errorf("sidecar: the token: %w", err)
		}
		client.dial = append(client.dial, grpc.WithPerRPCCredentials(bearer(strings.TrimSpace(string(token)))))
	}
	return client, nil
}

type bearer string

func (b bearer) GetRequestMetadata(context.Context, ...string) (map[string]string, error) {
	return map[string]string{"authorization": "Bearer " + string(b)}, nil
}

// RequireTransportSecurity keeps the token from connections in plain text.
func (bearer) RequireTransportSecurity() bool { return true }
