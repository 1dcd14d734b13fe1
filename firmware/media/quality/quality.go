// Package quality counts what a listener would have thought of a stream: loss,
// jitter, delay, and a mean opinion score estimated from them by the E-model.
//
// leg/rtp keeps one Receiver per session in its reading thread, asks it for the
// numbers of its RTCP reports, and rates the call by them. The package measures
// nothing by itself and asks for no time.
package quality
