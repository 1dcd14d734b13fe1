package sip

import (
	"sync"
	"sync/atomic"
	"time"

	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/leg"
	"centralita/firmware/leg/rtp"
	"centralita/firmware/media"

	"github.com/emiago/sipgo/sip"
)

// Leg is one call with a phone or over a trunk. Its methods leave word for its
// worker, one goroutine, and return.
type Leg struct {
	e        *Endpoint
	port     id.Port
	can      leg.Can
	contacts []binding // of the station it is to ring
	trunk    *trunk    // it goes out over or came in by
	sound    *rtp.Session
	ours     ourSide
	wants    []rtp.Codec // that the settings allow its station, none is all

	orders chan order     // ordersMax
	hangup chan leg.Cause // one: the first hangup counts
	inbox  chan message   // inboxMax
	gone   chan struct{}  // closed when the worker has ended
	speaks atomic.Pointer[rtp.Speech]
	mate   atomic.Pointer[rtp.Speech] // of the end that is to be connected with it
	mu     sync.Mutex                 // of over, tags, confirmed
	over   bool                       // nothing is put into inbox any more

	tags      map[string]string // of the far ends by ours, under mu
	confirmed bool              // answered, under mu

	// the worker's own
	state         state
	opus          bool       // agreed: only another far end hears it
	remote        rtp.Remote // agreed or expected last
	d             dialog
	inbound       *inbound      // the INVITE we were called by
	branches      []*branch     // the INVITEs we call by
	caller        leg.Caller    // of them
	pending       *pending      // a 2xx of ours that waits for its ACK
	timer         *time.Timer   // next retransmission of pending
	held          *message      // a re-INVITE that overtook the ACK before it
	patience      *time.Timer   // how long held waits
	session       *time.Timer   // the far end must refresh before (RFC 4028)
	ringing       bool          // Ringing was told
	early         *branch       // it is heard before the answer, and EarlySound was told
	status        int           // SIP status that ended it, 0 none
	q850          int           // Q.850 value that the far end told, 0 none
	failure       int           // best status of the branches that failed
	described     []byte        // our side of the sound as last told
	rel           *reliable     // a provisional response that waits for its PRACK
	rseq          uint32        // of the last one
	answers       bool          // the call is answered when rel is acknowledged
	progresses    bool          // sound is opened then
	own           *own          // a re-INVITE or UPDATE of ours under way
	updates       bool          // the far end knows UPDATE
	interval      int           // of the session in seconds, and since when:
	leastInterval int           // what the far end asks for at least
	refreshes     bool          // we refresh it
	until         time.Time     // it ends without
	deaf          string        // how the far end holds, "" it listens
	referral      *referral     // its REFER that is under way
	noticed       chan struct{} // closed when the notices of the last REFER were answered
}

const (
	// ordersMax: what the loop may ask of a leg before its worker looks: ring or
	// progress, answer, a few strings of digits, a flash.
	ordersMax = 16
	// inboxMax: a dialog has one request under way at a time; ten phones that ring
	// and answer at once fit.
	inboxMax = 32
)

// state is where a leg's life is; see doc.go.
type state uint8

const (
	idle    state = iota // made, not rung
	calling              // our INVITEs are out
	offered              // an INVITE came, not answered
	up                   // answered
	ended
)

// order is a word from the loop.
type order struct {
	kind   orderKind
	caller *leg.Caller // of doRing; few orders have one, and every leg has room for sixteen
	digits string
	sound  bool

	transfer leg.TransferState
	cause    leg.Cause
}

type orderKind uint8

const (
	doRing orderKind = iota
	doProgress
	doAnswer
	doSend
	doFlash
	doTransferred
)

// message is a word from the network.
type message struct {
	req    *sip.Request
	tx     sip.ServerTransaction
	done   chan struct{} // closed when req was answered for good
	cancel bool          // the offered INVITE was cancelled

	own   *own // a request of ours was answered
	again bool // its 2xx came again

	branch *branch
	res    *sip.Response
	err    error
	silent bool // the server of branch said nothing within tryingPatience
}

// open gives the leg its sockets and its worker.
func (l *Leg) open() error {
	l.orders = make(chan order, ordersMax)
	l.hangup = make(chan leg.Cause, 1)
	l.inbox = make(chan message, inboxMax)
	l.gone = make(chan struct{})
	sound, err := rtp.New(l.e.cfg.Ports, rtp.Options{Silence: l.e.cfg.Silence})
	l.e.portsLeft(err)
	if err != nil {
		return err
	}
	l.sound = sound
	if err := l.e.add(l); err != nil {
		sound.Close()
		return err
	}
	l.ours = ourSide{addr: l.ours.addr, port: sound.Port(), formats: l.formats(), id: uint64(time.Now().Unix()), version: 0, sdes: l.ours.sdes}
	go l.work()
	return nil
}

// Can is the same for every SIP leg.
func (l *Leg) Can() leg.Can { return l.can }

// Rate is that of the sound.
func (l *Leg) Rate() media.Rate { return l.sound.Rate() }

// Read is what the far end says.
func (l *Leg) Read(tick uint64, f *media.Frame) bool { return l.sound.Read(tick, f) }

// Write is what the far end hears.
func (l *Leg) Write(tick uint64, f *media.Frame) { l.sound.Write(tick, f) }

// Modem implements leg.Modem.
func (l *Leg) Modem() bool { return l.sound.Modem() }

// Quality implements leg.Measurer.
func (l *Leg) Quality() (event.Quality, bool) { return l.sound.Quality() }

// Counts is how its sound went, during the call and after it.
func (l *Leg) Counts() rtp.Counts { return l.sound.Counts() }

// Ring invites the phones of the station, or the provider.
func (l *Leg) Ring(c leg.Caller) { l.order(order{kind: doRing, caller: &c}) }

// Progress sends 180, or 183 with a description so that sound passes before the
// answer.
func (l *Leg) Progress(sound bool) { l.order(order{kind: doProgress, sound: sound}) }

// Answer sends 200.
func (l *Leg) Answer() { l.order(order{kind: doAnswer}) }

// Send says digits as telephone events, or as tones where the far end knows none.
func (l *Leg) Send(digits string) { l.order(order{kind: doSend, digits: digits}) }

// Flash does nothing: Can says so.
func (l *Leg) Flash() {}

// Hangup ends the leg: CANCEL, BYE or a refusal with the status of the cause.
func (l *Leg) Hangup(c leg.Cause) {
	select {
	case l.hangup <- c:
	default: // asked before
	}
}

func (l *Leg) order(o order) {
	select {
	case l.orders <- o:
	default:
		l.e.log.Warn("sip: leg does not follow its orders", "port", l.port)
	}
}

// post leaves a message; false means that the leg is over, or drowned.
func (l *Leg) post(m message) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.over {
		return false
	}
	select {
	case l.inbox <- m:
		return true
	default:
		return false
	}
}

// receive hands a request of the dialog to the worker and waits until it is
// answered: the library drops the transaction when its handler returns.
func (l *Leg) receive(req *sip.Request, tx sip.ServerTransaction) {
	m := message{req: req, tx: tx, done: make(chan struct{})}
	if !l.post(m) {
		l.e.answer(tx, refuse(req, sip.StatusCallTransactionDoesNotExists))
		return
	}
	l.attend(m)
}

// attend waits for the answer of m and brings in ACKs that carry the branch of
// their INVITE, as some phones send them.
func (l *Leg) attend(m message) {
	for {
		select {
		case <-m.done:
			return
		case <-m.tx.Done():
			return
		case ack := <-m.tx.Acks():
			l.post(message{req: ack})
		}
	}
}

func (l *Leg) tell(r leg.Report) {
	r.Port = l.port
	l.e.cfg.Told(l, r)
}
