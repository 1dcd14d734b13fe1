// Command callload is a load maker for SIP servers: it registers telephones, calls
// with marked sound and prints what the server did with it beside the bars.
//
//	callload [flags] MODE…
//
//	calls      n bridged calls for some seconds: delay, loss, set-up, processor
//	mixed      as calls, of telephones that know no digits as events: the box has to listen
//	search     the most bridged calls at p99 ≤ 20 ms and loss ≤ 0.1 %
//	record     as calls, each recorded; lost frames counted in the files
//	searchrec  as search, each recorded
//	rate       20 calls a second, then a burst of 100 a second for 10 s
//	register   registrations a second, SHA-256 and MD5, with a 401 each time and without
//	flood      400 000 registrations, the memory watched
//	queue      10 agents: a freed one to its next caller, alone and beside 100 calls/s
//	memory     resident set idle and by call, each call recorded
//	storm      500 telephones register at once
//	all        everything
//
// It starts the box (-box) on core 0 with the office of -settings, or takes any
// server's address (-server host:port, -pid for its processor and memory); with
// -peer host:port a second server is measured in the same run and printed beside.
// Start it on another core: `make bench-sip` does all that.
//
// Every packet of sound says in its samples which stream and which packet it is
// (package sound), and arrivals are the kernel's time stamps (SO_TIMESTAMPNS), so
// delay and loss are the server's own. One-way delay is from the sending of a
// packet until the packet came that holds its first sample, as a listener would
// hear it. Set-up times are from the first INVITE sent, with the 401 between, to
// the 200 on the wire; the called end picks up at once.
//
// scripts/bench/kamailio runs such a peer. Processor and memory are of -pid and of
// what it began, and left out where it is not said.
//
// A server other than the box needs the accounts of scripts/bench/office.yaml:
// 1001-1100 call (MD5), 2001-2100 are called, 4001-4010 are the agents of queue 700,
// 5001-5100 register with SHA-256, 6001-6500 are the storm; 3xxx is 2xxx recorded.
// -password is everyone's, or -users names a file with a line "user password" for
// each, which then are all there are.
package main
