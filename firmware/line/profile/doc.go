// Package profile is what is known of one line: every item of firmware/line that
// its calls have shown, how sure that is, and what of it has changed.
//
// firmware/linecare folds one from the readings of each call, so a journal gives
// the same profile again; its numbers drive detection in firmware/leg/analog. An
// item is steady after a few calls that agree. One strange call changes nothing;
// several in a row are a drift, which lasts until the item comes back or a person
// accepts it as the new normal:
//
//	learning ──calls agree──► steady ──strange calls in a row──► drifted
//	    ▲                       ▲ └─ a strange call between: forgotten  │ │
//	    └────── accepted ───────│───────────────────────────────────────┘ │
//	                            └────────────── comes back ───────────────┘
//
// The package measures nothing, raises no alarm and knows no clock. A profile is a
// few kilobytes, whatever it was told.
package profile
