// Package web makes legs in browsers: the page of a person is the telephone of
// the person's station, by WebRTC (RFC 8825, RFC 8834).
//
// firmware/switchboard asks an Endpoint for legs and hears what becomes of them;
// app gives it the stations that may be used so and carries the words of the page
// (firmware/api) to it. The browser offers, we answer; we are an ICE-lite agent
// (RFC 8445 section 2.5) with one UDP port for all browsers, so that one port of a
// firewall is enough and nothing is asked of servers outside. Sound is G.711, which
// every browser has (RFC 7874), or Opus where it is passed to a far end that speaks it
// too (codec.go); jitter, concealment, digits, relays and reports are those of leg/rtp.
// The package knows no HTTP and decides nothing about calls.
//
// A page attaches to a station and hears its News; the last page to attach has it.
// A leg outlives its page and its connection: the page comes back after a reload
// or on another network, offers again, and the talk goes on.
//
//	Make ─► idle ─Ring─► ringing ─Answer of the page─► up ─Hangup─► ended
//	                        └─ refused, Hangup ──────────────────► ended
//	Call of the page ─► offered ─Answer─► up ────────────────────► ended
//	                                       │ connection lost, 10 s ─┘
//
// Who touches a leg:
//
//	engine thread  Read, Write   the tick; packets are left in a ring
//	reader         a relay's     likewise, while the engine leaves it alone
//	pump           one for all legs: rings -> encryption -> socket
//	worker         one for each leg: orders of the loop, words of the page, reports
package web
