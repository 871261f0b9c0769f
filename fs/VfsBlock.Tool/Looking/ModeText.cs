using VfsBlock.Storage;

namespace VfsBlock.Tool;

/// <summary>Modes and device numbers as ls(1) prints them. Stateless.</summary>
internal static class ModeText
{
    private const uint SetUserId = 0x800;
    private const uint SetGroupId = 0x400;
    private const uint Sticky = 0x200;

    /// <summary>The ten letters of a mode.</summary>
    public static string Of(InodeItem inode)
    {
        Span<char> text = stackalloc char[10];
        text[0] = LetterOf(inode.Type);
        const string Letters = "rwxrwxrwx";
        for (int bit = 0; bit < Letters.Length; bit++)
        {
            text[bit + 1] = (inode.Mode & (0x100U >> bit)) != 0 ? Letters[bit] : '-';
        }

        Mark(text, 3, inode.Mode & SetUserId, 's');
        Mark(text, 6, inode.Mode & SetGroupId, 's');
        Mark(text, 9, inode.Mode & Sticky, 't');
        return new string(text);
    }

    /// <summary>The type in a word, as find(1) and JSON readers want it.</summary>
    public static string TypeOf(InodeItem inode) => inode.Type switch
    {
        InodeType.Regular => "file",
        InodeType.Directory => "directory",
        InodeType.SymbolicLink => "symlink",
        InodeType.Fifo => "fifo",
        InodeType.Socket => "socket",
        InodeType.CharacterDevice => "char-device",
        _ => "block-device",
    };

    /// <summary>The major number of a device.</summary>
    public static uint Major(ulong device) => (uint)(((device >> 32) & 0xfffff000) | ((device >> 8) & 0xfff));

    /// <summary>The minor number of a device.</summary>
    public static uint Minor(ulong device) => (uint)(((device >> 12) & 0xffffff00) | (device & 0xff));

    /// <summary>A device number of its two parts, as makedev(3) packs it.</summary>
    public static ulong Device(ulong major, ulong minor) =>
        ((major & 0xfffff000) << 32) | ((major & 0xfff) << 8) | ((minor & 0xffffff00) << 12) | (minor & 0xff);

    private static char LetterOf(InodeType type) => type switch
    {
        InodeType.Regular => '-',
        InodeType.Directory => 'd',
        InodeType.SymbolicLink => 'l',
        InodeType.Fifo => 'p',
        InodeType.Socket => 's',
        InodeType.CharacterDevice => 'c',
        _ => 'b',
    };

    private static void Mark(Span<char> text, int at, uint isSet, char letter)
    {
        if (isSet != 0)
        {
            text[at] = text[at] == 'x' ? letter : char.ToUpperInvariant(letter);
        }
    }
}
