namespace Tmds.Fuse;

/// <summary>Flags of <see cref="IFuseFileSystem.ReadDir"/>; there are none.</summary>
public enum ReadDirFlags
{
}
