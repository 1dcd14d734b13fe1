// Package rtp is the packet half of a leg: two UDP sockets, G.711 and G.722 in RTP
// (RFC 3550, RFC 3551), Opus (RFC 7587) where it is passed from one far end to another
// and never read, comfort noise that is heard (RFC 3389), digits as telephone events
// (RFC 4733) and the reports of RTCP.
//
// leg/sip opens a Session for each of its legs and tells it what was agreed in
// SDP; the media engine reads and writes it in its tick. The package never
// speaks SIP or SDP, never decides who hears whom, and allocates nothing for a
// packet in either direction.
//
// Three parties touch a Session:
//
//	engine thread    Read, Write      one tick, 10 ms; may not block
//	loop             Start            one thread for the sockets of all sessions: packets ->
//	                                  source check -> jitter buffer; reports, silence watch
//	the leg's worker Connect, Send, Close
//
// The loop waits for all sockets at once (epoll) and takes what came in batches
// (recvmmsg) into memory of its own; no goroutine is woken for a packet. Sockets of
// memory, as tests bring them, have a goroutine each instead.
//
// Two sessions may be told to pass each other's packets (Relay): the loop then writes
// our header over the far end's, in the buffer it read them into, and sends them on.
// Source check, counts, reports, digits and the silence watch stay as they are; the
// engine is told that there is nothing to read, and the play-out buffer is given back.
//
// Each session accounts for both directions from the first packet to the last, relayed
// or mixed (Session.Quality): what came by its numbers, what was late by the play-out
// buffer, what the far end heard and how far away it is by its reports.
package rtp
