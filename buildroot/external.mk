include $(sort $(wildcard $(BR2_EXTERNAL_CENTRALITA_PATH)/package/*/*.mk))
