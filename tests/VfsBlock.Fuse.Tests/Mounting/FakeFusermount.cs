using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Fuse.Tests;

/// <summary>
/// A program in fusermount3's place: it writes its arguments to a file beside it, hands over as many descriptors of that
/// file as its environment says, and ends. Needs gcc: put <see cref="HeadersFactAttribute"/> on the test.
/// </summary>
internal sealed class FakeFusermount : IDisposable
{
    public const string Header = "sys/socket.h";

    private const string Source = """
        #include <errno.h>
        #include <fcntl.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/socket.h>
        #include <unistd.h>
        int main(int argc, char **argv) {
            char path[4096];
            snprintf(path, sizeof path, "%s.arguments", argv[0]);
            int file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
            for (int i = 1; i < argc; i++) dprintf(file, "%s\n", argv[i]);
            int count = atoi(getenv("FAKE_COUNT"));
            if (count == 0) { fprintf(stderr, "fusermount3: no luck: %s\n", strerror(EACCES)); return 1; }
            char data = 0;
            struct iovec vector = { &data, 1 };
            char control[CMSG_SPACE(64 * sizeof(int))] = { 0 };
            struct msghdr message = { 0 };
            message.msg_iov = &vector;
            message.msg_iovlen = 1;
            if (count > 0) {
                message.msg_control = control;
                message.msg_controllen = CMSG_SPACE(count * sizeof(int));
                struct cmsghdr *header = CMSG_FIRSTHDR(&message);
                header->cmsg_level = SOL_SOCKET;
                header->cmsg_type = SCM_RIGHTS;
                header->cmsg_len = CMSG_LEN(count * sizeof(int));
                for (int i = 0; i < count; i++) ((int *)CMSG_DATA(header))[i] = file;
            }
            return sendmsg(atoi(getenv("_FUSE_COMMFD")), &message, 0) == 1 ? 0 : 2;
        }
        """;

    private readonly TempDirectory _directory = new();

    /// <param name="descriptorCount">How many to hand over: 0 fails with words, -1 sends a byte without any.</param>
    public FakeFusermount(int descriptorCount)
    {
        File.WriteAllText(_directory.File("fake.c"), Source);
        ProgramRun? run = ProgramRun.Start("gcc", "-D_GNU_SOURCE", "-w", "-o", _directory.File("fake"), _directory.File("fake.c"));
        Assert.True(run is { ExitCode: 0 }, run?.Errors);
        string script = $"#!/bin/sh\nFAKE_COUNT={descriptorCount} exec {_directory.File("fake")} \"$@\"\n";
        File.WriteAllText(Path, script);
        File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    public string Path => _directory.File("fusermount3");

    public string ArgumentsPath => _directory.File("fake.arguments");

    public void Dispose() => _directory.Dispose();
}
