using VfsBlock.Interop;

namespace VfsBlock.Fuse;

/// <summary>The session's answer to INIT, worked out from the kernel's offer and our own wishes alone.</summary>
/// <param name="Error">None, or EPROTO for a kernel that we cannot talk to.</param>
/// <param name="BodyLengthBytes">Bytes of the reply: older kernels know shorter ones.</param>
/// <param name="Agreement">
/// What is in force. Null if there is none: the kernel is refused, or it is to ask again with our major version.
/// </param>
/// <param name="Refusal">Why the kernel is refused.</param>
internal readonly record struct FuseHandshake(
    Errno Error, int BodyLengthBytes, FuseAgreement? Agreement = null, string? Refusal = null)
{
    /// <summary>The oldest minor whose structs are ours: 7.12 (Linux 2.6.31).</summary>
    public const uint OldestMinor = 12;

    private const int PageBytes = 4096;

    /// <summary>What only other transports can keep: to agree would leave the kernel waiting for them.</summary>
    private const FuseInitFlags BeyondTheDevice =
        FuseInitFlags.OverIoUring | FuseInitFlags.HasIoUringBufferPool | FuseInitFlags.Passthrough;

    /// <summary>Answers an offer.</summary>
    /// <param name="init">The offer; zero in what an old kernel did not send.</param>
    /// <param name="options">Our wishes.</param>
    /// <param name="servesOpen">Whether the file system answers OPEN itself.</param>
    /// <param name="reply">The reply's body, filled in; zeroed before.</param>
    public static FuseHandshake Answer(
        in FuseInitIn init, FuseSessionOptions options, bool servesOpen, ref FuseInitOut reply)
    {
        reply.Major = FuseProtocol.Major;
        reply.Minor = Math.Min(init.Minor, FuseProtocol.Minor);
        if (init.Major > FuseProtocol.Major)
        {
            // The protocol's way: name our major and be asked again with it.
            reply.Minor = FuseProtocol.Minor;
            return new FuseHandshake(Errno.None, FuseProtocol.CompatInitOutBytes);
        }

        if (init.Major < FuseProtocol.Major || init.Minor < OldestMinor)
        {
            return Refuse(
                $"the kernel speaks FUSE {init.Major}.{init.Minor}, older than 7.{OldestMinor}; use Linux 2.6.31 or newer");
        }

        FuseAgreement agreement = Agree(init, options, servesOpen);
        Fill(ref reply, agreement, options);
        return new FuseHandshake(Errno.None, FuseOpcodeLayout.InitReplyBytes(init.Minor), agreement);
    }

    private static FuseAgreement Agree(in FuseInitIn init, FuseSessionOptions options, bool servesOpen)
    {
        FuseInitFlags offered = init.Offered();
        FuseInitFlags flags = options.WantedFlags & offered & ~BeyondTheDevice;
        if (!servesOpen)
        {
            flags &= ~FuseInitFlags.AtomicOpenTruncate;
        }

        if (!flags.HasFlag(FuseInitFlags.InitExtension))
        {
            // Without it the kernel ignores the high half, so nothing in it is in force.
            flags &= (FuseInitFlags)uint.MaxValue;
        }

        int maxPagesBytes = flags.HasFlag(FuseInitFlags.MaxPages)
            ? options.MaxWriteBytes
            : FuseProtocol.DefaultMaxPages * PageBytes;
        int maxWriteBytes = Math.Min(options.MaxWriteBytes, maxPagesBytes);
        return new FuseAgreement(
            init.Minor,
            Math.Min(init.Minor, FuseProtocol.Minor),
            offered,
            flags,
            flags.HasFlag(FuseInitFlags.BigWrites) ? maxWriteBytes : Math.Min(maxWriteBytes, PageBytes))
        {
            MaxReadBytes = maxPagesBytes,
            MaxReadaheadBytes = (int)Math.Min(init.MaxReadahead, (uint)options.MaxReadaheadBytes),
            MaxBackground = options.MaxBackground,
            CongestionThreshold = options.CongestionThreshold,
        };
    }

    private static void Fill(ref FuseInitOut reply, FuseAgreement agreement, FuseSessionOptions options)
    {
        reply.MaxReadahead = (uint)agreement.MaxReadaheadBytes;
        reply.FlagsLow = agreement.Flags.Low();
        reply.FlagsHigh = agreement.Flags.High();
        reply.MaxBackground = (ushort)agreement.MaxBackground;
        reply.CongestionThreshold = (ushort)agreement.CongestionThreshold;
        reply.MaxWrite = (uint)options.MaxWriteBytes;
        reply.TimeGranularity = 1;
        reply.MaxPages = (ushort)(options.MaxWriteBytes / PageBytes);
    }

    private static FuseHandshake Refuse(string why) => new(Errno.EPROTO, 0, Refusal: why);
}
