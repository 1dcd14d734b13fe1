// Package ivr holds callers in menus: it says a question and routes by the key.
//
//	menu/X ─► closed now? ─► elsewhere, or "closed" and goodbye
//	  │
//	  ▼              key (also during the question) ─► its destination
//	answer ─► question ─► wait ─┬─ wrong key ─► "not a choice" ─► question
//	             ▲              └─ no key    ─► question
//	             └──────────────── as often as no_key.times says
//	                               then no_key.then, or goodbye and hang up
//
// The state is in MenuAsked alone: which menu, the number of the try, what plays and
// until when the box waits. A prompt that never ends is given up after promptMS.
package ivr
