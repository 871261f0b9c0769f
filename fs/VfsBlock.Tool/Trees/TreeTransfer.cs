namespace VfsBlock.Tool;

/// <summary>Moves a tree from a source to a sink.</summary>
internal static class TreeTransfer
{
    /// <summary>Moves it.</summary>
    /// <exception cref="ToolException">It could not be done to the end, or was interrupted.</exception>
    public static void Run(ITreeSource source, ITreeSink sink, TransferReport report, Interruption interruption)
    {
        foreach (TreeEntry entry in source.Read())
        {
            interruption.ThrowIfRaised();
            sink.Add(entry);
            report.EntryCount++;
        }

        interruption.ThrowIfRaised();
        sink.Finish();
    }
}
