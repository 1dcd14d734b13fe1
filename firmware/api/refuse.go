package api

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"strconv"

	"centralita/firmware/access/gate"
	"centralita/firmware/core"
	"centralita/firmware/settings"
	"centralita/firmware/update"
	"centralita/firmware/words"
)

// denial is a no of the door itself.
type denial struct {
	status int
	code   string
	args   []string
	fields []Field
}

func (d *denial) Error() string { return "api: " + d.code }

func no(status int, code string, args ...string) *denial {
	return &denial{status: status, code: code, args: args}
}

// refuse answers an error: what is meant for people with their sentence, what is
// not with one line in the log and no detail outside.
func (d *door) refuse(a *ask, err error) {
	n := classify(err, a.lang)
	if n.status == http.StatusInternalServerError {
		d.Log.Error("a request failed", "method", a.r.Method, "path", a.r.URL.Path, "err", err)
	}
	if n.status == http.StatusTooManyRequests && len(n.args) > 0 {
		a.w.Header().Set("Retry-After", n.args[0])
	}
	answer(a.w, n.status, Refused{n.code, words.T(a.lang, "refused."+n.code, n.args...), n.fields})
}

func classify(err error, lang string) *denial {
	var (
		own     *denial
		refusal *core.Refusal
		ps      settings.Problems
		limited *gate.Limited
		bundle  *update.Refusal
	)
	switch {
	case errors.As(err, &own):
		return own
	case errors.As(err, &bundle):
		return no(http.StatusUnprocessableEntity, "update-"+bundle.Code, bundle.Args...)
	case errors.As(err, &refusal):
		return no(http.StatusConflict, refusal.Code, refusal.Args...)
	case errors.As(err, &ps):
		n := no(http.StatusUnprocessableEntity, "settings-wrong")
		n.fields = Fields(ps, lang)
		return n
	case errors.As(err, &limited):
		return no(http.StatusTooManyRequests, "limited", strconv.Itoa(int(limited.Wait.Seconds()+0.999)))
	}
	if errors.Is(err, ErrUnwritten) { // before what it waited for in vain
		return no(http.StatusServiceUnavailable, "unwritten")
	}
	for known, n := range sentinels {
		if errors.Is(err, known) {
			return n
		}
	}
	return no(http.StatusInternalServerError, "internal")
}

var sentinels = map[error]*denial{
	gate.ErrNobody:           no(http.StatusUnauthorized, "not-signed-in"),
	gate.ErrWrong:            no(http.StatusUnauthorized, "sign-in"),
	gate.ErrUnknown:          no(http.StatusNotFound, "not-found"),
	gate.ErrShort:            no(http.StatusUnprocessableEntity, "password-short", strconv.Itoa(gate.PasswordMin)),
	gate.ErrLong:             no(http.StatusUnprocessableEntity, "password-long", strconv.Itoa(gate.PasswordMax)),
	gate.ErrSame:             no(http.StatusUnprocessableEntity, "password-same"),
	settings.ErrNothing:      no(http.StatusConflict, "nothing-changed"),
	settings.ErrNoTrial:      no(http.StatusConflict, "no-trial"),
	ErrNotFound:              no(http.StatusNotFound, "not-found"),
	fs.ErrNotExist:           no(http.StatusNotFound, "not-found"),
	context.DeadlineExceeded: no(http.StatusServiceUnavailable, "busy"),
	context.Canceled:         no(http.StatusServiceUnavailable, "stopping"),
}

// Fields makes sentences of problems.
func Fields(ps settings.Problems, lang string) []Field {
	fields := make([]Field, 0, len(ps))
	for _, p := range ps {
		fields = append(fields, Field{
			Path: p.Path, Value: p.Value, Warning: p.Warning,
			Reason: words.T(lang, p.Reason, p.Args...), Remedy: words.T(lang, p.Remedy, p.Args...),
		})
	}
	return fields
}
