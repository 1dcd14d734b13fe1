################################################################################
#
# centralita
#
################################################################################

# The tree this folder is in. There is no download, so vendor/, webui/dist and
# build/image-sounds must be there: see scripts/buildroot-prepare.
CENTRALITA_SITE = $(BR2_EXTERNAL_CENTRALITA_PATH)/..
CENTRALITA_SITE_METHOD = local
CENTRALITA_LICENSE = PROPRIETARY, Go modules by the list of the About page
CENTRALITA_REDISTRIBUTE = NO

CENTRALITA_OVERRIDE_SRCDIR_RSYNC_EXCLUSIONS = \
	--exclude /buildroot --exclude /data --exclude node_modules \
	--include /build/image-sounds --exclude '/build/*'

CENTRALITA_GOMOD = centralita
CENTRALITA_BUILD_TARGETS = firmware/cmd/centralita
CENTRALITA_TAGS = timetzdata
CENTRALITA_GO_ENV = CGO_ENABLED=0
CENTRALITA_PROGRAM_VERSION = $(or $(CENTRALITA_RELEASE),$(shell git -C $(BR2_EXTERNAL_CENTRALITA_PATH) describe --always --dirty 2>/dev/null))
CENTRALITA_LDFLAGS = -s -w -X main.version=$(CENTRALITA_PROGRAM_VERSION)

define CENTRALITA_INSTALL_SOUNDS
	mkdir -p $(TARGET_DIR)/usr/share/centralita
	rm -rf $(TARGET_DIR)/usr/share/centralita/sounds
	cp -R $(@D)/build/image-sounds $(TARGET_DIR)/usr/share/centralita/sounds
endef
CENTRALITA_POST_INSTALL_TARGET_HOOKS += CENTRALITA_INSTALL_SOUNDS

# A user of its own; numbers and rights are in board/common, for the image of the
# virtual machine takes them from there too.

$(eval $(golang-package))
