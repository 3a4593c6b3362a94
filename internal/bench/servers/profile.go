package servers

import (
	"errors"
	"os"
	"runtime"
	"runtime/pprof"
)

// startProfile begins a profile of the server's CPU time in the file path.cpu; stop ends it. Every allocation is sampled
// from now on, for saveHeap. An empty path means no profile.
func startProfile(path string) (stop func() error, err error) {
	if path == "" {
		return func() error { return nil }, nil
	}
	runtime.MemProfileRate = 1
	f, err := os.Create(path + ".cpu")
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() error {
		pprof.StopCPUProfile()
		return f.Close()
	}, nil
}

// saveHeap writes what is allocated now to path.heap, over what an earlier call wrote.
func saveHeap(path string) error {
	if path == "" {
		return nil
	}
	f, err := os.Create(path + ".heap")
	if err != nil {
		return err
	}
	return errors.Join(pprof.Lookup("heap").WriteTo(f, 0), f.Close())
}
