using VfsBlock.Interop;

namespace VfsBlock.Tool;

/// <summary>What is in a file: runs of data between holes. It is asked from its beginning to its end, since it may come from a pipe.</summary>
internal interface IEntryData
{
    /// <summary>Finds the next run of data.</summary>
    /// <param name="offsetBytes">Where to look from: not before what was found or read last.</param>
    /// <param name="startBytes">Where the run begins.</param>
    /// <param name="endBytes">Where it ends; it is not empty.</param>
    /// <returns>ENXIO if there is no more.</returns>
    Errno NextRun(long offsetBytes, out long startBytes, out long endBytes);

    /// <summary>Reads bytes of a run.</summary>
    IoResult Read(long offsetBytes, Span<byte> buffer);
}
