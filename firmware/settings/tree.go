// Package settings is the one typed tree of everything an installer or owner
// sets: it parses, checks, compares, commits and rolls back whole revisions.
//
// Reactors read the tree through call.Book, doors edit a candidate of it,
// firmware/app hands every commit to the core as an event. It never applies a
// setting itself, and no secret ever stands in it: only the name of one in
// firmware/store.
package settings

import "centralita/firmware/id"

// Tree is the whole document. Lists keep their order; names are unique in their
// list (case counts). Durations read "15s", "10m", "2h".
type Tree struct {
	Office   Office    `yaml:"office" json:"office"`
	Box      Box       `yaml:"box,omitempty" json:"box"`
	Lines    []Line    `yaml:"lines,omitempty" json:"lines"`
	Trunks   []Trunk   `yaml:"trunks,omitempty" json:"trunks"`
	Stations []Station `yaml:"stations,omitempty" json:"stations"`
	Devices  []Device  `yaml:"devices,omitempty" json:"devices"`
	People   []Person  `yaml:"people,omitempty" json:"people"`
	Hours    []Hours   `yaml:"hours,omitempty" json:"hours"`
	Menus    []Menu    `yaml:"menus,omitempty" json:"menus"`
	Queues   []Queue   `yaml:"queues,omitempty" json:"queues"`
	Pages    []Page    `yaml:"pages,omitempty" json:"pages"`
	DialPlan DialPlan  `yaml:"dial_plan,omitempty" json:"dial_plan"`
	Guard    Guard     `yaml:"guard,omitempty" json:"guard"`
}

// Office says where and in which tongues the box works.
type Office struct {
	Name      string   `yaml:"name" json:"name"`
	Country   string   `yaml:"country" json:"country"` // ISO 3166 alpha-2: ES IT GB US ("UK" is taken as GB)
	Place     string   `yaml:"place,omitempty" json:"place"`
	TimeZone  string   `yaml:"time_zone" json:"time_zone"` // IANA
	Languages []string `yaml:"languages" json:"languages"` // es it en, the first is the default
	// Ringing gives handsets a cadence for a kind of call: external, internal, queue,
	// recall, alarm to one of RingCadences. What is missing rings by custom.
	Ringing map[string]string `yaml:"ringing,omitempty" json:"ringing"`
}

// Box is what concerns the machine more than the office.
type Box struct {
	RecordingsKeep Duration `yaml:"recordings_keep,omitempty" json:"recordings_keep"`   // 0 for ever
	PerSourceLimit *int     `yaml:"per_source_limit,omitempty" json:"per_source_limit"` // SIP requests a second from one address; nil default, 0 none
	SIPTLS         string   `yaml:"sip_tls,omitempty" json:"sip_tls"`                   // where SIP by TLS is taken, host:port; "" the port next to SIP, off nowhere
	SIPDSCP        *int     `yaml:"sip_dscp,omitempty" json:"sip_dscp"`                 // mark of signalling for routers (RFC 2474), nil 24 (CS3), 0 none
	NeverBan       []string `yaml:"never_ban,omitempty" json:"never_ban"`               // addresses and networks that SIP listens to whatever they do
	Lifeline       Lifeline `yaml:"lifeline,omitempty" json:"lifeline"`
	Web            Web      `yaml:"web,omitempty" json:"web"`
	Network        Network  `yaml:"network,omitempty" json:"network"`
}

// Line is an analog line at an FXO socket.
type Line struct {
	Name   id.Port        `yaml:"name" json:"name"` // fxo1
	Number string         `yaml:"number,omitempty" json:"number"`
	Rings  id.Destination `yaml:"rings" json:"rings"`
	// Answer supervision the exchange gives on outgoing calls: "none" (default) or
	// "polarity". Hang-up signs are all watched.
	Supervision string `yaml:"supervision,omitempty" json:"supervision"`
	// Silence is how long neither side makes a sound until the line is released, 20m
	// where not set: the last resort on a line that gives no sign of a hang-up. Music
	// on hold is a sound.
	Silence     Duration `yaml:"silence,omitempty" json:"silence"`
	Echo        string   `yaml:"echo,omitempty" json:"echo"`                 // "suppress" (default), "cancel" or "off"
	AnswerAfter int      `yaml:"answer_after,omitempty" json:"answer_after"` // rings to wait for caller ID, default 1
	InputGain   int      `yaml:"input_gain,omitempty" json:"input_gain"`     // dB louder from the line than the country's plan has it
	OutputGain  int      `yaml:"output_gain,omitempty" json:"output_gain"`   // and towards it

	Dialling       string   `yaml:"dialling,omitempty" json:"dialling"`                 // tone (default) or pulse
	SecondDialTone string   `yaml:"second_dial_tone,omitempty" json:"second_dial_tone"` // digits dialled first, after which the exchange gives another dial tone: "0"
	NoDialTone     string   `yaml:"no_dial_tone,omitempty" json:"no_dial_tone"`         // what to do without one: dial, refuse, "" refuse where one was ever heard
	DialToneWait   Duration `yaml:"dial_tone_wait,omitempty" json:"dial_tone_wait"`     // default 3s
	Parallel       string   `yaml:"parallel,omitempty" json:"parallel"`                 // while another telephone uses the line: refuse (default) or wait
	Flash          Duration `yaml:"flash,omitempty" json:"flash"`                       // of a recall; default the country's
	CallWaiting    bool     `yaml:"call_waiting,omitempty" json:"call_waiting"`         // the exchange tells in a call who else calls
	TestNumber     string   `yaml:"test_number,omitempty" json:"test_number"`           // outside, which answers and stays: for the guided test

	// Allow and Bar list kinds of calls as of Guard, Limit what they may cost.
	Allow []string `yaml:"allow,omitempty" json:"allow"`
	Bar   []string `yaml:"bar,omitempty" json:"bar"`
	Limit Limit    `yaml:"limit,omitempty" json:"limit"`
}

// Station is a place with a phone: a handset at an FXS socket or a SIP phone.
// Extension may be a range "1001-1100" for SIP stations: one each.
type Station struct {
	Extension string  `yaml:"extension" json:"extension"`
	Name      string  `yaml:"name,omitempty" json:"name"`
	Handset   id.Port `yaml:"handset,omitempty" json:"handset"` // fxs1
	Echo      string  `yaml:"echo,omitempty" json:"echo"`       // of a handset, as of a line
	SIP       *Phone  `yaml:"sip,omitempty" json:"sip"`
	// Web lets the person of the station use the page as its telephone, alone or
	// beside the one on the desk: both ring.
	Web bool `yaml:"web,omitempty" json:"web"`
	// Of a handset: dB louder from its microphone, and in its receiver, than the
	// country's plan has it.
	InputGain  int `yaml:"input_gain,omitempty" json:"input_gain"`
	OutputGain int `yaml:"output_gain,omitempty" json:"output_gain"`
	// CallWaiting tells a person who is in a talk that somebody else calls.
	CallWaiting bool `yaml:"call_waiting,omitempty" json:"call_waiting"`
	// TransferOutside lets the person leave two parties outside connected: a caller
	// sent on to a mobile, say. Each costs a line, and the office pays the second.
	TransferOutside bool `yaml:"transfer_outside,omitempty" json:"transfer_outside"`
	// Forward sends calls elsewhere that the station is not to take, or does not.
	Forward Forward `yaml:"forward,omitempty" json:"forward"`
	// CallerID is how a handset's telephone is told who calls, one of CallerIDStyles,
	// "" the country's; MessageWaiting lists how it shows messages: tone, fsk,
	// polarity, or none, empty is tone and fsk; Pulse "off" takes no digits of a dial.
	CallerID       string   `yaml:"caller_id,omitempty" json:"caller_id"`
	MessageWaiting []string `yaml:"message_waiting,omitempty" json:"message_waiting"`
	PickupGroup    string   `yaml:"pickup_group,omitempty" json:"pickup_group"` // whose ringing telephones it may answer; "" is one group of all who name none
	Pulse          string   `yaml:"pulse,omitempty" json:"pulse"`
	// Of a socket with another exchange or a meter behind it: polarity is reversed
	// while a call it made is answered; the loop opens for so long when the far end
	// hangs up, 0 not at all.
	AnswerReversal  bool     `yaml:"answer_reversal,omitempty" json:"answer_reversal"`
	DisconnectPulse Duration `yaml:"disconnect_pulse,omitempty" json:"disconnect_pulse"`

	// Allow and Bar list kinds of calls as of Guard, Limit what they may cost.
	Allow []string `yaml:"allow,omitempty" json:"allow"`
	Bar   []string `yaml:"bar,omitempty" json:"bar"`
	Limit Limit    `yaml:"limit,omitempty" json:"limit"`
}

// Forward is where a station's calls go, each a number as the station would dial it:
// all of them, those that find it busy, those it leaves unanswered or that cannot reach
// it. To the outside it takes transfer_outside where the caller is outside too.
type Forward struct {
	Always   string   `yaml:"always,omitempty" json:"always"`
	Busy     string   `yaml:"busy,omitempty" json:"busy"`
	NoAnswer string   `yaml:"no_answer,omitempty" json:"no_answer"`
	After    Duration `yaml:"after,omitempty" json:"after"` // ringing before no_answer, default 20s
}

// Phone is the SIP account of a station; its user is the extension.
type Phone struct {
	Secret   string `yaml:"secret,omitempty" json:"secret"`
	Password string `yaml:"password,omitempty" json:"-"`  // accepted on load, moved into the store at commit
	SRTP     string `yaml:"srtp,omitempty" json:"srtp"`   // sound encrypted: allow (default, where the phone signs on by TLS), off, require
	Calls    int    `yaml:"calls,omitempty" json:"calls"` // most at once; 1 is no second call, 0 as many as the phone takes
	// Codecs are those it may speak, empty all: pcma, pcmu, g722, opus. Opus is passed
	// between two telephones that speak it, and spoken with nobody else.
	Codecs []string `yaml:"codecs,omitempty" json:"codecs"`
	MD5    bool     `yaml:"md5,omitempty" json:"md5"` // also allow MD5 digest (RFC 8760 calls for SHA-256)
}

// Person signs in to the page, takes calls, or both.
type Person struct {
	Name      string         `yaml:"name" json:"name"`
	Role      string         `yaml:"role" json:"role"` // agent supervisor owner installer
	Label     string         `yaml:"label,omitempty" json:"label"`
	Station   id.Station     `yaml:"station,omitempty" json:"station"`
	Languages []string       `yaml:"languages,omitempty" json:"languages"`
	Skills    map[string]int `yaml:"skills,omitempty" json:"skills"`
	// Ready at start: "always" people are signed in whenever their station can be
	// reached; "" people sign in by page, console or star code.
	Ready string `yaml:"ready,omitempty" json:"ready"`
}

// Hours is a named set of opening hours.
type Hours struct {
	Name     string              `yaml:"name" json:"name"`
	Weekly   map[string][]string `yaml:"weekly" json:"weekly"` // "mon-fri": ["09:00-14:00"]
	Holidays Holidays            `yaml:"holidays,omitempty" json:"holidays"`
}

// Holidays are the closed days.
type Holidays struct {
	Also []string `yaml:"also,omitempty" json:"also"` // "2026-12-24"
}

// Menu asks a question and routes by key.
type Menu struct {
	Name   string                    `yaml:"name" json:"name"`
	Open   string                    `yaml:"open,omitempty" json:"open"`     // name of Hours; "" always open
	Closed id.Destination            `yaml:"closed,omitempty" json:"closed"` // where to when not open
	Say    []string                  `yaml:"say" json:"say"`                 // prompts
	Keys   map[string]id.Destination `yaml:"keys" json:"keys"`
	NoKey  NoKey                     `yaml:"no_key,omitempty" json:"no_key"`
	Lang   string                    `yaml:"language,omitempty" json:"language"`
}

// NoKey is what happens when the caller presses nothing (or nothing useful).
type NoKey struct {
	After Duration       `yaml:"after,omitempty" json:"after"` // default 6s
	Times int            `yaml:"times,omitempty" json:"times"` // default 2
	Then  id.Destination `yaml:"then,omitempty" json:"then"`   // default: hang up
}

// Queue holds callers for agents.
type Queue struct {
	Name     string    `yaml:"name" json:"name"`
	Agents   []string  `yaml:"agents" json:"agents"`
	Strategy string    `yaml:"strategy,omitempty" json:"strategy"` // longest-idle (the only one yet)
	Ring     Duration  `yaml:"ring,omitempty" json:"ring"`         // default 15s
	WrapUp   Duration  `yaml:"wrap_up,omitempty" json:"wrap_up"`   // default 0
	MaxWait  MaxWait   `yaml:"max_wait,omitempty" json:"max_wait"`
	Target   Target    `yaml:"target,omitempty" json:"target"`
	Announce Announce  `yaml:"announce,omitempty" json:"announce"`
	Music    string    `yaml:"music,omitempty" json:"music"` // default "default"
	Record   Recording `yaml:"record,omitempty" json:"record"`
	Welcome  []string  `yaml:"welcome,omitempty" json:"welcome"` // prompts on entry
}

// MaxWait is where callers go who waited too long.
type MaxWait struct {
	After Duration       `yaml:"after,omitempty" json:"after"` // 0 for ever
	Then  id.Destination `yaml:"then,omitempty" json:"then"`
}

// Target is the service level: share (percent) of offered calls connected within.
type Target struct {
	AnsweredWithin Duration `yaml:"answered_within,omitempty" json:"answered_within"` // default 20s
	Share          int      `yaml:"share,omitempty" json:"share"`                     // default 80
}

// Announce tells the place in the queue.
type Announce struct {
	Position bool     `yaml:"position,omitempty" json:"position"`
	Every    Duration `yaml:"every,omitempty" json:"every"` // default 45s
}

// Recording says what is recorded.
type Recording struct {
	Always bool     `yaml:"always,omitempty" json:"always"`
	Keep   Duration `yaml:"keep,omitempty" json:"keep"` // 0: Box.RecordingsKeep
}

// DialPlan says what dialled digits mean. Order of looking: emergency, inside
// numbers of stations, Inside rules, outside.
type DialPlan struct {
	Emergency []string     `yaml:"emergency,omitempty" json:"emergency"` // of the country when empty
	Inside    []InsideRule `yaml:"inside,omitempty" json:"inside"`
	Outside   []Outside    `yaml:"outside,omitempty" json:"outside"`
	Codes     Codes        `yaml:"codes,omitempty" json:"codes"`
}

// InsideRule maps a dialled pattern to a destination: X is any digit; the digits
// matched by X fill the X of To in order ("3XXX" to "station/2XXX").
type InsideRule struct {
	Dial   string         `yaml:"dial" json:"dial"`
	To     id.Destination `yaml:"to" json:"to"` // also "service/echo", "menu/...", "queue/..."
	Record bool           `yaml:"record,omitempty" json:"record"`
}

// Outside sends numbers that begin with Prefix out, without the prefix, through
// the first free of Through ("fxo1", "trunk/proveedor").
type Outside struct {
	Prefix  string    `yaml:"prefix" json:"prefix"` // "0"; "" takes every number not known inside
	Through []id.Port `yaml:"through" json:"through"`
}
