// Package wizard is the interview that brings a new box into service: at most 20
// questions as data, the next one by what was answered before, and each answer as an
// edit of the settings tree.
//
// A door asks the questions in its own way (firmware/console does), commits the
// edits once at the end and then carries out what was asked for besides. The package
// speaks with nobody, changes no settings in force, and knows no password of a
// person.
//
//	New ─► Next ─► Answer | Skip | Back ─► Next ... ─► Apply, Todo
package wizard

import (
	"slices"

	"centralita/firmware/id"
	"centralita/firmware/settings"
)

// Site is what the questions must know of the box and of who answers.
type Site struct {
	Sockets    []id.Port // fxo1 fxo2 fxs1 ...
	Found      []Phone   // telephones that wait to be taken in
	Person     string    // who answers
	MustChange bool      // whose password is for one use
	Network    bool      // the settings set the machine's network
}

// Phone is a telephone that asked the network for settings and has no extension.
type Phone struct {
	MAC, Vendor, Model string
	Password           string // fresh, for its account
}

// Question is what to ask now. Texts are the door's: "wizard.ask.ID" and
// "wizard.help.ID" of the word catalogue, with Args.
type Question struct {
	ID      string
	Args    []string
	Now     string   // what stays where nothing is answered; may be one of Words
	Choices []string // what can be answered, for completion; may be some of Words
}

// Given is an answer that was taken.
type Given struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

// No is why an answer was not taken: Key is in the word catalogue.
type No struct {
	Key  string
	Args []string
}

func (n *No) Error() string { return "wizard: " + n.Key }

func no(code string, args ...string) error { return &No{"wizard.no." + code, args} }

// Interview is how far one person has come; New makes it. It is a value of one
// goroutine.
type Interview struct {
	site  Site
	base  *settings.Tree
	given []Given
	at    int // index in questions
}

// New begins an interview over settings, which it does not change.
func New(t *settings.Tree, s Site) *Interview {
	return &Interview{site: s, base: t.Clone()}
}

// Next is the question to ask now; false when there is none left.
func (i *Interview) Next() (Question, bool) {
	t := i.Tree()
	for ; i.at < len(questions); i.at++ {
		if q := questions[i.at]; q.asks == nil || q.asks(i.site, t) {
			asked := Question{ID: q.id, Now: q.now(i.site, t), Choices: q.choices(i.site, t)}
			if q.args != nil {
				asked.Args = q.args(i.site, t)
			}
			if n := i.find(q.id); n >= 0 && q.edit == nil {
				asked.Now = i.given[n].Text
			}
			return asked, true
		}
	}
	return Question{}, false
}

// Place is the number of the present question and of all, for whoever answers.
func (i *Interview) Place() (n, of int) {
	t := i.Tree()
	for at, q := range questions {
		if q.asks == nil || q.asks(i.site, t) {
			of++
			if at <= i.at {
				n++
			}
		}
	}
	return n, of
}

// Answer takes an answer to the present question and goes on to the next. The error
// is a *No or settings.Problems; then nothing has changed.
func (i *Interview) Answer(text string) error {
	if i.at >= len(questions) {
		return no("over")
	}
	if len(text) > answerMax {
		return no("long")
	}
	q := questions[i.at].id
	trial := Interview{site: i.site, base: i.base, given: i.Given()}
	trial.forget(q)
	trial.given = append(trial.given, Given{q, text})
	if err := trial.prune()[q]; err != nil {
		return err
	}
	i.given = trial.given
	i.at++
	return nil
}

// prune takes answers back that do not fit an earlier one any more: their questions
// are still to come.
func (i *Interview) prune() map[string]error {
	before := i.base.Validate().Faults()
	unfit := i.edit(i.base.Clone(), func(t *settings.Tree) error {
		if ps := fresh(before, t.Validate().Faults()); len(ps) > 0 {
			return ps
		}
		return nil
	})
	for q := range unfit {
		i.forget(q)
	}
	return unfit
}

// answerMax is a name for each of a large office's telephones.
const answerMax = 2000

// Skip goes on and leaves what there was before the interview.
func (i *Interview) Skip() {
	if i.at < len(questions) {
		i.forget(questions[i.at].id)
		i.prune()
		i.at++
	}
}

// Keep goes on and leaves what there is.
func (i *Interview) Keep() {
	if i.at < len(questions) {
		i.at++
	}
}

// Back goes to the question before; false at the first.
func (i *Interview) Back() bool {
	t := i.Tree()
	for at := i.at - 1; at >= 0; at-- {
		if q := questions[at]; q.asks == nil || q.asks(i.site, t) {
			i.at = at
			return true
		}
	}
	return false
}

// Tree is the settings with all that was answered.
func (i *Interview) Tree() *settings.Tree {
	t := i.base.Clone()
	i.edit(t, nil)
	return t
}

// Apply makes the answers in settings that others may have changed meanwhile; the
// error is of the first that does not fit those.
func (i *Interview) Apply(t *settings.Tree) error {
	unfit := i.edit(t, nil)
	for _, q := range questions {
		if err := unfit[q.id]; err != nil {
			return err
		}
	}
	return nil
}

// edit makes the answers in the order of the questions, and tells which do not fit:
// also those after which a check, if any, finds something wrong.
func (i *Interview) edit(t *settings.Tree, check func(*settings.Tree) error) (unfit map[string]error) {
	unfit = map[string]error{}
	for _, q := range questions {
		n := i.find(q.id)
		if n < 0 {
			continue
		}
		next := t.Clone()
		err := q.take(i.site, next, i.given[n].Text)
		if err == nil && check != nil {
			err = check(next)
		}
		if err != nil {
			unfit[q.id] = err
			continue
		}
		*t = *next
	}
	return unfit
}

// Given lists the answers, in the order in which they were taken.
func (i *Interview) Given() []Given { return slices.Clone(i.given) }

func (i *Interview) find(question string) int {
	return slices.IndexFunc(i.given, func(g Given) bool { return g.ID == question })
}

func (i *Interview) forget(question string) {
	i.given = slices.DeleteFunc(i.given, func(g Given) bool { return g.ID == question })
}

// fresh are the faults that were not there before: whoever answers is not asked to
// mend what somebody else has left.
func fresh(before, after settings.Problems) settings.Problems {
	return slices.DeleteFunc(after, func(p settings.Problem) bool {
		return slices.ContainsFunc(before, func(o settings.Problem) bool { return o.Path == p.Path && o.Reason == p.Reason })
	})
}
