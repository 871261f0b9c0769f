/*
 * A file system that does nothing, on libfuse's low-level interface: what a message costs when only the transport works.
 * One directory, one file of 1 GiB; reads give zeros, writes are taken and dropped. Its C# twin is NullFileSystem.cs:
 * same tree, same time-outs, same operations answered with ENOSYS, so that both servers get the same messages.
 *
 *   null_server MOUNTPOINT mt | clone | single
 *
 * mt: threads on one descriptor (libfuse's default); clone: a descriptor for each thread; single: one thread.
 * Prints "ready" once mounted; SIGTERM, SIGINT or SIGHUP unmount and end it, and so does the end of its parent.
 */
#define FUSE_USE_VERSION 312
#include <errno.h>
#include <fuse_lowlevel.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#define FILE_NODE 2
#define FILE_NAME "file"
#define FILE_SIZE_BYTES (1LL << 30)
#define CACHE_FOR_SECONDS 1e6
#define MAX_TRANSFER_BYTES (1u << 20)

static const char zeros[MAX_TRANSFER_BYTES];

static int fill(fuse_ino_t node, struct stat *attributes)
{
    memset(attributes, 0, sizeof *attributes);
    attributes->st_ino = node;
    attributes->st_blksize = 4096;
    if (node == FUSE_ROOT_ID) {
        attributes->st_mode = S_IFDIR | 0755;
        attributes->st_nlink = 2;
        return 0;
    }
    if (node == FILE_NODE) {
        attributes->st_mode = S_IFREG | 0666;
        attributes->st_nlink = 1;
        attributes->st_size = FILE_SIZE_BYTES;
        attributes->st_blocks = FILE_SIZE_BYTES / 512;
        return 0;
    }
    return ENOENT;
}

static void init(void *context, struct fuse_conn_info *connection)
{
    (void)context;
    /* What ours does not agree to either: the kernel would drop its cache on a changed time, and without OPEN messages
     * it would lose O_TRUNC. */
    connection->want &= ~(unsigned)(FUSE_CAP_AUTO_INVAL_DATA | FUSE_CAP_ATOMIC_O_TRUNC);
    connection->max_write = MAX_TRANSFER_BYTES;
    connection->max_background = 128;
    connection->congestion_threshold = 96;
}

static void lookup(fuse_req_t request, fuse_ino_t parent, const char *name)
{
    struct fuse_entry_param entry = {.attr_timeout = CACHE_FOR_SECONDS, .entry_timeout = CACHE_FOR_SECONDS};
    if (parent != FUSE_ROOT_ID || strcmp(name, FILE_NAME) != 0) {
        fuse_reply_err(request, ENOENT);
        return;
    }
    entry.ino = FILE_NODE;
    fill(FILE_NODE, &entry.attr);
    fuse_reply_entry(request, &entry);
}

static void getattr(fuse_req_t request, fuse_ino_t node, struct fuse_file_info *file)
{
    struct stat attributes;
    (void)file;
    int error = fill(node, &attributes);
    if (error != 0)
        fuse_reply_err(request, error);
    else
        fuse_reply_attr(request, &attributes, CACHE_FOR_SECONDS);
}

static void nothing_to_forget(fuse_req_t request, fuse_ino_t node, uint64_t count)
{
    (void)node;
    (void)count;
    fuse_reply_none(request);
}

static void read_zeros(fuse_req_t request, fuse_ino_t node, size_t size, off_t offset, struct fuse_file_info *file)
{
    (void)node;
    (void)offset;
    (void)file;
    fuse_reply_buf(request, zeros, size < sizeof zeros ? size : sizeof zeros);
}

static void drop_write(fuse_req_t request, fuse_ino_t node, const char *data, size_t size, off_t offset,
                       struct fuse_file_info *file)
{
    (void)node;
    (void)data;
    (void)offset;
    (void)file;
    fuse_reply_write(request, size);
}

static const struct fuse_lowlevel_ops operations = {
    .init = init,
    .lookup = lookup,
    .forget = nothing_to_forget,
    .getattr = getattr,
    .read = read_zeros,
    .write = drop_write,
};

static int serve(struct fuse_session *session, const char *mode)
{
    if (strcmp(mode, "single") == 0)
        return fuse_session_loop(session);

    struct fuse_loop_config *config = fuse_loop_cfg_create();
    if (config == NULL)
        return -1;
    if (strcmp(mode, "clone") == 0)
        fuse_loop_cfg_set_clone_fd(config, 1);
    int result = fuse_session_loop_mt(session, config);
    fuse_loop_cfg_destroy(config);
    return result;
}

int main(int argc, char **argv)
{
    if (argc != 3 || (strcmp(argv[2], "mt") != 0 && strcmp(argv[2], "clone") != 0 && strcmp(argv[2], "single") != 0)) {
        fprintf(stderr, "usage: null_server MOUNTPOINT mt|clone|single\n");
        return 2;
    }

    char *options[] = {argv[0], "-o", "default_permissions,fsname=libfuse-null"};
    struct fuse_args arguments = FUSE_ARGS_INIT(3, options);
    struct fuse_session *session = fuse_session_new(&arguments, &operations, sizeof operations, NULL);
    if (session == NULL)
        return 1;
    if (fuse_set_signal_handlers(session) != 0 || fuse_session_mount(session, argv[1]) != 0) {
        fuse_session_destroy(session);
        return 1;
    }

    prctl(PR_SET_PDEATHSIG, SIGTERM);
    puts("ready");
    fflush(stdout);
    int result = serve(session, argv[2]);
    fuse_session_unmount(session);
    fuse_remove_signal_handlers(session);
    fuse_session_destroy(session);
    /* A signal's number is how the loop tells of an orderly end. */
    return result < 0 ? 1 : 0;
}
