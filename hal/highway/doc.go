// Package highway is the PCM bus of a real board: one sound card of the kernel (ALSA)
// whose sixteen channels are the timeslots. It speaks to the kernel by ioctl alone,
// without cgo or a library.
//
// Boards open one and hand it on as hal.Highway; the media engine's thread is the only
// one that calls Exchange. Capture and playback are linked, so that they start with one
// frame, and a fixed number of periods is kept ahead of the wire: the way from what is
// given to what is heard of it is the same after every start. When the streams fall
// (we came too late, the machine slept, the card went away) they are begun anew and
// HighwayCounters.Realigned counts it, for whoever knew what was on its way. When the
// clock of the bus stands still, Exchange says so within 30 ms and takes the streams up
// again by itself once it runs.
//
// It never resamples, mixes or changes a sample, never starts a goroutine, and knows no
// telephone line. The kernel is behind a small interface (stream), so that all of this
// is tried without one.
//
// # Sources
//
// The kernel's own header include/uapi/sound/asound.h, protocol 2.0.15, and the
// behaviour of sound/core/pcm_native.c.
//
// # Traps
//
//   - A period is what a poll wakes for; nothing is read before it is whole, since a
//     reader of half periods would be woken a period late.
//   - A stream whose clock is missing is running all the same: only that its delay
//     does not change tells.
//   - Preparing one of two linked streams prepares both, and forgets what was written
//     ahead to the other: both are prepared before either is filled.
//   - The first write must not start playback, or it would start without capture: the
//     threshold is out of reach and the start explicit.
package highway
