// Package acd holds callers in queues and gives them to agents; it is the only
// owner of what state an agent is in.
//
//	          sign-in                     nobody answers in time
//	signed-out ───► ready ◄─────────── missed ◄────────┐
//	    ▲            │ ▲  ready / penalty              │
//	    │ sign-out   ▼ └── caller gave up ──────── presented
//	    │          away ◄─► ready                      │ lifts
//	    └───────── (reason)        ready ◄─ wrap-up ◄─ talking
//	                                   time is up
//
// Rules it keeps:
//
//   - An agent is in one state, and has at most one call of a queue.
//   - Callers are presented in the order of their waiting, over all queues an agent
//     serves; a caller whom an agent did not answer keeps the place at the front.
//   - Among agents who are ready the one idle longest is taken. Being presented a
//     call whose caller gave up does not cost the place.
//   - Nobody is presented whose phone is unreachable or in use, by whatever call.
//   - missed lasts until the agent says ready. People who are "always" ready have
//     nobody to say it for them: they come back after missedMS, behind the others.
//   - When a phone is lost, a ready agent is signed out ("always" people) or away
//     with reason "unreachable" (others), and comes back with the phone.
//   - Due times are in the facts; a wake only makes it look.
package acd
