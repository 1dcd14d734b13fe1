// Package sip makes legs over SIP (RFC 3261): the phones that register with the
// box, and the providers the box registers with.
//
// firmware/switchboard asks an Endpoint for legs and hears what becomes of them;
// app gives it users and trunks and runs it. Framing, transports and transactions
// are a library's; dialogs, registrar, digest, SDP and every judgement about a
// message are here. The package never decides where a call goes, and mixes no
// sound: leg/rtp carries it.
//
// The way of a message in:
//
//	socket -> gate (floods, scanners, garbage; 400) -> parser -> validate (400 … 505)
//	       -> by Call-ID and our tag to the leg -> its inbox -> its worker
//
// The life of a leg:
//
//	Make ─► idle ─Ring─► calling ─2xx─► up ─BYE─► ended
//	                        └─ 3xx…6xx, Hangup: CANCEL ─────► ended
//	INVITE ─► offered ─Answer: 200─► up (200 is repeated until ACK) ─► ended
//	             └─ CANCEL, Hangup: 4xx…6xx ──────────────► ended
package sip
