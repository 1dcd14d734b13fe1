package app

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"centralita/board"
	"centralita/board/qemu"
	"centralita/board/rev1"
	"centralita/board/simboard"
	"centralita/board/simboard/town"
	"centralita/board/stm32mp1"
	"centralita/board/wired"
	"centralita/firmware/api"
	"centralita/firmware/leg/analog"
	"centralita/firmware/settings"
	"centralita/hal"
)

// box is the board that was asked for; sim and town are nil on a real one.
type box struct {
	*board.Board
	sim  *simboard.Sim
	town *town.Town
}

// boards are the real ones, by the names of --board.
var boards = map[string]func() wired.Description{"rev1": rev1.Board, "stm32mp1": stm32mp1.Board, "qemu": qemu.Board}

// openBoard makes the board of the command line and the bank of its sockets. The
// country is of the settings at start: line chips take it when they are initialised.
func (a *App) openBoard() error {
	_, tree, _ := a.settings.Current()
	if err := a.makeBoard(tree); err != nil {
		return err
	}
	a.bank = analog.New(analog.Options{
		Highway: a.box.Highway, FXS: a.box.FXS, FXO: a.box.FXO,
		Told:   a.told,
		Health: a.portHealth,
		Fact:   a.tell,
	})
	a.bank.Configure(sockets(tree))
	return nil
}

func (a *App) makeBoard(tree *settings.Tree) error {
	tell := func(e hal.Event) { a.bank.Event(e) }
	if describe, real := boards[a.opt.Board]; real {
		b, err := wired.Open(describe(), wired.Options{Country: tree.CountryCode(), Tell: tell, Press: a.press, Power: a.power})
		if err != nil {
			return err
		}
		a.box = &box{Board: b}
		for _, name := range b.Lacking {
			a.alarms.raise("board-"+name, "minor", "alarm.board-lacks", name)
		}
		return nil
	}
	if a.opt.Board != "sim" {
		return fmt.Errorf("board %q is not known here: --board takes sim, %s", a.opt.Board, strings.Join(slices.Sorted(maps.Keys(boards)), ", "))
	}
	sim, err := simboard.New(simboard.Options{
		Country: tree.CountryCode(), Paced: true, Seed: 1, Lifeline: true, Tell: tell, Press: a.press, Power: a.power,
	})
	if err != nil {
		return fmt.Errorf("simulated board: %w", err)
	}
	if err := os.MkdirAll(a.path("town"), 0o700); err != nil {
		return fmt.Errorf("town: %w", err)
	}
	people, err := town.New(sim, town.Config{
		Country: townCountry(tree.CountryCode()), Seed: 1, Dir: a.path("town"), Numbers: numbersOf(tree),
	})
	if err != nil {
		return fmt.Errorf("town: %w", err)
	}
	a.box = &box{Board: sim.Board, sim: sim, town: people}
	return nil
}

// numbersOf are the lines' own numbers as they are dialled, so that one line of the
// simulated office can call another.
func numbersOf(tree *settings.Tree) map[string]string {
	of := map[string]string{}
	for _, l := range tree.Lines {
		if n := dialled(l.Number); n != "" {
			of[string(l.Name)] = n
		}
	}
	return of
}

// dialled is a number as a telephone dials it inside its country: digits alone.
func dialled(number string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, number)
}

// townCountry is the country whose exchanges the town plays: its own where it
// knows it, else Spain's, so that a box of any country can be tried.
func townCountry(code string) string {
	switch code {
	case "ES", "IT", "GB", "US", "FR", "DE", "MX", "AR", "BR":
		return code
	}
	return "ES"
}

// waitReady waits until all is ready to take calls, at most so long.
func (a *App) waitReady(ctx context.Context, most time.Duration) {
	limit := time.NewTimer(most)
	defer limit.Stop()
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	for !a.ready() {
		select {
		case <-ctx.Done():
			return
		case <-limit.C:
			return
		case <-look.C:
		}
	}
}

// Front implements api.Board.
func (b *box) Front() api.Front {
	f := api.Front{Name: b.Name, Lamps: map[string]string{}}
	for _, n := range b.Lamps.Names() {
		f.Lamps[n] = lampWords[b.Lamps.Get(n)]
	}
	for _, p := range b.Ports() {
		kind := "fxo"
		if _, ok := p.(hal.FXS); ok {
			kind = "fxs"
		}
		f.Ports = append(f.Ports, api.FrontPort{Port: p.Name(), Kind: kind, Status: p.Status()})
	}
	return f
}

var lampWords = map[hal.Lamp]string{
	hal.LampOff: "off", hal.LampGreen: "green", hal.LampGreenBlink: "green-blink",
	hal.LampRed: "red", hal.LampRedBlink: "red-blink", hal.LampAmber: "amber",
}

// Press implements api.Board: a finger on the simulated front.
func (b *box) Press(_ context.Context, button string, held time.Duration) error {
	if b.sim == nil {
		return api.ErrNotFound
	}
	return b.sim.Press(button, held)
}

// serveLamps shows the state of each port on its lamp: green works, blinking
// green rings, amber in use, red does not work. Polling is enough for an eye.
func (a *App) serveLamps(ctx context.Context) error {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	shown := map[string]hal.Lamp{}
	show := func(name string, l hal.Lamp) {
		if was, ok := shown[name]; ok && was == l {
			return
		}
		if err := a.box.Lamps.Set(name, l); err != nil {
			a.log.Debug("lamp", "name", name, "err", err)
			return
		}
		shown[name] = l
	}
	show("power", hal.LampGreen)
	show("status", hal.LampGreen)
	for {
		for _, p := range a.box.Ports() {
			show(p.Name(), lampOf(p.Status()))
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

func lampOf(s hal.Status) hal.Lamp {
	switch {
	case !s.Ready:
		return hal.LampRed
	case s.Ringing:
		return hal.LampGreenBlink
	case s.OffHook:
		return hal.LampAmber
	}
	return hal.LampGreen
}

// licencesOf finds the licence texts that were unpacked beside the sounds.
func licencesOf(sounds string) []string {
	files, err := filepath.Glob(filepath.Join(sounds, "licences", "*"))
	if err != nil {
		return nil
	}
	return files
}
