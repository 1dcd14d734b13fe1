package console

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"centralita/firmware/core"
	"centralita/firmware/feature"
)

// argMax bounds one argument, as the page's door does.
const argMax = 200

// field is one argument of a command.
type field struct {
	name     string
	index    int
	optional bool
}

// fieldsOf lists the fields of a command in their order.
func fieldsOf(t reflect.Type) []field {
	var fields []field
	for i := range t.NumField() {
		name, opts, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		if name != "" && name != "-" {
			fields = append(fields, field{name, i, strings.Contains(opts, "omitempty")})
		}
	}
	return fields
}

// fill puts arguments into a command.
func (s *session) fill(cmd core.Command, c feature.Command, fields []field, args []string) error {
	v := reflect.ValueOf(cmd).Elem()
	given := map[string]bool{}
	free := slices.Clone(fields)
	if own := slices.IndexFunc(free, func(f field) bool { return f.name == "agent" }); c.Own && own >= 0 && s.ownName(fields, args) {
		v.Field(free[own].index).SetString(string(s.who.Person))
		given["agent"] = true
		free = slices.Delete(free, own, own+1)
	}
	for i, arg := range args {
		f, text, err := place(fields, free, i, arg)
		if err != nil {
			return err
		}
		if len(text) > argMax {
			return sentence{"console.too-long", []string{f.name}}
		}
		if err := put(v.Field(f.index), f.name, text); err != nil {
			return err
		}
		given[f.name] = true
	}
	for _, f := range fields {
		if !given[f.name] && !f.optional && f.name != "reason" {
			return sentence{"console.missing", []string{f.name, usage(fields)}}
		}
	}
	return nil
}

// ownName reports whether the first argument is no person, so that the own name
// is meant.
func (s *session) ownName(fields []field, args []string) bool {
	for _, a := range args {
		if strings.HasPrefix(a, "agent=") {
			return false
		}
	}
	if len(args) == 0 {
		return true
	}
	_, tree, _ := s.Settings.Current()
	for _, p := range tree.People {
		if p.Name == args[0] {
			return false
		}
	}
	return len(args) < len(fields)
}

// place finds the field of an argument: name=value, or the next in order.
func place(fields, free []field, i int, arg string) (field, string, error) {
	if name, text, ok := strings.Cut(arg, "="); ok {
		if n := slices.IndexFunc(fields, func(f field) bool { return f.name == name }); n >= 0 {
			return fields[n], text, nil
		}
	}
	if i >= len(free) {
		return field{}, "", sentence{"console.too-many", []string{arg, usage(fields)}}
	}
	return free[i], arg, nil
}

func put(v reflect.Value, name, text string) error {
	var err error
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Bool:
		var b bool
		b, err = strconv.ParseBool(text)
		v.SetBool(b)
	case reflect.Int, reflect.Int64, reflect.Int32:
		var n int64
		n, err = strconv.ParseInt(text, 10, v.Type().Bits())
		v.SetInt(n)
	case reflect.Uint64, reflect.Uint32, reflect.Uint16, reflect.Uint8:
		var n uint64
		n, err = strconv.ParseUint(text, 10, v.Type().Bits())
		v.SetUint(n)
	default:
		return sentence{"console.not-typed", []string{name}}
	}
	if err != nil {
		return sentence{"console.not-number", []string{name, text}}
	}
	return nil
}

func usage(fields []field) string {
	var names []string
	for _, f := range fields {
		n := "<" + f.name + ">"
		if f.optional || f.name == "reason" {
			n = "[" + f.name + "]"
		}
		names = append(names, n)
	}
	return strings.Join(names, " ")
}

// valueOf reads a text field of a command by its name.
func valueOf(cmd core.Command, name string) string {
	v := reflect.ValueOf(cmd).Elem()
	for _, f := range fieldsOf(v.Type()) {
		if f.name == name && v.Field(f.index).Kind() == reflect.String {
			return v.Field(f.index).String()
		}
	}
	return ""
}
