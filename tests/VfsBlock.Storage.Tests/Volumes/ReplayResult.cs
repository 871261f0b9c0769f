namespace VfsBlock.Storage.Tests.Volumes;

/// <summary>Everything that is in a volume's tree and counters.</summary>
internal sealed record ReplayResult(string Text)
{
    /// <summary>Only the beginning: nobody reads it all.</summary>
    public override string ToString() => Text[..Math.Min(Text.Length, 200)];
}
