package console

import (
	"context"

	"centralita/firmware/feature"
)

// paperVerb is "show PAPER OF".
func (s *session) paperVerb(f feature.Feature, p feature.Paper) verb {
	return verb{words: []string{"show", p.Name}, help: p.Help, role: p.Role, mode: operating,
		run: func(ctx context.Context, args []string) error {
			if len(args) == 0 && p.Only != "" {
				args = []string{p.Only}
			}
			if len(args) != 1 {
				return sentence{"console.which", nil}
			}
			return s.paper(ctx, f.Name, p.Name, args[0])
		},
		next: func(args []string) ([]string, string) {
			if len(args) > 0 || p.Only != "" {
				return nil, ""
			}
			return s.argument("line")
		},
	}
}

// paper shows a document as text.
func (s *session) paper(ctx context.Context, feature, name, of string) error {
	if s.Papers == nil {
		return sentence{"refused.not-found", nil}
	}
	d, err := s.Papers(ctx, feature, name, of)
	if err != nil {
		return sentence{"refused.not-found", nil}
	}
	said := d.In(s.lang)
	s.print(said.Text())
	return nil
}
