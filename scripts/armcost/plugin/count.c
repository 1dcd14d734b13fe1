/* A plugin of qemu-arm that counts executed instructions in four classes. The
 * declarations are those of QEMU's plugin interface, version 1, which Debian ships
 * without its header. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef uint64_t qemu_plugin_id_t;
typedef struct qemu_info_t qemu_info_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
enum qemu_plugin_op { QEMU_PLUGIN_INLINE_ADD_U64 };
typedef void (*tb_trans_cb)(qemu_plugin_id_t, struct qemu_plugin_tb *);
typedef void (*udata_cb)(qemu_plugin_id_t, void *);

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t, tb_trans_cb);
void qemu_plugin_register_vcpu_tb_exec_inline(struct qemu_plugin_tb *, enum qemu_plugin_op, void *, uint64_t);
void qemu_plugin_register_atexit_cb(qemu_plugin_id_t, udata_cb, void *);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *, size_t);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *);

__attribute__((visibility("default"))) int qemu_plugin_version = 1;

enum { OTHER, FLOAT, FLOAT64, LOADSTORE, CLASSES };
static uint64_t count[CLASSES];

/* The classes by A32 encoding: Go's compiler makes no Thumb code. A floating-point
 * operation on coprocessor 10 has single precision, on 11 double. */
static int class(uint32_t i)
{
	if ((i & 0x0f000e10) == 0x0e000a00)
		return i & 0x100 ? FLOAT64 : FLOAT;
	if ((i & 0x0e000e00) == 0x0c000a00 || (i & 0x0c000000) == 0x04000000 || (i & 0x0e000000) == 0x08000000)
		return LOADSTORE;
	return OTHER;
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	uint64_t n[CLASSES] = {0};
	for (size_t i = 0; i < qemu_plugin_tb_n_insns(tb); i++) {
		uint32_t word;
		memcpy(&word, qemu_plugin_insn_data(qemu_plugin_tb_get_insn(tb, i)), sizeof word);
		n[class(word)]++;
	}
	for (int c = 0; c < CLASSES; c++)
		if (n[c])
			qemu_plugin_register_vcpu_tb_exec_inline(tb, QEMU_PLUGIN_INLINE_ADD_U64, &count[c], n[c]);
}

static void over(qemu_plugin_id_t id, void *file)
{
	FILE *f = fopen(file, "w");
	if (!f)
		return;
	for (int c = 0; c < CLASSES; c++)
		fprintf(f, "%llu ", (unsigned long long)count[c]);
	fclose(f);
}

__attribute__((visibility("default"))) int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc, char **argv)
{
	if (argc != 1 || strncmp(argv[0], "to=", 3))
		return -1;
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	qemu_plugin_register_atexit_cb(id, over, strdup(argv[0] + 3));
	return 0;
}
