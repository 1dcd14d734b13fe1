package api

import (
	"context"
	"errors"
	"net/http"
	"reflect"

	"centralita/firmware/access"
	"centralita/firmware/access/gate"
)

// Resets make a box new.
type Resets interface {
	// ResetBox removes everything the box has learnt, kept and been told, when the
	// password is that of who asks, and starts it anew.
	ResetBox(ctx context.Context, who gate.Session, password string) error
}

// ResetPassword is one's own, again.
type ResetPassword struct {
	Password string `json:"password" maxLength:"256"`
}

func (d *door) resetEndpoints() []endpoint {
	if d.Resets == nil {
		return nil
	}
	return []endpoint{{
		method: http.MethodPost, path: "/box/reset", role: access.Owner, in: reflect.TypeFor[ResetPassword](),
		help: "Remove everything in the box, calls and recordings too, and start it anew as it left the factory.",
		run: func(a *ask) (any, error) {
			err := d.Resets.ResetBox(a.r.Context(), a.who, a.into.(*ResetPassword).Password)
			if errors.Is(err, gate.ErrWrong) { // no reason to sign anybody out
				return nil, no(http.StatusUnprocessableEntity, "own-password")
			}
			return struct{}{}, err
		},
	}}
}
