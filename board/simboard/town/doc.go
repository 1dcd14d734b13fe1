// Package town is what hangs on the far ends of the simulated board: behind each
// FXO port a public exchange with an outside party, on each FXS port a telephone
// with a display and a person. Tests and the bench page of the web console act on
// the world through it (the person at fxs2 lifts the handset), never through
// registers. board/simboard and the app found it; it lives with the board's step.
//
// It makes its own tones, digits and caller ID messages from the standards and
// borrows nothing from firmware/media: two readings check each other. It starts
// no goroutine but one per recording, allocates nothing in a step apart from what
// a wish brings, varies only by its seed, and measures time in steps of 10 ms.
//
// # Lines
//
// A line goes through these states (LineState.State):
//
//	idle ── Call ──► ringing ── box lifts ──► talking ── party hangs up ──► released ──► parked
//	  │                 └── caller gives up ──► idle
//	  └ box lifts ► seized ► dial-tone ► dialling ► routing ► ringback ─ answer ─► talking
//	                                                       └► busy, congestion, unknown ► parked
//
// and from any of them back to idle when the box opens the loop for the country's
// clearing time. A number is complete two seconds after its last digit, or at
// once when a rule or the country knows its length.
//
// # Voices
//
// "babble" and "babble:7" are speech-like voices by seed at -16 dBm0, "tone:1004"
// a tone at -10 dBm0, "echo" (outside parties only) says what it hears, "silent"
// says nothing, "name.wav" is a file (mono, 16 bit, 8 kHz) of the town's folder.
// "vowels:7" holds vowels on the pitch of tones, "whistle:7" whistles, "music:7" is
// music on hold, "conference:7" three people, "quiet:7" one who listens, "bell:7" a
// telephone ringing in the room, "signal:busy" a tone of the line's country as
// another telephone plays it (dial, ringback, busy, congestion,
// special-information). Parts are mixed with + and brought to a level with @:
// "babble:3+signal:busy@-30" talks while a busy tone plays at -30 dBm0.
//
// # Wear
//
// A line's wear is in its config, or in a call for that call: the level of the
// exchange's tones, how far their frequencies and cadences are off, hum, noise,
// clicks, and loop openings and reversals that mean nothing.
//
// # Over HTTP
//
// All bodies and answers are JSON; a body is at most 64 kB and has no unknown
// fields; none is {}. Wishes are tried at the board's next step and answered with
// 200 and the state of the line or handset after it. A refusal is
//
//	{"code": "on_hook", "text": "handset fxs2 is on-hook: lift it first"}
//
// with 400 (bad input), 404 (no such thing), 409 (not in this state), 413 (too
// large) or 503 (board stands still, too much at once).
//
//	GET  /state                      {"frame", "lines": [LineState], "handsets": [HandsetState]}
//	GET  /choices                    {"lines", "handsets", "countries", "caller_id", "voices", "files"}
//
//	POST /handset/{name}/lift
//	POST /handset/{name}/hangup
//	POST /handset/{name}/dial        {"digits": "0912,1", "pulse": false, "wait_dial_tone": true}
//	POST /handset/{name}/flash       {"ms": 100}; the country's custom without
//	POST /handset/{name}/speak       {"file": "ana.wav"} or {"voice": "babble:2"}, "loop": true; {"voice": "silent"} stops
//	POST /handset/{name}/replace     {"ren": 1, "ohms": 350, "no_display": false, "pulse_hz": 10, "break_ms": 60}: what is to change of the telephone, while it rests
//	POST /handset/{name}/answer-after {"rings": 2, "voice": "babble:2", "hangup_after_s": 30}; 0 rings waits to be told
//
//	POST /line/{name}/call           {"number": "912345678", "name": "Casa Lola", "country": "ES",
//	                                  "caller_id": "fsk-after-ring", "withheld": "P", "bad_checksum": false, "ring_for_s": 60,
//	                                  "supervision": {"loop_break_ms": 600, "polarity": false, "busy_tone": true, "congestion_tone": false, "dial_tone_after_s": 0},
//	                                  "wear": {"tone_dbm0": -25, "tone_off_percent": 1, "jitter_percent": 5, "hum_dbm0": -45, "noise_dbm0": -55,
//	                                           "clicks_per_minute": 10, "glitches_per_hour": 6, "flickers_per_hour": 1, "low_current_percent": 0},
//	                                  "voice": "babble", "digits": "1", "digits_after_s": 4, "hangup_after_s": 30,
//	                                  "script": [{"wait_s": 4}, {"digits": "1"}, {"speak": "ana.wav"}, {"until": "silence", "for_s": 10}, {"hangup": true}]}
//	POST /line/{name}/hangup         the outside party hangs up, or gives up ringing
//	POST /line/{name}/wait           as call: another party calls the line in its talk
//	POST /line/{name}/beside         {"lifted": true, "digits": "912345678"} or "voice": the telephone in parallel to the box
//	POST /line/{name}/cut            {"cut": true}
//	GET  /line/{name}/config         LineConfig
//	POST /line/{name}/config         what is to change of it: {"country": "UK", "dial_tone_ms": 400, "no_dial_tone": false, "route_ms": 800,
//	                                  "no_battery": false, "echo_db": 0, "echo_ms": 0, "supervision": {...}, "wear": {...},
//	                                  "number": "912000001",
//	                                  "loop": {"km": 2, "r1": 270, "r2": 750, "nf": 150},
//	                                  "plan": [{"pattern": "6XXXXXXXX", "behaviour": "busy"}, {"pattern": "*", "answer_after_s": 5, "voice": "echo"}]}
//
// and for both kinds of ends, {end} being line/{name} or handset/{name}:
//
//	GET  /{end}/listen?for_s=5       audio/wav of what it hears from now on, as it is heard; an hour without for_s
//	GET  /{end}/sound?after=1200     {"first", "next", "rate", "pcm"}: frames (10 ms) from number after on, as base64 of 16-bit
//	                                 little-endian samples, two seconds at most; ten seconds are kept. Ask next with after=next;
//	                                 without after it answers with no sound and where to begin.
//	POST /{end}/attach               a program (fax machine, modem, meter) in place of the voice: body and answer are endless
//	                                 streams of 16-bit little-endian samples at 8 kHz. For each frame of 80 that it hears it
//	                                 has to send one; its first is spoken two frames (20 ms) after the first that it heard. It
//	                                 hears and is heard while the end is in a call, silence else, until it ends the request.
//	POST /{end}/record               {"file": "heard.wav"} begins to write what it hears
//	POST /{end}/record/stop          {}; answers when the file is whole
//
// # Faults
//
// Chips, wires and buses of a simulated board can be broken, to see what the box
// makes of it. Places are ports, "board" and "lifeline"; the catalogue is in GET /fault.
//
//	GET  /fault                      {"wrong": {"fxo2": ["cut"]}, "playing", "choices": [{"fault", "on": "line", "lasts"}]}
//	POST /fault                      {"where": "fxo1", "fault": "link broken"}; what lasts, lasts until it is mended
//	POST /fault/mend                 {"where": "fxo1", "fault": "link broken"}; all of a place without fault, all without where
//	POST /fault/script               [{"at_ms": 500, "where": "fxs1", "fault": "dead", "for_ms": 2000}, ...] in the order of time
//	POST /fault/random               {"seed": 7, "faults": 3, "over_s": 10, "for_s": 10, "where": ["fxo1", "board"]}; begins the
//	                                 script of that seed and shows it; the same seed is the same script
package town
