#!/usr/bin/env bash
# post-build.sh TARGET BOARD: what Buildroot lays into the root last. Only our own
# init scripts stay, so that every image starts alike; the root says what it is and
# whose bundles it takes.
set -euo pipefail
target=$1 board=$2
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../../.." && pwd)
# shellcheck source=/dev/null
. "$here/../$board/meta"

for script in "$target"/etc/init.d/S[0-9][0-9]*; do
	name=$(basename "$script")
	[ -e "$here/rootfs-overlay/etc/init.d/$name" ] || [ -e "$here/../$board/rootfs-overlay/etc/init.d/$name" ] || rm -f "$script"
done
mkdir -p "$target/etc/rauc" "$target/data" "$target/usr/share/dbus-1/system.d"
sed "s/@BOARD@/$BOARD/" "$here/system.conf.in" >"$target/etc/rauc/system.conf"
cert=${RAUC_CERT:-$top/build/image/keys/dev.cert.pem}
install -m 644 "$cert" "$target/etc/rauc/keyring.pem"
version=${CENTRALITA_RELEASE:-$(git -C "$top" describe --always --dirty 2>/dev/null || echo dev)}
printf 'NAME=Centralita\nID=centralita\nVERSION=%s\nVARIANT_ID=%s\n' "$version" "$BOARD" >"$target/etc/os-release"
