package main

import (
	"errors"
	"fmt"
	"os/exec"
	"time"

	"fvm.test/interop/sidecar"
	"fvm.test/interop/vectors"
	"google.golang.org/grpc/codes"
)

// No timeout of gRPC or of the server is as short.
const atOnce = 2 * time.Second

// breaks runs a vector while a command kills the server in the midst of it and starts another one: the client must get codes.Unavailable at once,
// and then, as a node executes its tipset again, the vector's results.
func (r *replay) breaks(v *vectors.Vector, command string) error {
	var killed time.Time
	err := r.run(v, func() error {
		if !killed.IsZero() {
			return nil
		}
		out, err := exec.Command("sh", "-c", command).CombinedOutput()
		killed = time.Now()
		if err != nil {
			return fmt.Errorf("%s: %w: %s", command, err, out)
		}
		return nil
	})
	var failed *sidecar.Error
	if took := time.Since(killed); !errors.As(err, &failed) || failed.Code != codes.Unavailable || took > atOnce {
		return fmt.Errorf("%s: the server was killed, and %s later the error is: %v", v.Meta.ID, took, err)
	}
	return r.run(v, nil)
}
