// Package desk is what a person at a telephone or at the page does with running
// calls, whatever destinations hold them: hold, a second call, swap, conference,
// transfer, taking a waiting call, hanging up from the page; and the picture of all
// calls that are live.
//
// Its feature is called "call", after the book it shows; the book itself stands
// below the features and cannot be one. firmware/app lists it; it acts on facts of
// legs inside the office and on commands, and never dials, rings or queues: a
// second call is a call of its own whose caller is the same leg, so the dial plan,
// lines, queues and emergency rules are those of any call.
//
//	talk ──flash──► held + dial tone ──digits──► second call rings ──► two calls
//	 ▲                   │ flash                     │ flash, busy        │ flash
//	 └───────────────────┴───────────────────────────┘               key within 3 s
//
//	key       two calls                          one call, another waits
//	0         end the held one                   refuse the waiting one (busy)
//	1         end this one, take the other       end this one, take the other
//	2, none   swap                               hold this one, take the other
//	3         conference                         conference
//	4         transfer: the two hear each other  -
//
// Any other key is a wrong one: congestion tone, then the call as it was. A second
// call that fails is heard as its tone, then the held one comes back by itself or
// with a flash. Putting the handset down with one call held and a second that rings
// or talks transfers the one to the other, if the person dialled the second; if it
// had been waiting, the held one rings the telephone again (recall), as it does when
// it is all there is. A transfer that finds nobody comes back to whoever made it,
// ringing differently; then where its line rings; no call is lost on the way.
//
// SIP phones hold and transfer by their own keys: LegHeld and LegResumed are hold
// (wire.go), LegReferred is a transfer (refer.go), to a number or between two legs of
// the same phone, and an offered leg may ask for the place of another (replace.go).
// Who holds by the wire and hangs up ends the call.
//
// Rules it keeps:
//
//   - A leg is an end of two calls at most, and speaks in one, or in both of a
//     conference.
//   - An emergency call is never held, parted, joined or left by a flash.
//   - Two parties outside stay connected without anybody of the office only where
//     the station may do that (transfer_outside) and one of the two ends tells its
//     hang-up by signal (a provider's account, or a line with supervision): two
//     analog lines without it could hold each other for ever, and cost money
//     unnoticed. Otherwise both end with the conference, and a transfer is refused.
//   - What a second call costs and where it may go is decided by the dial plan for
//     whoever dials it: nobody gains a right by a transfer.
//   - The sound follows the book: sound.go compares who should hear whom before and
//     after what was said, and orders the difference.
package desk
