using System.Runtime.InteropServices;
using VfsBlock.Interop;

namespace VfsBlock.Fuse;

/// <summary>What may follow the names of a request that creates a file: security labels, groups of the caller.</summary>
/// <remarks>
/// Source: struct fuse_ext_header of linux/fuse.h and get_create_ext() of fs/fuse/dir.c. Points into the request;
/// allocates nothing. Everything was checked when it was read.
/// </remarks>
public readonly ref struct FuseRequestExtensions
{
    private const int HeaderBytes = 8;
    private readonly ReadOnlySpan<byte> _labels;
    private readonly uint _labelCount;

    private FuseRequestExtensions(ReadOnlySpan<byte> labels, uint labelCount, ReadOnlySpan<uint> groups)
    {
        _labels = labels;
        _labelCount = labelCount;
        SupplementaryGroups = groups;
    }

    /// <summary>The caller's supplementary groups, as far as the kernel found them to matter.</summary>
    public ReadOnlySpan<uint> SupplementaryGroups { get; }

    /// <summary>The security labels that the new file shall have, from the first one on.</summary>
    public FuseSecurityLabels SecurityLabels => new(_labels, _labelCount);

    /// <summary>Reads and checks the extensions of a request.</summary>
    /// <param name="bytes">All of them.</param>
    /// <param name="extensions">What they say. Kinds that this version does not know are passed over.</param>
    /// <returns>EIO if they do not add up.</returns>
    internal static Errno Read(ReadOnlySpan<byte> bytes, out FuseRequestExtensions extensions)
    {
        ReadOnlySpan<byte> labels = default;
        uint labelCount = 0;
        ReadOnlySpan<uint> groups = default;
        extensions = default;
        while (!bytes.IsEmpty)
        {
            if (!TryTake(ref bytes, out FuseExtensionHeader header, out ReadOnlySpan<byte> content))
            {
                return Errno.EIO;
            }

            if (header.Type <= FuseExtensionType.MaxSecurityContextCount)
            {
                labels = content;
                labelCount = (uint)header.Type;
            }
            else if (header.Type == FuseExtensionType.SupplementaryGroups && !TryReadGroups(content, out groups))
            {
                return Errno.EIO;
            }
        }

        extensions = new FuseRequestExtensions(labels, labelCount, groups);
        return CheckLabels(extensions.SecurityLabels);
    }

    private static bool TryTake(scoped ref ReadOnlySpan<byte> bytes, out FuseExtensionHeader header, out ReadOnlySpan<byte> content)
    {
        content = default;
        if (!MemoryMarshal.TryRead(bytes, out header) || header.Size < HeaderBytes || header.Size > bytes.Length)
        {
            return false;
        }

        content = bytes[HeaderBytes..(int)header.Size];
        bytes = bytes[Math.Min(FuseProtocol.AlignRecord((int)header.Size), bytes.Length)..];
        return true;
    }

    private static bool TryReadGroups(ReadOnlySpan<byte> content, out ReadOnlySpan<uint> groups)
    {
        groups = default;
        if (!MemoryMarshal.TryRead(content, out FuseSupplementaryGroups head))
        {
            return false;
        }

        ReadOnlySpan<uint> room = MemoryMarshal.Cast<byte, uint>(content[sizeof(uint)..]);
        if (head.Count > room.Length)
        {
            return false;
        }

        groups = room[..(int)head.Count];
        return true;
    }

    private static Errno CheckLabels(FuseSecurityLabels labels)
    {
        while (labels.RemainingCount > 0)
        {
            if (labels.ReadNext(out _, out _) is var error and not Errno.None)
            {
                return error;
            }
        }

        return Errno.None;
    }
}
