#!/usr/bin/env bash
# post-image.sh IMAGES BOARD: the disk and the signed bundle from what Buildroot built.
set -euo pipefail
images=$1 board=$2
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../../.." && pwd)
# shellcheck source=/dev/null
. "$here/../$board/meta"

"$here/make-boot-script" "$here/../$board" "$images/boot.scr"
for tree in "$images"/*-centralita.dtb; do
	[ ! -e "$tree" ] || cp "$tree" "$images/board.dtb"
done
for loader in "$images"/tf-a-*.stm32; do
	[ ! -e "$loader" ] || cp "$loader" "$images/tf-a.stm32"
done
config=$images/genimage.cfg
cp "$here/../$board/genimage.cfg" "$config"
# Buildroot's kernels find their disk by themselves.
[ -e "$images/initrd.img" ] || sed -i 's/, "initrd.img"//' "$config"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/root"
genimage --config "$config" --inputpath "$images" --outputpath "$images" --rootpath "$work/root" --tmppath "$work/tmp"
version=${CENTRALITA_RELEASE:-$(git -C "$top" describe --always --dirty 2>/dev/null || echo dev)}
"$here/make-bundle" "$BOARD" "$version" "$images" "$top/build/image/keys" "$images/centralita-$BOARD.raucb"
