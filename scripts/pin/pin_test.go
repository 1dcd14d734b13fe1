package pin

import (
	_ "github.com/danielgtaylor/huma/v2"
	_ "github.com/emiago/sipgo"
	_ "github.com/icholy/digest"
	_ "github.com/pion/rtcp"
	_ "github.com/pion/rtp"
	_ "github.com/rogpeppe/go-internal/testscript"
	_ "github.com/thejerf/suture/v4"
	_ "github.com/tinylib/msgp/msgp"
	_ "go.uber.org/goleak"
	_ "go.yaml.in/yaml/v3"
	_ "golang.org/x/crypto/argon2"
	_ "golang.org/x/sys/unix"
	_ "golang.org/x/term"
	_ "golang.org/x/time/rate"
	_ "modernc.org/sqlite"
	_ "periph.io/x/conn/v3/spi"
	_ "periph.io/x/host/v3/sysfs"
	_ "pgregory.net/rapid"
)
