namespace VfsBlock.Fuse.Tests;

/// <summary>One field of a struct of the protocol.</summary>
/// <param name="Name">Our name.</param>
/// <param name="Member">The kernel's name.</param>
/// <param name="OffsetBytes">Where it starts in the struct.</param>
internal sealed record AbiField(string Name, string Member, int OffsetBytes)
{
    public static AbiField Parse(string text)
    {
        string[] parts = text.Split('=', '@');
        return new AbiField(parts[0], parts[1], int.Parse(parts[2]));
    }
}
