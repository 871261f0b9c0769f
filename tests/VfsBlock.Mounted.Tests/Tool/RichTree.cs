using VfsBlock.TestKit;

namespace VfsBlock.Mounted.Tests;

/// <summary>A tree with one of everything that a transfer must keep, and what the system's own programs say of a tree, to compare.</summary>
internal static class RichTree
{
    // What every user can make.
    private const string Plain = """
        mkdir -p d/e empty
        printf hello >d/file && ln d/file d/e/hard && ln -s ../file d/e/soft && ln -s /nowhere dangling && mkfifo pipe && : >zero
        dd if=/dev/urandom of=big bs=1000003 count=3 status=none
        truncate -s 10M sparse && printf start | dd of=sparse conv=notrunc status=none
        printf x | dd of=sparse bs=1 seek=5000000 conv=notrunc status=none
        truncate -s 1M hole
        printf n >"$(printf 'bad\377name')" && printf n >"$(printf 'new\nline')" && printf n >' @blank ' && printf n >-dash
        long=$(printf 'l%.0s' $(seq 1 200))
        mkdir -p $long/$long && echo long >$long/$long/$long && ln -s $long/$long/$long longlink
        chmod 640 d/file && chmod 6751 big && chmod 1777 empty
        """;

    private const string OfRoot = """
        mknod null c 1 3 && mknod block b 259 1048575 && chown 1234:4321 d/file && chown -h 77:88 d/e/soft && chown 4000000000:3000000 big && chmod 6751 big
        """;

    // Some systems have no user attributes on their temporary file system.
    private const string Attributes = """
        if setfattr -n user.try -v 1 zero 2>/dev/null; then
          setfattr -x user.try zero && setfattr -n user.binary -v 0x00ff3d0a d/file && setfattr -n user.a=b%3D -v x d
          [ "$(id -u)" -ne 0 ] || setfattr -n trusted.t -v y d/file
        fi
        if command -v setfacl && setfacl -m u:1234:rx,g:99:r d/file; then setfacl -d -m u:1234:rwx d/e; fi
        """;

    private const string Times = """
        touch -h -d '1969-12-31 12:34:56.123456789' d/file && touch -d '2040-01-02 03:04:05.000000001' big && touch -h -d '2001-02-03 04:05:06.7' dangling
        touch -d '2010-01-01 1:2:3.4' d/e && touch -d '2011-01-01 1:2:3.999999999' d .
        """;

    // A directory's size and link count are its file system's affair.
    private const string Description = """
        find . -printf '%p %y %m %U %G %T@ %l ' \( -type d -printf '\n' -o -printf '%n %s\n' \) | LC_ALL=C sort
        find . \( -type b -o -type c \) -exec stat -c '%n %t %T' {} + | LC_ALL=C sort
        find . -type f -exec sha256sum {} + | LC_ALL=C sort
        if command -v getfattr >/dev/null; then getfattr -R -d -h -m- -e hex . 2>/dev/null; fi
        """;

    /// <summary>Makes it in a directory that is there.</summary>
    public static void Make(string directory)
    {
        bool isRoot = MountSupport.MayMount && Environment.IsPrivilegedProcess;
        Shell.Script(directory, $"{Plain}\n{(isRoot ? OfRoot : "")}\n{Attributes}\n{Times}");
    }

    /// <summary>All that can be asked of a tree: names, types, permissions, owners, times, links, sizes, data, attributes.</summary>
    public static string Describe(string directory) => Shell.Script(directory, Description);

    /// <summary>Removes a directory with such a tree in it: .NET cannot, since it makes text of names.</summary>
    public static void Remove(TempDirectory directory)
    {
        Shell.Run("rm", "-rf", directory.Path);
        directory.Dispose();
    }

    /// <summary>Bytes that a file takes.</summary>
    public static long SpaceBytes(string path) => Posix.Stat(path).st_blocks * 512;
}
