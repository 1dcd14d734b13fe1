// Package call is the book of calls: which legs belong to which call, where each
// call stands and since when, which ports are in use or out of order, and the
// settings in force.
//
// Every feature reads the book; only the book writes it, from the facts that
// anybody says. A call's life:
//
//	CallBegan ─► CallRouted ─► … ─► CallRouted ─► CallConnected ⇄ CallHeld ─► CallEnded
//	             └ its destination's feature holds it until the next one ┘
//
// and a leg's:
//
//	LegOffered ─┐
//	LegBegan ───┴► ringing ─► early ─► answered ─► (call ended) ─► parked ─► LegEnded
//
// What the book holds to be true at any time:
//
//   - a call stands at exactly one destination, and CallEnded comes once for it;
//   - a leg is an end of one call, or of two while it holds one or joins both; it
//     turns to one of them, is hung up when its last call ends, and is forgotten with
//     LegEnded; late words of legs it does not know are ignored;
//   - a telephone inside the office that was answered keeps its leg after the
//     call's end and hears why it ended (parked): a handset until it is put back, a
//     SIP phone for a few seconds;
//   - a call goes through at most hopsMax destinations.
//
// The verbs in verbs.go are for features: they say facts and give orders, and
// never touch the book directly.
package call
