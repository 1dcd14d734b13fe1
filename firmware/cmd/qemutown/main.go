// qemutown is what a simulated machine lacks of a box: the chips behind its buses and
// wires (board/simboard/kernelside), with the exchanges, telephones and people of a town
// on them. It runs on the same machine as the program, whose --board is qemu then, and
// the program cannot tell.
//
// People are told what to do over HTTP, as package town says under /town/. Beyond that:
//
//	POST /press/{button}?for_ms=200   holds a button down ("factory", or the wire "supply")
//	GET  /lamp/{name}                 {"lamp": 1, ...}: what an eye sees; 0 off, as hal.Lamp counts
//	GET  /sound                       frames that went over the sound card and what it counted
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"time"

	"centralita/board/qemu"
	"centralita/board/simboard"
	"centralita/board/simboard/kernelside"
	"centralita/board/simboard/town"
)

// places to run Go code beyond the processors: one for the sound and one for each bus,
// none of which may wait until a place is free that a less urgent thread holds.
const places = 3

func main() {
	listen := flag.String("listen", "127.0.0.1:9900", "where the town is told what to do; none: nowhere")
	country := flag.String("country", "ES", "of its exchanges and telephones")
	folder := flag.String("dir", "", "folder of sound files")
	seed := flag.Uint64("seed", 1, "of everything that varies")
	flag.Parse()
	if os.Getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(runtime.NumCPU() + places)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *listen, *seed, town.Config{Country: *country, Seed: *seed, Dir: *folder}); err != nil && ctx.Err() == nil {
		fmt.Fprintln(os.Stderr, "qemutown:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, listen string, seed uint64, cfg town.Config) error {
	hardware := simboard.NewHardware(simboard.HardwareOptions{Seed: seed, Lifeline: true})
	people, err := town.New(hardware, cfg)
	if err != nil {
		return err
	}
	side, err := kernelside.New(qemu.Board(), hardware)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	server := http.Server{Handler: handler(people, side), ReadHeaderTimeout: 10 * time.Second}
	failed := make(chan error, 2)
	go func() { failed <- side.Serve(ctx) }()
	if listen != "" {
		door, err := net.Listen("tcp", listen)
		if err != nil {
			return err
		}
		go func() { failed <- server.Serve(door) }()
		defer func() { _ = server.Close() }()
	}
	err = <-failed
	stop()
	return errors.Join(err, people.Close())
}
