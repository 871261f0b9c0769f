using VfsBlock.Interop.Native;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Fuse.Tests;

public sealed class NativeLayoutTests
{
    [HeadersFact("sys/socket.h")]
    public void SocketStructures_Layout_IsTheSystemHeaders()
    {
        SystemHeaders.AssertLayout<MessageHeader>(
            "sys/socket.h",
            "struct msghdr",
            (nameof(MessageHeader.Name), "msg_name"),
            (nameof(MessageHeader.NameLengthBytes), "msg_namelen"),
            (nameof(MessageHeader.Vectors), "msg_iov"),
            (nameof(MessageHeader.VectorCount), "msg_iovlen"),
            (nameof(MessageHeader.Control), "msg_control"),
            (nameof(MessageHeader.ControlLengthBytes), "msg_controllen"),
            (nameof(MessageHeader.Flags), "msg_flags"));
        SystemHeaders.AssertLayout<ControlMessageHeader>(
            "sys/socket.h",
            "struct cmsghdr",
            (nameof(ControlMessageHeader.LengthBytes), "cmsg_len"),
            (nameof(ControlMessageHeader.Level), "cmsg_level"),
            (nameof(ControlMessageHeader.Type), "cmsg_type"));
    }

    [HeadersFact("poll.h")]
    public void PollDescriptor_Layout_IsTheSystemHeaders() => SystemHeaders.AssertLayout<PollDescriptor>(
        "poll.h",
        "struct pollfd",
        (nameof(PollDescriptor.FileDescriptor), "fd"),
        (nameof(PollDescriptor.Asked), "events"),
        (nameof(PollDescriptor.Reported), "revents"));

    [HeadersFact("spawn.h")]
    public void SpawnActionsBytes_Room_IsEnough() =>
        Assert.InRange(SystemHeaders.Ask(["spawn.h"], ["sizeof(posix_spawn_file_actions_t)"]).Values.Single(), 1, Libc.SpawnActionsBytes);
}
