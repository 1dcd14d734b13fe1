// Package linecare is the line doctor: it keeps the profile of every line and
// handset socket as their calls have shown it, raises an alarm in plain words when
// one of them changes for good, has a line tested, and keeps what the test chose.
//
// Its feature is called "line". All it knows comes from the journal: readings of
// calls (LineMeasured), tests and what people accepted. firmware/leg/analog
// measures, tests and applies; the profile's arithmetic is firmware/line/profile.
// Nothing here touches a wire.
package linecare
