package api

import (
	"net/http"
	"reflect"

	"centralita/firmware/access"
	"centralita/firmware/access/gate"
	"centralita/firmware/id"
	"centralita/firmware/words"
)

const cookieName = "centralita_session"

func cookieOf(r *http.Request) string {
	c, err := r.Cookie(cookieName)
	if err != nil {
		return ""
	}
	return c.Value
}

// setCookie gives the browser its secret, or takes it away. It ends with the
// browser; the gate ends it after idle hours.
func setCookie(a *ask, secret string) {
	c := &http.Cookie{Name: cookieName, Value: secret, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: a.r.TLS != nil}
	if secret == "" {
		c.MaxAge = -1
	}
	http.SetCookie(a.w, c)
}

func (d *door) sessionEndpoints() []endpoint {
	if d.Gate == nil {
		return nil
	}
	signed := reflect.TypeFor[Signed]()
	return []endpoint{
		{method: http.MethodPost, path: "/session", help: "Sign in.", in: reflect.TypeFor[SignIn](), out: signed, run: d.signIn},
		{method: http.MethodGet, path: "/session", role: access.Agent, help: "Who is signed in.", out: signed,
			run: func(a *ask) (any, error) { return d.signed(a.who), nil }},
		{method: http.MethodDelete, path: "/session", role: access.Agent, help: "Sign out.", run: d.signOut},
		{method: http.MethodPost, path: "/session/password", role: access.Agent, help: "Change the own password.",
			in: reflect.TypeFor[NewPassword](), out: signed, run: d.newPassword},
		{method: http.MethodPut, path: "/session/language", role: access.Agent, help: "Choose the language.",
			in: reflect.TypeFor[Language](), out: signed, run: d.language},
		{method: http.MethodGet, path: "/accounts", role: access.Owner, help: "Who has a password.", out: reflect.TypeFor[[]id.Person](),
			run: func(*ask) (any, error) { return d.Gate.Accounts(), nil }},
		{method: http.MethodPut, path: "/accounts/{person}/password", role: access.Owner, help: "Give a person of the settings a password, to be changed by them.",
			in: reflect.TypeFor[GivenPassword](), run: d.givePassword},
	}
}

func (d *door) signed(s gate.Session) Signed {
	lang := s.Language
	if !words.Known(lang) {
		lang = d.officeLanguage()
	}
	return Signed{s.Person, s.Label, s.Role.String(), lang, s.MustChange}
}

func (d *door) signIn(a *ask) (any, error) {
	in := a.into.(*SignIn)
	secret, s, err := d.Gate.SignIn(a.r.Context(), id.Person(in.User), in.Password, from(a.r))
	if err != nil {
		return nil, err
	}
	if a.who.Role != access.Nobody {
		d.Gate.SignOut(a.who)
	}
	setCookie(a, secret)
	return d.signed(s), nil
}

func (d *door) signOut(a *ask) (any, error) {
	d.Gate.SignOut(a.who)
	setCookie(a, "")
	return struct{}{}, nil
}

func (d *door) newPassword(a *ask) (any, error) {
	in := a.into.(*NewPassword)
	err := d.Gate.ChangePassword(a.r.Context(), a.who, in.Old, in.New)
	if err == gate.ErrWrong {
		return nil, no(http.StatusUnprocessableEntity, "password-wrong") // 401 would sign the page out
	} else if err != nil {
		return nil, err
	}
	return d.again(a)
}

func (d *door) language(a *ask) (any, error) {
	in := a.into.(*Language)
	if err := d.Gate.SetLanguage(a.who, in.Language); err == gate.ErrLanguage {
		return nil, no(http.StatusUnprocessableEntity, "language", short(in.Language))
	} else if err != nil {
		return nil, err
	}
	return d.again(a)
}

// again is the session after a change.
func (d *door) again(a *ask) (any, error) {
	s, err := d.Gate.Who(cookieOf(a.r))
	return d.signed(s), err
}

func (d *door) givePassword(a *ask) (any, error) {
	who := id.Person(a.r.PathValue("person"))
	role, known := d.Gate.Role(who)
	if !known {
		return nil, no(http.StatusNotFound, "account-unknown", short(string(who)))
	}
	if role > a.who.Role {
		return nil, no(http.StatusForbidden, "account-role")
	}
	return struct{}{}, d.Gate.GivePassword(a.r.Context(), who, a.into.(*GivenPassword).Password)
}
