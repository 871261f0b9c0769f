using System.Runtime.InteropServices;

namespace VfsBlock.Storage;

/// <summary>A name as one of its two ends tells it: the directory that lists it, or the inode that has it.</summary>
/// <param name="Child">The inode that has the name.</param>
/// <param name="Parent">The directory.</param>
/// <param name="Sub">The sub key of the name's item in the directory.</param>
/// <param name="Type">What the directory says, or what the inode is; 0 if there is no such inode.</param>
/// <param name="Side">0: the directory told it; 1: the inode did.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct NameRecord(ulong Child, ulong Parent, ulong Sub, uint Type, uint Side) : IComparable<NameRecord>
{
    public const uint FromDirectory = 0;
    public const uint FromInode = 1;

    public bool IsSameName(in NameRecord other) => Child == other.Child && Parent == other.Parent && Sub == other.Sub;

    public int CompareTo(NameRecord other) =>
        Child != other.Child ? Child.CompareTo(other.Child)
        : Parent != other.Parent ? Parent.CompareTo(other.Parent)
        : Sub != other.Sub ? Sub.CompareTo(other.Sub)
        : Side != other.Side ? Side.CompareTo(other.Side)
        : Type.CompareTo(other.Type);
}
