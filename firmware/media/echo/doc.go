// Package echo cancels line echo: what a hybrid sends back of the sound that the
// box plays into a two-wire line. firmware/leg/analog has one Canceller for each
// socket and calls it in the sound thread, before anybody hears the line.
//
// The canceller is a frequency-domain Kalman filter in partitioned blocks (the
// foreground, whose output is heard) beside a fast normalised one (the shadow,
// which finds a changed line first). The Kalman filter's own uncertainty sets its
// step, so it needs no detector of double talk. It works at 8 kHz, in float32, in
// blocks of 2.5 ms, and adds no delay: each frame is answered from itself and
// from what was played before.
//
// It never decides that a modem needs the line for itself; who knows (media/fax)
// bypasses it. It never searches for bulk delay: far and near have to be aligned to
// within the filter's span. It never allocates after New, and a Canceller belongs
// to one goroutine.
package echo
