package app

import (
	"context"

	"centralita/firmware/api"
	"centralita/firmware/core"
	"centralita/firmware/feature"
	"centralita/firmware/sheet"
)

// paper draws a document of a feature, with the box and its program named on it;
// api.ErrNotFound where there is no such thing.
func (a *App) paper(ctx context.Context, name, paper, of string) (*sheet.Draft, error) {
	p, ok := a.paperOf(name, paper)
	if !ok {
		return nil, api.ErrNotFound
	}
	drawn, _, _, err := a.switchboard.Look(ctx, func(now core.Time) any { return p.Draw(a.core.Part(name), now, of) })
	if err != nil {
		return nil, err
	}
	d, _ := drawn.(*sheet.Draft)
	if d == nil {
		return nil, api.ErrNotFound
	}
	d.Facts = append(d.Facts,
		[2]sheet.Say{{Key: "certificate.box"}, sheet.Plain(a.box.Name + " " + a.box.Serial)},
		[2]sheet.Say{{Key: "certificate.version"}, sheet.Plain(a.opt.Version)})
	return d, nil
}

func (a *App) paperOf(name, paper string) (feature.Paper, bool) {
	for _, f := range a.features {
		for _, p := range f.Papers {
			if f.Name == name && p.Name == paper {
				return p, true
			}
		}
	}
	return feature.Paper{}, false
}
