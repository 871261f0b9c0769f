using System.Runtime.InteropServices;

namespace VfsBlock.Interop.Native;

internal static unsafe partial class Libc
{
    /// <summary>MSG_CTRUNC: the control buffer was too small and descriptors were dropped.</summary>
    public const int ControlTruncated = 0x8;

    /// <summary>MSG_CMSG_CLOEXEC: received descriptors are closed on exec from their first moment.</summary>
    public const int ReceiveCloseOnExec = 0x4000_0000;

    private const int UnixDomain = 1;
    private const int StreamCloseOnExec = 1 | 0x8_0000;

    /// <summary>socketpair(2): two connected AF_UNIX stream sockets, closed on exec.</summary>
    public static int SocketPair(int* descriptors) => Fold(socketpair(UnixDomain, StreamCloseOnExec, 0, descriptors));

    /// <summary>recvmsg(2): data, and the descriptors that came with it.</summary>
    public static long ReceiveMessage(int socket, MessageHeader* message, int flags) =>
        Fold(recvmsg(socket, message, flags));

    [LibraryImport(Library, SetLastError = true)]
    private static partial int socketpair(int domain, int type, int protocol, int* sv);

    [LibraryImport(Library, SetLastError = true)]
    private static partial long recvmsg(int sockfd, MessageHeader* msg, int flags);
}
