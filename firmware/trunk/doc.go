// Package trunk is everything that leads out of the office: analog lines and
// providers' accounts, calls that come in by them and calls that go out.
//
// It routes what comes in to where the line or account rings, and holds calls at
// outside/NUMBER. An outgoing call takes the first free healthy port of those its
// dial plan allows, and the next one when a port fails:
//
//	outside/N ─► pick a port ─► dial ─┬─ answered ─► connected
//	             ▲    └ none: ended   ├─ busy, no answer, wrong number: ended
//	             └────────────────────┴─ the port failed
//
// An emergency call always goes out, in every state of the office. It tries the
// ports of every outside rule, then every line and every account of the box; when
// all are taken it takes one from the least important call that is no emergency
// (LineSeized) and dials as soon as that leg has ended; ports out of order come
// last but are tried too, each port twice before it gives up.
package trunk
