// Package board is the assembled set of what a box has: its ports, highway,
// lamps and buttons, by name, ready for the firmware.
//
// A board package (board/simboard, or board/wired of a description) builds it from drivers;
// firmware/app runs its workers and hands its ports to firmware/leg/analog. It
// decides nothing.
package board

import "centralita/hal"

// Board is one box.
type Board struct {
	Name   string // "simboard", "rev1"
	Serial string // serial number

	FXS      []hal.FXS // fxs1, fxs2 ...
	FXO      []hal.FXO // fxo1, fxo2 ...
	Highway  hal.Highway
	Lamps    hal.Indicator
	Watchdog hal.Watchdog // nil when there is none
	Lifeline hal.Lifeline // nil when there is none
	Clock    hal.Clock    // with a battery; nil when there is none

	// Lacking names what the board should have and this one has not, though it works
	// without: "/dev/hwrng".
	Lacking []string

	// Workers must run, in any order, for anything of the above to work. Each may
	// be served again after it returned an error.
	Workers []hal.Worker
}

// Ports are all ports, lines first.
func (b *Board) Ports() []hal.Port {
	ports := make([]hal.Port, 0, len(b.FXO)+len(b.FXS))
	for _, p := range b.FXO {
		ports = append(ports, p)
	}
	for _, p := range b.FXS {
		ports = append(ports, p)
	}
	return ports
}

// Port finds a port by name, nil when there is none.
func (b *Board) Port(name string) hal.Port {
	for _, p := range b.Ports() {
		if p.Name() == name {
			return p
		}
	}
	return nil
}

// Ready tells whether every port works.
func (b *Board) Ready() bool {
	for _, p := range b.Ports() {
		if !p.Status().Ready {
			return false
		}
	}
	return true
}
