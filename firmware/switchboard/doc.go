// Package switchboard is the hands of the core: it owns legs and timers, feeds
// events in, carries orders out and plugs crosspoints. It is the only place
// where deciding meets doing.
//
// firmware/app makes one and runs its Serve; doors ask it by Command and View. It
// decides nothing about calls: what an order means is in firmware/order, what
// came of it goes back into the core as an event.
//
// One goroutine, the loop, steps the core. Everything else reaches it through one
// bounded inbox; it itself never waits for a wire, a file of sound excepted.
package switchboard
