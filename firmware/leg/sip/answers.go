package sip

import "github.com/emiago/sipgo/sip"

// acknowledge sends the ACK of the 2xx in b.d.
func (b *branch) acknowledge() {
	ack := b.l.e.request(&b.d, sip.ACK, b.inviteSeq)
	b.mu.Lock()
	sip.CopyHeaders("Authorization", b.req, ack) // RFC 3261 section 22.1
	sip.CopyHeaders("Proxy-Authorization", b.req, ack)
	b.ack = ack
	b.mu.Unlock()
	ack.SetBody(nil)
	b.l.e.write(ack)
}

// late takes a final response that nobody waits for any more: an answer that lost
// the race is acknowledged and ended.
func (b *branch) late(res *sip.Response) {
	if res == nil || !res.IsSuccess() {
		return
	}
	d := b.d
	d.answered(res)
	ack := b.l.e.request(&d, sip.ACK, b.inviteSeq)
	ack.SetBody(nil)
	b.l.e.write(ack)
	d.localSeq++
	bye := b.l.e.request(&d, sip.BYE, d.localSeq)
	bye.SetBody(nil)
	b.l.e.do(bye, b.l.trunk)
}

// stray is a 2xx that came after the first of its INVITE.
type stray struct {
	branch *branch
	res    *sip.Response
}

// again takes a 2xx that was repeated: our ACK was lost, or the call was forked
// and another phone answered too.
func (b *branch) again(res *sip.Response) {
	b.mu.Lock()
	ack := b.ack
	b.mu.Unlock()
	if ack != nil && tagOf(ack.To().Params) == tagOf(res.To().Params) {
		b.l.e.write(ack)
		return
	}
	b.late(res)
}
