using Microsoft.Extensions.Logging;

namespace VfsBlock.Fuse;

/// <summary>Every sentence a session logs, in one place.</summary>
internal static partial class FuseLog
{
    [LoggerMessage(1, LogLevel.Information, "Serving: {Agreement}")]
    public static partial void Agreed(this ILogger logger, FuseAgreement agreement);

    [LoggerMessage(3, LogLevel.Error, "{Opcode} of node {Node} (request {Unique}) threw; the caller gets EIO.")]
    public static partial void OperationThrew(
        this ILogger logger, Exception exception, FuseOpcode opcode, NodeId node, ulong unique);

    [LoggerMessage(4, LogLevel.Error, "{Method} of the file system threw.")]
    public static partial void CallbackThrew(this ILogger logger, Exception exception, string method);

    [LoggerMessage(5, LogLevel.Error, "{Opcode} of node {Node} (request {Unique}) answered {Answer}, which the kernel must not see; it gets {Sent}.")]
    public static partial void AnswerReplaced(
        this ILogger logger, FuseOpcode opcode, NodeId node, ulong unique, string answer, string sent);

    [LoggerMessage(6, LogLevel.Error, "{Opcode} of node {Node} (request {Unique}) counted {ByteCount} bytes where the caller has room for {RoomBytes}; the caller gets EIO.")]
    public static partial void ReplyTooLong(
        this ILogger logger, FuseOpcode opcode, NodeId node, ulong unique, int byteCount, int roomBytes);

    [LoggerMessage(7, LogLevel.Error, "The kernel refused the reply to {Opcode} of node {Node} (request {Unique}): {Error}.")]
    public static partial void ReplyRefused(
        this ILogger logger, FuseOpcode opcode, NodeId node, ulong unique, string error);

    [LoggerMessage(8, LogLevel.Warning, "A malformed request: opcode {Opcode}, {LengthBytes} bytes, request {Unique}; the caller gets EIO.")]
    public static partial void Malformed(this ILogger logger, FuseOpcode opcode, int lengthBytes, ulong unique);

    [LoggerMessage(9, LogLevel.Warning, "The kernel asks for opcode {Opcode}, which this server does not know; answered ENOSYS, now and later.")]
    public static partial void UnknownOpcode(this ILogger logger, uint opcode);

    [LoggerMessage(10, LogLevel.Warning, "{Opcode} of node {Node} (request {Unique}, thread {ProcessId} of user {UserId}) has not been answered for {ElapsedMs} ms.")]
    public static partial void SlowRequest(
        this ILogger logger, FuseOpcode opcode, NodeId node, ulong unique, uint processId, uint userId, long elapsedMs);

    [LoggerMessage(11, LogLevel.Critical, "The session ends: {Reason}.")]
    public static partial void SessionFailed(this ILogger logger, Exception? exception, string reason);

    [LoggerMessage(12, LogLevel.Debug, "Serving thread {Index} cannot be tied to CPU {Cpu}: {Error}.")]
    public static partial void NotPinned(this ILogger logger, int index, int cpu, string error);

    [LoggerMessage(13, LogLevel.Debug, "Serving thread {Index} shares the first thread's descriptor: cloning failed with {Error}.")]
    public static partial void NotCloned(this ILogger logger, int index, string error);

    [LoggerMessage(14, LogLevel.Error, "The session stopped without waiting any longer for {Count} requests: {Requests}.")]
    public static partial void LeftBehind(this ILogger logger, int count, string requests);

    [LoggerMessage(15, LogLevel.Warning, "Unmounting {MountPoint} failed: {Error}.")]
    public static partial void UnmountFailed(this ILogger logger, string mountPoint, string error);

    [LoggerMessage(16, LogLevel.Error, "The connection of {MountPoint} cannot be cut ({Error}), nor can it be unmounted: {Reason}. Kill this process.")]
    public static partial void AbortFailed(this ILogger logger, string mountPoint, string error, string reason);
}
